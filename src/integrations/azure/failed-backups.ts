import { z } from 'zod';
import { isOpsError } from '../../errors.ts';
import type { FailedBackup, UpkeepPort } from '../../ports/upkeep.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';
import { translateError } from './translate-error.ts';

const vaultType = 'Microsoft.RecoveryServices/vaults';
const apiVersion = '2023-04-01';
const vault = z.looseObject({ id: z.string() });
const job = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    status: z.string(),
    operation: z.string().nullish(),
    entityFriendlyName: z.string().nullish(),
    startTime: z.string(),
    errorDetails: z.array(z.looseObject({ errorString: z.string().nullish() })).nullish(),
  }),
});

/** The failed jobs of every Recovery Services vault (learn.microsoft.com/rest/api/backup/backup-jobs/list). */
export function createFailedBackups({ arm, call, clock }: AzureContext): UpkeepPort['failedBackups'] {
  return (subscriptionId, from, to, signal) =>
    call.read('read the backup jobs', signal, async (abortSignal) => {
      const path = `${subscriptionPath(subscriptionId)}/providers/${vaultType}`;
      const vaults = await armList(arm, { path, apiVersion }, vault, abortSignal);
      const filter = `status eq 'Failed' and startTime eq '${filterTime(from)}' and endTime eq '${filterTime(to)}'`;
      const unread: string[] = [];
      const found = await Promise.all(
        vaults.map(async ({ id }) => {
          const [name] = parseArmId(id, vaultType).names;
          const path = `${id}/backupJobs?$filter=${encodeURIComponent(filter)}`;
          try {
            return (await armList(arm, { path, apiVersion }, job, abortSignal)).flatMap((one) => failureOf(name, one));
          } catch (error) {
            const translated = isOpsError(error)
              ? error
              : translateError(error, `read the backup jobs of ${name}`, clock.now());
            // What may pass is tried again as a whole, with a new list of vaults.
            if (translated.transient) throw error;
            // One that was deleted since the list has no jobs; one without access must not hide the others.
            if (translated.code !== 'not-found') unread.push(name);
            return [];
          }
        }),
      );
      return { found: found.flat(), unread };
    });
}

function failureOf(vaultName: string, { id, properties }: z.output<typeof job>): FailedBackup[] {
  // Azure filters; a job that is on its way is not a failure, whoever filters.
  if (properties.status !== 'Failed') return [];
  const error = properties.errorDetails?.find(({ errorString }) => errorString)?.errorString;
  return [
    {
      id,
      vault: vaultName,
      item: properties.entityFriendlyName ?? 'unknown',
      operation: properties.operation ?? 'job',
      startedAt: properties.startTime,
      ...(error && { error }),
    },
  ];
}

/** `2026-11-18 07:30:00 AM`, in UTC: the one form that the filter takes. */
function filterTime(iso: string): string {
  const at = new Date(iso);
  const hour = at.getUTCHours();
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(hour % 12 || 12)}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${at.toISOString().slice(0, 10)} ${clock} ${hour < 12 ? 'AM' : 'PM'}`;
}
