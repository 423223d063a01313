const hourMs = 3_600_000;
/** Azure keeps jobs for 30 days (“Azure Automation limits”). */
const keptMs = 30 * 24 * hourMs;
const tookMs = 90_000;
/** Since so long before the estate began, the job of the standby region has had no rights. */
const brokenForMs = 14 * hourMs;

export interface EmulatedJob {
  readonly name: string;
  readonly runbook: string;
  readonly status: 'Completed' | 'Failed' | 'Running';
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly exception?: string;
}

interface Schedule {
  readonly runbook: string;
  readonly everyMs: number;
  /** It fails from the seeded time on, with this. */
  readonly exception?: string;
}

/** By account. What the standby region's job reads is refused by its vault too, see `telemetry/vault-metrics.ts`. */
const schedules: Readonly<Record<string, readonly Schedule[]>> = {
  'aa-stamps-eastus': [
    { runbook: 'Rotate-Logs', everyMs: 6 * hourMs },
    { runbook: 'Export-CostReport', everyMs: 24 * hourMs },
  ],
  'aa-stamps-westus': [
    { runbook: 'Check-Replicas', everyMs: 6 * hourMs },
    {
      runbook: 'Sync-DrSecrets',
      everyMs: 6 * hourMs,
      exception:
        'Operation returned an invalid status code Forbidden: the caller has no right Microsoft.KeyVault/vaults/secrets/getSecret/action on kv-stamps-westus.',
    },
  ],
};

/** The Automation accounts of the estate, whose runbooks run by the clock. */
export class AutomationAccounts {
  readonly #brokenSince: number;

  constructor(now: number) {
    this.#brokenSince = now - brokenForMs;
  }

  has(account: string): boolean {
    return account.toLowerCase() in schedules;
  }

  /** Newest first. */
  jobs(account: string, now: number): EmulatedJob[] {
    return (schedules[account.toLowerCase()] ?? [])
      .flatMap(({ runbook, everyMs, exception }, index) => {
        const last = Math.floor(now / everyMs) * everyMs;
        return Array.from({ length: Math.ceil(keptMs / everyMs) }, (_, back): EmulatedJob => {
          const startedAt = last - back * everyMs;
          const fails = exception !== undefined && startedAt >= this.#brokenSince;
          const name = `${String(index).padStart(8, '0')}-0000-4000-8000-${String(startedAt / 1_000).padStart(12, '0')}`;
          if (startedAt + tookMs > now) return { name, runbook, status: 'Running', startedAt };
          return {
            ...{ name, runbook, startedAt, endedAt: startedAt + tookMs },
            status: fails ? 'Failed' : 'Completed',
            ...(fails && { exception }),
          };
        });
      })
      .sort((a, b) => b.startedAt - a.startedAt);
  }
}
