import type { Cell } from '../domain/estate.ts';
import { chooseMoment, parseMoment } from '../domain/recovery.ts';
import { OpsError } from '../errors.ts';
import { refuseOldOriginals, servingStores } from '../playbooks/serving-stores.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { MessageContent } from '../ports/chat.ts';
import { type Asking, requestRun } from './request-run.ts';

/** Azure answers how new a backup is by an operation, one a container. */
const rangesDeadlineMs = 25_000;

/** The restore points of the stores that a cell works on, and how they stand to what the estate file names. */
export async function restorePoints(azure: AzurePorts, cell: Cell) {
  const signal = AbortSignal.timeout(rangesDeadlineMs);
  const { cell: serving, stores } = await servingStores(cell, azure, signal);
  return { stores, findings: await azure.recovery.ranges(serving, signal) };
}

/** Asks for a recovery. `latest` becomes the moment that it is now, so that the plan stays what was approved. */
export async function requestRecovery(
  asking: Asking,
  azure: AzurePorts | undefined,
  cell: Cell,
  wanted: { readonly at: string; readonly for?: string; readonly reason: string },
): Promise<MessageContent> {
  const typed = parseMoment(wanted.at);
  const at = typed === 'latest' ? await latestMoment(needed(azure), cell) : typed;
  return requestRun(asking, 'recover-cell', {
    cell: cell.name,
    at,
    reason: wanted.reason,
    ...(wanted.for !== undefined && { for: wanted.for }),
  });
}

async function latestMoment(azure: AzurePorts, cell: Cell): Promise<string> {
  const signal = AbortSignal.timeout(rangesDeadlineMs);
  await refuseOldOriginals(cell, azure, signal);
  return chooseMoment(await azure.recovery.ranges(cell, signal), 'latest');
}

export function needed(azure: AzurePorts | undefined): AzurePorts {
  if (azure) return azure;
  throw new OpsError('misconfigured', 'Azure is not configured, so there is nothing to restore.', {
    hint: 'Whoever runs Stamps sets `AZURE_SUBSCRIPTION_ID` and starts it again.',
  });
}
