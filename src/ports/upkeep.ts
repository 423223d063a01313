/** What maintenance looks at, over a whole subscription. Ids are ARM ids, times ISO 8601. Nothing here changes anything. */
export interface UpkeepPort {
  /** Resources whose last deployment did not succeed. Those that are being changed right now are among them. */
  notSucceeded(subscriptionId: string, signal: AbortSignal): Promise<StrayResource[]>;
  /** What was billed from `from` to `to`, both days (`2026-11-18`) included; the currency is the invoice's. */
  cost(subscriptionId: string, from: string, to: string, signal: AbortSignal): Promise<BilledCost>;
  /** Assessments of Defender for Cloud that are unhealthy. */
  unhealthy(subscriptionId: string, signal: AbortSignal): Promise<SecurityFinding[]>;
  /**
   * Backup jobs that failed in the time, of every vault of the subscription. Jobs in progress are none of them. A vault
   * that could not be read is named in `unread`.
   */
  failedBackups(subscriptionId: string, from: string, to: string, signal: AbortSignal): Promise<FailedBackups>;
  /** Enabled certificates of every key vault, with their end. A vault that may not be read is named in `unread`. */
  certificates(subscriptionId: string, signal: AbortSignal): Promise<Certificates>;
  /** Who may do what, on the subscription and what is in it, inherited from above too. */
  access(subscriptionId: string, signal: AbortSignal): Promise<AccessGrant[]>;
}

export interface StrayResource {
  readonly id: string;
  readonly type: string;
  /** `Failed`, `Updating`, `Canceled`, … as Azure says. */
  readonly state: string;
}

export interface BilledCost {
  /** ISO 4217. */
  readonly currency: string;
  readonly total: number;
  /** Highest first; what belongs to no resource group has the name ''. */
  readonly byGroup: readonly { readonly group: string; readonly cost: number }[];
}

export interface SecurityFinding {
  readonly id: string;
  readonly title: string;
  /** `High`, `Medium`, `Low`; `Unknown` when Defender does not say. */
  readonly severity: string;
  readonly resourceId: string;
}

export interface FailedBackups {
  readonly found: readonly FailedBackup[];
  /** Names of vaults. */
  readonly unread: readonly string[];
}

export interface FailedBackup {
  readonly id: string;
  readonly vault: string;
  /** What was to be backed up or restored. */
  readonly item: string;
  readonly operation: string;
  readonly startedAt: string;
  readonly error?: string;
}

export interface Certificates {
  readonly found: readonly {
    readonly id: string;
    readonly vault: string;
    readonly name: string;
    readonly expiresAt: string;
  }[];
  /** Names of vaults that could not be read. */
  readonly unread: readonly string[];
}

export interface AccessGrant {
  readonly id: string;
  readonly principalId: string;
  /** `User`, `Group`, `ServicePrincipal`, … as Azure says. */
  readonly principalType: string;
  /** Name of the role; its id where the role can't be found. */
  readonly role: string;
  readonly scope: string;
  /** Granted above the subscription: on a management group, or on everything. */
  readonly inherited: boolean;
}
