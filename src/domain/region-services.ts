import type { ApiGatewayStatus } from './api-status.ts';

/** Who asked a region's key vault in the last hour, and how it answered. What is absent is not known. */
export interface VaultAccess {
  readonly name: string;
  /** Requests of the hour; absent: Azure has no figures, because nobody asked it or because it is late. */
  readonly requests?: number;
  /** 0–100, of its requests. */
  readonly availabilityPercent?: number;
  /** Mean time that the vault itself took. */
  readonly latencyMs?: number;
  /** Answered with 403: somebody's rights or the vault's firewall. A 401 is how every client asks for its first token. */
  readonly refused?: number;
  /** Answered with 429: more than a vault takes. */
  readonly throttled?: number;
  /** Answered with a 5xx. */
  readonly failed?: number;
}

/**
 * A job of an Automation account. `status` as Azure says it: `New`, `Activating`, `Running`, `Completed`, `Failed`,
 * `Stopped`, `Suspended`, `Blocked`, `Disconnected`, … Times are ISO 8601.
 */
export interface AutomationJob {
  readonly id: string;
  readonly runbook: string;
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string;
}

/** What a runbook's jobs came to. */
export interface RunbookResult {
  readonly runbook: string;
  /** Its newest job. */
  readonly last: AutomationJob;
  readonly jobs: number;
  readonly failed: number;
  /** ISO 8601; absent: none of these jobs completed. */
  readonly lastCompletedAt?: string;
  /** Why the newest failed, in Azure's words; absent: it did not fail, or Azure does not say. */
  readonly error?: string;
}

/** Of a region. Null: the estate file names none; absent: could not be read. */
export interface RegionServices {
  /** API Management's gateway there; null: it has none. */
  readonly apiGateway?: ApiGatewayStatus | null;
  readonly vault?: VaultAccess | null;
  readonly automation?: { readonly name: string; readonly results: readonly RunbookResult[] } | null;
}

/** Ended without having done what it was to do, and nobody stopped it. */
export function hasFailed({ status }: Pick<AutomationJob, 'status'>): boolean {
  return /^(failed|blocked|disconnected)$/i.test(status);
}

/** By runbook: those whose newest job failed first, then by name. */
export function resultsOf(jobs: readonly AutomationJob[]): RunbookResult[] {
  const newestFirst = [...jobs].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  return [...Map.groupBy(newestFirst, ({ runbook }) => runbook)]
    .map(([runbook, own]) => {
      const completed = own.find(({ status }) => /^completed$/i.test(status));
      return {
        runbook,
        last: own[0] as AutomationJob,
        jobs: own.length,
        failed: own.filter(hasFailed).length,
        ...(completed && { lastCompletedAt: completed.endedAt ?? completed.startedAt }),
      };
    })
    .sort((a, b) => Number(hasFailed(b.last)) - Number(hasFailed(a.last)) || a.runbook.localeCompare(b.runbook));
}
