import { ResourceManagementClient } from '@azure/arm-resources';
import { createHttpHeaders, createPipelineRequest, type PipelinePolicy, RestError } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { OpsError } from '../../errors.ts';

/** One request to Azure Resource Manager. */
export interface ArmRequest {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
  /** A checked ARM id, with an action after it for a POST, and a query where a list takes one. */
  readonly path: string;
  readonly apiVersion: string;
  readonly body?: unknown;
  /** Sent as If-Match. */
  readonly etag?: string | undefined;
}

export interface ArmAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when there is no body. */
  readonly body: unknown;
  header(name: string): string | undefined;
}

/** Any resource by its id, its JSON untouched. Answers outside 2xx are thrown as the SDK's RestError. */
export interface Arm {
  /** `https://management.azure.com` */
  readonly origin: string;
  send(request: ArmRequest, signal: AbortSignal): Promise<ArmAnswer>;
  /** Looks at an address that ARM gave out for a long-running operation; throws `bad-response` for any other host. */
  follow(url: string, signal: AbortSignal): Promise<ArmAnswer>;
}

const errorBody = z.object({ error: z.object({ code: z.string().optional(), message: z.string().optional() }) });

/** What all ARM clients share: tries and redirects are ours to decide, and nothing is sent to another host. */
export function armOptions(armUrl: string) {
  const { origin } = new URL(armUrl);
  return {
    endpoint: origin,
    $host: origin,
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: onlyTo(origin), position: 'perCall' as const }],
  };
}

/** The pipeline of arm-resources (token, request id, TLS) without its models, which lose the fields they don't know. */
export function createArm(armUrl: string, credential: TokenCredential): Arm {
  const { origin } = new URL(armUrl);
  const client = new ResourceManagementClient(credential, armOptions(armUrl));

  type Content = Pick<ArmRequest, 'method' | 'body' | 'etag'>;
  const ask = async (url: URL, { method, body, etag }: Content, signal: AbortSignal): Promise<ArmAnswer> => {
    const headers = createHttpHeaders({ accept: 'application/json' });
    if (body !== undefined) headers.set('content-type', 'application/json; charset=utf-8');
    if (etag !== undefined) headers.set('if-match', etag);
    const request = createPipelineRequest({
      url: url.href,
      method,
      headers,
      abortSignal: signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await client.sendRequest(request);
    const text = response.bodyAsText?.trim();
    if (response.status < 200 || response.status > 299) {
      const { error } = errorBody.safeParse(tryJson(text)).data ?? {};
      throw new RestError(error?.message ?? '', {
        statusCode: response.status,
        request,
        response,
        ...(error?.code !== undefined && { code: error.code }),
      });
    }
    return {
      status: response.status,
      body: text ? JSON.parse(text) : undefined,
      header: (name: string) => response.headers.get(name),
    };
  };

  return {
    origin,
    send: ({ path, apiVersion, ...content }, signal) => {
      const url = new URL(path, origin);
      url.searchParams.set('api-version', apiVersion);
      return ask(url, content, signal);
    },
    follow: async (url, signal) => ask(ownUrl(url, origin), { method: 'GET' }, signal),
  };
}

/** Keeps a pipeline, and with it the token, to one origin, also for addresses that a response contains. */
function onlyTo(origin: string): PipelinePolicy {
  return {
    name: 'onlyToArm',
    sendRequest: async (request, next) => {
      ownUrl(request.url, origin);
      return next(request);
    },
  };
}

/** The URL, if it belongs to the origin. Throws `bad-response`. */
export function ownUrl(url: string, origin: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.origin === origin && parsed.username === '' && parsed.password === '') return parsed;
  throw new OpsError('bad-response', 'Azure’s answer points to another host; Stamps does not follow it there.', {
    hint: 'Check AZURE_RESOURCE_MANAGER_URL, and what stands between it and Stamps.',
    service: 'Azure',
  });
}

function tryJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
