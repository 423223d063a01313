import { ArmFault } from './arm-fault.ts';
import type { Operation } from './operations.ts';
import type { ArmCall, ArmReply, Route } from './route.ts';

/** What is at work on a resource, by the operations that it is one of. */
const running = new WeakMap<object, Map<string, Operation>>();

const longestRetryAfter = 10;

interface Work {
  /** Only one such work at a time is taken on it. */
  readonly resource: string;
  /** `Microsoft.Sql`. */
  readonly provider: string;
  readonly region: string;
  readonly takesMs: number;
  /** Does it; false: it could not be done. */
  onEnd(): boolean;
  /** Takes back what was begun, when somebody lets it fail. */
  onFailure?(): void;
}

/**
 * 202 with `Azure-AsyncOperation` and `Retry-After` (MicrosoftDocs, “Track asynchronous operations”); 409 while another
 * such work is going on at the resource.
 */
export function accepted({ estate, faults, now, origin, path, apiVersion }: ArmCall, work: Work): ArmReply {
  const atWork = running.get(estate.operations) ?? new Map<string, Operation>();
  running.set(estate.operations, atWork);
  if (atWork.get(work.resource)?.status === 'InProgress') {
    throw new ArmFault(409, 'OperationInProgress', `Another operation is in progress on ${work.resource}.`);
  }
  let done = false;
  const operation = estate.operations.start(
    {
      takesMs: work.takesMs,
      fails: faults.takeFailure(),
      onEnd: (succeeded) => {
        done = succeeded && work.onEnd();
        if (!succeeded) work.onFailure?.();
        estate.changed();
        return { done };
      },
    },
    now,
  );
  atWork.set(work.resource, operation);
  const where = `${origin}/subscriptions/${path.subscription}/providers/${work.provider}/locations/${work.region}`;
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': `${where}/azureAsyncOperation/${operation.id}?api-version=${apiVersion}`,
      'retry-after': retryAfter(work.takesMs),
    },
  };
}

/** Of work that takes so long, in whole seconds; 0 lets tests with quick work be quick. */
export function retryAfter(takesMs: number): string {
  return String(Math.min(longestRetryAfter, Math.floor(takesMs / 2000)));
}

/** How such work goes on; while it does, with when to look again. */
export function statusRoute(provider: string, says: string): Route {
  return {
    on: `GET ${provider.toLowerCase()}/locations/azureasyncoperation`,
    since: '2015-01-01',
    run({ estate, faults, path }) {
      const operation = estate.operations.find(path.names[1] ?? '');
      if (!operation) throw new ArmFault(404, 'OperationNotFound', `Operation ${path.names[1]} was not found.`);
      if (operation.status === 'InProgress') {
        const headers = { 'retry-after': retryAfter(faults.gatewayDelayMs) };
        return { status: 200, headers, body: { status: 'InProgress' } };
      }
      const done = (operation.result as { done?: boolean } | undefined)?.done === true;
      return {
        status: 200,
        body: done ? { status: 'Succeeded' } : { status: 'Failed', error: { code: 'OperationFailed', message: says } },
      };
    },
  };
}
