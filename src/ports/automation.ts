import type { AutomationJob } from '../domain/region-services.ts';

/** Azure Automation, to read. */
export interface AutomationPort {
  /** Jobs that started since (ms since 1970), in no order. Azure keeps them for 30 days; what waits to start is not in it. */
  jobs(accountId: string, since: number, signal: AbortSignal): Promise<AutomationJob[]>;
  /** Why a job failed, in Azure's words; undefined: it says nothing. */
  exception(jobId: string, signal: AbortSignal): Promise<string | undefined>;
}
