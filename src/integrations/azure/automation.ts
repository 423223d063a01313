import { z } from 'zod';
import type { AutomationPort } from '../../ports/automation.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';

/** learn.microsoft.com/rest/api/automation/job/list-by-automation-account: the list does not tell a job's exception. */
const apiVersion = '2024-10-23';
const accountType = 'Microsoft.Automation/automationAccounts';
const jobItem = z.looseObject({
  id: z.string(),
  properties: z.looseObject({
    // A job's runbook can have been deleted since.
    runbook: z.looseObject({ name: z.string().nullish() }).nullish(),
    status: z.string(),
    startTime: z.string().nullish(),
    creationTime: z.string().nullish(),
    endTime: z.string().nullish(),
  }),
});
const job = z.looseObject({ properties: z.looseObject({ exception: z.string().nullish() }) });

export function createAutomation({ arm, call }: AzureContext): AutomationPort {
  return {
    jobs(accountId, since, signal) {
      const [name] = parseArmId(accountId, accountType).names;
      return call.read(`read the jobs of ${name}`, signal, async (abortSignal) => {
        const filter = `properties/startTime ge ${new Date(since).toISOString()}`;
        const path = `${accountId}/jobs?$filter=${encodeURIComponent(filter)}`;
        const found = await armList(arm, { path, apiVersion }, jobItem, abortSignal);
        return found.flatMap(({ id, properties: { runbook, status, startTime, creationTime, endTime } }) => {
          const startedAt = startTime ?? creationTime;
          // Azure filters; what is older is not of the time that was asked for, whoever filters.
          if (startedAt == null || !(Date.parse(startedAt) >= since)) return [];
          return [{ id, runbook: runbook?.name ?? 'unknown', status, startedAt, ...(endTime && { endedAt: endTime }) }];
        });
      });
    },

    exception(jobId, signal) {
      const [, name] = parseArmId(jobId, `${accountType}/jobs`).names;
      return call.read(`read the job ${name}`, signal, async (abortSignal) => {
        const { body } = await arm.send({ method: 'GET', path: jobId, apiVersion }, abortSignal);
        return job.parse(body).properties.exception || undefined;
      });
    },
  };
}
