import { ArmFault } from './arm-fault.ts';
import type { ArmCall, ArmReply, Route } from './route.ts';

interface Work {
  /** `Microsoft.Sql`. */
  readonly provider: string;
  readonly region: string;
  readonly takesMs: number;
  /** Does it; false: it could not be done. */
  onEnd(): boolean;
}

/** 202 with `Azure-AsyncOperation` and `Retry-After` (MicrosoftDocs, “Track asynchronous operations”). */
export function accepted({ estate, faults, now, origin, path, apiVersion }: ArmCall, work: Work): ArmReply {
  let done = false;
  const operation = estate.operations.start(
    {
      takesMs: work.takesMs,
      fails: faults.takeFailure(),
      onEnd: (succeeded) => {
        done = succeeded && work.onEnd();
        estate.changed();
        return { done };
      },
    },
    now,
  );
  const where = `${origin}/subscriptions/${path.subscription}/providers/${work.provider}/locations/${work.region}`;
  return {
    status: 202,
    headers: {
      'azure-asyncoperation': `${where}/azureAsyncOperation/${operation.id}?api-version=${apiVersion}`,
      'retry-after': String(Math.floor(work.takesMs / 2000)),
    },
  };
}

/** How such work goes on. */
export function statusRoute(provider: string, says: string): Route {
  return {
    on: `GET ${provider.toLowerCase()}/locations/azureasyncoperation`,
    since: '2015-01-01',
    run({ estate, path }) {
      const operation = estate.operations.find(path.names[1] ?? '');
      if (!operation) throw new ArmFault(404, 'OperationNotFound', `Operation ${path.names[1]} was not found.`);
      if (operation.status === 'InProgress') return { status: 200, body: { status: 'InProgress' } };
      const done = (operation.result as { done?: boolean } | undefined)?.done === true;
      return {
        status: 200,
        body: done ? { status: 'Succeeded' } : { status: 'Failed', error: { code: 'OperationFailed', message: says } },
      };
    },
  };
}
