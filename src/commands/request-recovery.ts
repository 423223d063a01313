import type { Cell } from '../domain/estate.ts';
import { chooseMoment, parseMoment } from '../domain/recovery.ts';
import { OpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { MessageContent } from '../ports/chat.ts';
import { type Asking, requestRun } from './request-run.ts';

/** Azure answers how new a backup is by an operation, one a container. */
export const rangesDeadlineMs = 25_000;

/** Asks for a recovery. `latest` becomes the moment that it is now, so that the plan stays what was approved. */
export async function requestRecovery(
  asking: Asking,
  azure: AzurePorts | undefined,
  cell: Cell,
  wanted: { readonly at: string; readonly for?: string; readonly reason: string },
): Promise<MessageContent> {
  const typed = parseMoment(wanted.at);
  const at =
    typed === 'latest'
      ? chooseMoment(await needed(azure).recovery.ranges(cell, AbortSignal.timeout(rangesDeadlineMs)), typed)
      : typed;
  return requestRun(asking, 'recover-cell', {
    cell: cell.name,
    at,
    reason: wanted.reason,
    ...(wanted.for !== undefined && { for: wanted.for }),
  });
}

export function needed(azure: AzurePorts | undefined): AzurePorts {
  if (azure) return azure;
  throw new OpsError('misconfigured', 'Azure is not configured, so there is nothing to restore.', {
    hint: 'Whoever runs Stamps sets `AZURE_SUBSCRIPTION_ID` and starts it again.',
  });
}
