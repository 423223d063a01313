/**
 * Jobs of Microsoft.Automation/automationAccounts, to read. Rules kept: `$filter` with `properties/startTime ge …`, 400
 * for one that it does not know; pages of 100 with `nextLink`; a job's exception only from the job itself, not from the
 * list (learn.microsoft.com/rest/api/automation/job, 2024-10-23: JobListResultV2, JobCollectionItem, Job).
 */
import { ArmFault, invalid } from './arm-fault.ts';
import type { EmulatedJob } from './automation-jobs.ts';
import { pageOf } from './page-of.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';

export const accountType = 'Microsoft.Automation/automationAccounts';
const type = accountType.toLowerCase();
const pageSize = 100;

export const automationRoutes: readonly Route[] = [
  { on: `GET ${type}/jobs[]`, since: '2015-10-31', run: list },
  { on: `GET ${type}/jobs`, since: '2015-10-31', run: one },
];

function jobsOf({ estate, path: { names }, now }: ArmCall): EmulatedJob[] {
  const [account = ''] = names;
  if (!estate.automation.has(account))
    throw new ArmFault(404, 'ResourceNotFound', `The Automation account '${account}' was not found.`);
  return estate.automation.jobs(account, now);
}

function list(call: ArmCall): ArmReply {
  const { url } = call;
  const filter = url.searchParams.get('$filter');
  const since = filter === null ? 0 : Date.parse(/^properties\/startTime ge (\S+)$/i.exec(filter)?.[1] ?? '');
  if (Number.isNaN(since)) throw invalid('BadRequest', `The filter '${filter}' is not understood.`);
  const jobs = jobsOf(call).filter(({ startedAt }) => startedAt >= since);
  const { value, ...more } = pageOf(jobs, pageSize, call);
  return ok({ value: value.map((job) => bodyOf(call, job)), ...more });
}

function one(call: ArmCall): ArmReply {
  const name = call.path.names[1] ?? '';
  const job = jobsOf(call).find((each) => same(name, each.name));
  if (!job) throw new ArmFault(404, 'NotFound', `The job '${name}' was not found.`);
  const body = bodyOf(call, job);
  return ok({ ...body, properties: { ...body.properties, exception: job.exception ?? null, statusDetails: 'None' } });
}

function bodyOf({ url }: ArmCall, { name, runbook, status, startedAt, endedAt }: EmulatedJob) {
  const [base] = decodeURIComponent(url.pathname).split(/\/jobs(?:\/|$)/i);
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    id: `${base}/jobs/${name}`,
    name,
    type: 'Microsoft.Automation/AutomationAccounts/Jobs',
    properties: {
      jobId: name,
      runbook: { name: runbook },
      status,
      provisioningState: status === 'Completed' ? 'Succeeded' : status === 'Failed' ? 'Failed' : 'Processing',
      creationTime: time(startedAt),
      startTime: time(startedAt),
      endTime: endedAt === undefined ? null : time(endedAt),
      lastModifiedTime: time(endedAt ?? startedAt),
      runOn: '',
    },
  };
}
