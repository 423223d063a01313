import { LogsQueryClient } from '@azure/monitor-query-logs';
import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { LogsPort, LogValue } from '../../ports/monitor.ts';
import type { AzureContext } from './azure-context.ts';
import { oneLine } from './error-facts.ts';
import { withBindings } from './kql.ts';
import { createLanes } from './lanes.ts';
import { monitorOptions } from './monitor-options.ts';

/** Azure runs five queries of one user at once, and lets 200 more wait (“Azure Monitor service limits”). */
const queriesAtOnce = 5;

const tableSchema = z.looseObject({
  columnDescriptors: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.unknown())),
});
type Table = z.output<typeof tableSchema>;

export interface LogsConfig {
  /** `https://api.loganalytics.io` */
  readonly url: string;
  readonly workspaceId: string | undefined;
  /** How long Azure may work on a query; then it answers 504 (default there 180 s, at most 600). */
  readonly queryMs?: number;
}

/**
 * Log Analytics, by KQL. The SDK drops the abort signal, so a request that nobody waits for any more ends by its own
 * timeout and by the time that Azure is given for it.
 */
export function createLogs(
  { call, credential }: Pick<AzureContext, 'call' | 'credential'>,
  { url, workspaceId, queryMs = 8_000 }: LogsConfig,
): LogsPort {
  const client = new LogsQueryClient(credential, {
    endpoint: `${url.replace(/\/+$/, '')}/v1`,
    credentials: { scopes: [`${audienceOf(url)}/.default`] },
    ...monitorOptions,
  });
  const inLane = createLanes(queriesAtOnce);

  return {
    async query({ kql, bind, from, to }, signal) {
      if (workspaceId === undefined) {
        throw new OpsError('misconfigured', 'The estate file names no Log Analytics workspace, so no logs are known.', {
          hint: 'Add `logsWorkspaceId`, the workspace’s own id, to the estate file.',
        });
      }
      const text = withBindings(kql, bind);
      const timespan = { startTime: new Date(from), endTime: new Date(to) };
      try {
        // Whoever stands in line has the whole deadline for the query itself.
        return await inLane(() =>
          call.read('query the logs', signal, async () => {
            const result = await client.queryWorkspace(workspaceId, text, timespan, {
              serverTimeoutInSeconds: Math.ceil(queryMs / 1000),
              requestOptions: { timeout: queryMs + 2_000 },
            });
            const partial = result.status === 'PartialFailure';
            const [table] = z.array(tableSchema).parse(partial ? result.partialTables : result.tables);
            return {
              rows: table === undefined ? [] : rowsOf(table),
              ...(partial && {
                partial: oneLine(result.partialError.message) ?? 'Azure gave a part of the answer only.',
              }),
            };
          }),
        );
      } catch (error) {
        throw isOpsError(error) ? meaning(error) : error;
      }
    },
  };
}

/** What Log Analytics hides behind 400, 504 and their innermost code. */
function meaning(error: OpsError): OpsError {
  const { status, codes, says } = causeOf(error.cause);
  const table = /(?:table or column|table|scalar) (?:expression )?named '([\w.]{1,100})'/i.exec(says)?.[1];
  if (codes.includes('SEM0100') || table !== undefined) {
    return new OpsError('not-found', `The logs have no table or column ${table ?? 'that was asked for'}.`, {
      hint: 'Send that resource’s logs to the workspace: its diagnostic settings decide it.',
      service: 'Azure',
      cause: error,
    });
  }
  if (status === 504) {
    return new OpsError('timeout', 'The logs did not answer in time.', {
      hint: 'Ask for a shorter window, or try again in a minute.',
      service: 'Azure',
      cause: error,
    });
  }
  return error;
}

const causeSchema = z.looseObject({
  statusCode: z.coerce.number().optional(),
  message: z.string().optional(),
  details: z.unknown(),
});
interface Inner {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly error?: Inner;
  readonly innererror?: Inner;
}

function causeOf(cause: unknown): { status: number | undefined; codes: string[]; says: string } {
  const { statusCode, message, details } = causeSchema.safeParse(cause).data ?? {};
  const codes: string[] = [];
  const said: string[] = [message ?? ''];
  for (let inner = details as Inner | undefined; inner; inner = inner.error ?? inner.innererror) {
    codes.push(String(inner.code ?? ''));
    said.push(String(inner.message ?? ''));
  }
  return { status: statusCode, codes, says: said.join(' ') };
}

function rowsOf({ columnDescriptors, rows }: Table): Record<string, LogValue>[] {
  return rows.map((row) =>
    Object.fromEntries(columnDescriptors.map(({ name, type }, column) => [name, logValue(row[column], type)])),
  );
}

/** Azure writes a real that is no number as text: `NaN`, `Infinity`. */
function logValue(value: unknown, type: string): LogValue {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (['int', 'long', 'real', 'decimal'].includes(type)) {
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  }
  return value as LogValue;
}

/** Tokens are for the cloud's own service: `.io` in the public cloud. */
function audienceOf(url: string): string {
  const { hostname } = new URL(url);
  const known = ['api.loganalytics.azure.cn', 'api.loganalytics.us'].find((host) => host === hostname);
  return `https://${known ?? 'api.loganalytics.io'}`;
}
