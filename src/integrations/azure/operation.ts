import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { OperationStatus, WriteReceipt } from '../../ports/resource-kind.ts';
import { type Arm, type ArmAnswer, ownUrl } from './arm.ts';
import { oneLine } from './error-facts.ts';
import { retryAfterMs } from './retry-after.ts';

/** What a receipt holds: which address tells how a write goes on. `resource`: the resource's own provisioning state. */
const operationSchema = z.strictObject({ via: z.enum(['status', 'location', 'resource']), url: z.url() });
type Operation = z.infer<typeof operationSchema>;

const problem = z.looseObject({ code: z.string().optional(), message: z.string().optional() });
const statusSchema = z.looseObject({
  status: z.string().optional(),
  error: problem.nullish(),
  properties: z.looseObject({ provisioningState: z.string().optional() }).nullish(),
});

/** Receipts are at most 4 KB (ports/resource-kind.ts). */
const longestReceipt = 4_096;
/** Where Azure does not say when to look again. */
const defaultPollMs = 2_000;

/** Every other state means that Azure is still at work (Azure Resource Manager, “Track asynchronous operations”). */
export function isTerminal(state: string | undefined): boolean {
  return state === undefined || /^(succeeded|failed|cancell?ed)$/i.test(state);
}

/**
 * How a write that Azure accepted can be followed, by any process; undefined when it is done. In Azure's order:
 * Azure-AsyncOperation, Location, the resource itself. An address on another host is never followed: the resource
 * itself tells as much.
 */
export function operationOf(
  answer: ArmAnswer,
  arm: Arm,
  resource: { path: string; apiVersion: string },
): string | undefined {
  const offered: readonly [Operation['via'], string | undefined][] = [
    ['status', answer.header('azure-asyncoperation')],
    ['location', answer.status === 200 ? undefined : answer.header('location')],
  ];
  for (const [via, url] of offered) {
    const receipt = JSON.stringify({ via, url });
    if (url !== undefined && receipt.length <= longestReceipt && isOwn(url, arm.origin)) return receipt;
  }
  const state = statusSchema.safeParse(answer.body).data?.properties?.provisioningState;
  if (answer.status !== 202 && isTerminal(state)) return undefined;
  const url = new URL(resource.path, arm.origin);
  url.searchParams.set('api-version', resource.apiVersion);
  return JSON.stringify({ via: 'resource', url: url.href } satisfies Operation);
}

/** What a write answers with: how to follow it, or nothing where it is done. */
export function receipt(operation: string | undefined): WriteReceipt {
  return operation === undefined ? {} : { operation };
}

/** One look at a write that goes on. Throws `not-found` when Azure no longer knows it. */
export async function pollOperation(
  arm: Arm,
  receipt: string,
  signal: AbortSignal,
  now: number,
): Promise<OperationStatus> {
  const { via, url } = readReceipt(receipt);
  const answer = await arm.follow(url, signal);
  const body = answer.body === undefined ? {} : statusSchema.parse(answer.body);
  const state = via === 'status' ? (body.status ?? 'InProgress') : (body.properties?.provisioningState ?? body.status);
  if (answer.status === 202 || !isTerminal(state)) {
    return { state: 'running', retryAfterMs: retryAfterMs((name) => answer.header(name), now) ?? defaultPollMs };
  }
  if (state === undefined || /^succeeded$/i.test(state)) return { state: 'succeeded' };
  return { state: 'failed', says: explained(state, body.error) };
}

function explained(state: string, error: z.infer<typeof problem> | null | undefined): string {
  const words = [oneLine(error?.message ?? ''), error?.code === undefined ? undefined : `(${error.code})`];
  return words.filter((word) => word !== undefined).join(' ') || `the operation ended as ${state}`;
}

function readReceipt(receipt: string): Operation {
  try {
    return operationSchema.parse(JSON.parse(receipt));
  } catch (cause) {
    throw new OpsError('bad-response', 'The record of a change at Azure cannot be read, so it cannot be followed.', {
      hint: 'Retry: what is there now is compared before anything is written.',
      service: 'Azure',
      cause,
    });
  }
}

function isOwn(url: string, origin: string): boolean {
  try {
    return ownUrl(url, origin) !== undefined;
  } catch {
    return false;
  }
}
