/**
 * What the emulated Azure offers to the sandbox page and to tests, beside the vendor's own protocol on its port.
 * The app knows none of this: it gets URLs.
 */

export interface CellSnapshot {
  readonly name: string;
  readonly region: string;
  readonly role: 'active' | 'standby';
  /** Is the copy itself able to serve? */
  readonly healthy: boolean;
  readonly tenants: number;
  /** Requests a second that are meant for this cell's tenants. */
  readonly demand: number;
  /** Requests a second that this cell serves, for itself and for others. */
  readonly served: number;
  /** Of the demand, what gets an error, 0–1. */
  readonly errorShare: number;
  /** Cell names or addresses that its gateway pool sends its traffic to. */
  readonly servedBy: readonly string[];
  readonly replicas: number;
  readonly capacity: number;
  readonly revisions: readonly { name: string; active: boolean }[];
  readonly silencedUntil?: string;
  /** Its SQL database: what it is bought as, and what it will be; how much its queries take of it, as times the usual. */
  readonly sql: {
    readonly objective: string;
    readonly requested?: string;
    readonly times: number;
    readonly pooled: boolean;
    readonly replicated: boolean;
  };
  /** What its app works on; `lost`: somebody destroyed most of it. Absent: the cell has no data of its own. */
  readonly data?: {
    readonly database: string;
    readonly lost: boolean;
    /** Most of its blobs are destroyed; and whether Azure is putting them back, so that nobody gets at them. */
    readonly blobsLost: boolean;
    readonly blobsBusy: boolean;
    /** Point-in-time restore of its blobs is on. */
    readonly blobsRestore: boolean;
    /** The bot has a user in its database. */
    readonly botInSql: boolean;
    readonly copies: readonly string[];
  };
}

export interface EstateSnapshot {
  readonly regions: readonly {
    readonly name: string;
    readonly gateway: 'idle' | 'updating';
    /** Absent: it answers. */
    readonly lost?: true;
    /** Of all clients, how many DNS leads there, 0–1. */
    readonly led: number;
    /** Its endpoint in Traffic Manager is switched on. */
    readonly endpointOn: boolean;
    /** What of the data layer takes writes here. */
    readonly writes: readonly ('SQL' | 'Cosmos' | 'storage')[];
    readonly cells: readonly CellSnapshot[];
  }[];
  /** True while ARM calls are being throttled or slowed by a button. */
  readonly trouble: readonly string[];
  /** As Azure says: `CATCH_UP`, `SEEDING`, `SUSPENDED`. */
  readonly replication: string;
  readonly routing: string;
}

/** One write that ARM accepted. */
export interface AcceptedWrite {
  readonly at: number;
  readonly method: string;
  /** ARM id without query, plus the action for a POST. */
  readonly path: string;
  /** Did it change anything? A repeat that changes nothing is harmless. */
  readonly changed: boolean;
  readonly clientRequestId: string;
}

export interface AzureFaults {
  failCell(cell: string): void;
  healCell(cell: string): void;
  /** The cell's storage account does a fifth of what it is asked for, and takes forty times as long for it. */
  slowStorage(cell: string, slow: boolean): void;
  /** Somebody empties Front Door's cache; it fills again within half an hour. */
  purgeCache(): void;
  /** Nothing of the region answers any more: cells, gateway, probes, its SQL server. */
  failRegion(region: string): void;
  healRegion(region: string): void;
  /** The metrics host of a region is away, or not: it may go with its region, and it may stay. */
  metricsAway(region: string, on: boolean): void;
  /** SQL replicates from one region to the other, or not. */
  replication(on: boolean): void;
  /** SQL goes on saying `CATCH_UP` when the region of its primary is lost: Azure's reference does not say that it stops. */
  untoldSqlLoss(on: boolean): void;
  /** An environment of container apps may have ten cores, fewer than a failover needs; or as many as usual. */
  fewCores(on: boolean): void;
  /** The certificate of a region's gateway ends in so many hours; negative: it has ended. */
  gatewayCertificate(region: string, hoursLeft: number): void;
  /** The copies of the storage of a region's cells are made anew and never done, so that nothing can be failed over. */
  stuckCopies(region: string, on: boolean): void;
  /** Planned failovers of storage leave `lastGeoFailoverTime` as it is: Azure's reference does not say that they set it. */
  untoldFailovers(on: boolean): void;
  /** The copies of the storage of a region's cells are so far behind; 0: as usual. */
  storageLag(region: string, seconds: number): void;
  /** Somebody switches point-in-time restore of a cell's blobs on or off. */
  blobRestore(cell: string, on: boolean): void;
  /** `Priority`, `Weighted`, `Performance` or `Geographic`. */
  routing(method: string): void;
  /** Somebody switches the whole Traffic Manager profile on or off by hand. */
  setProfile(enabled: boolean): void;
  /** Somebody switches the endpoint of Front Door on or off by hand. */
  setFrontDoor(enabled: boolean): void;
  /** Azure moves the writes of Cosmos by itself when their region is lost, or not. */
  cosmosFailover(automatic: boolean): void;
  /** Somebody switches the endpoint of a region on or off by hand. */
  setEndpoint(region: string, enabled: boolean): void;
  /** Somebody gives a cell another scale by hand. */
  setScale(cell: string, minReplicas: number, maxReplicas: number): void;
  /** Somebody destroys most of what is in a cell's database, Cosmos account and blobs. */
  loseData(cell: string): void;
  /** Somebody lets whoever may use the cell's Cosmos account use the copies of it. */
  grantCopies(cell: string): void;
  /** Somebody changes the bot’s user in a cell’s database: none, one that may only connect, one that sees all tables. */
  sqlUser(cell: string, user: 'none' | 'connects' | 'all'): void;
  /** The firewall of a region’s SQL server lets the bot’s network in, or not. */
  sqlFirewall(region: string, letsIn: boolean): void;
  /** What is told of the traffic until now is as though nothing had ever failed, for who can’t wait two minutes. */
  forgetTraffic(): void;
  /** The tenants of a cell ask for so many times as much as usual; 1: as usual. */
  setDemand(cell: string, times: number): void;
  /** The queries of a cell take so many times as much of its database as usual; 1: as usual. */
  sqlLoad(cell: string, times: number): void;
  /** Somebody puts a cell's database into an elastic pool, or takes it out. */
  pooledSql(cell: string, on: boolean): void;
  /** Somebody gives a cell's database a geo-secondary in another region. */
  replicateSql(cell: string): void;
  /** How long a gateway update takes; the sandbox's default is 3,000 ms, tests take 50. */
  gatewayDelay(ms: number): void;
  /** The gateway update never ends (`Updating` for ever) until set to false. */
  gatewayHangs(on: boolean): void;
  /** The next `times` ARM requests get 429 with Retry-After; `writes` only those that write. */
  throttle(times: number, retryAfterSeconds: number, writes?: boolean): void;
  /** The next `times` writes are done, and the answer is lost (connection reset). */
  loseAnswers(times: number): void;
  /** The next `times` writes are refused with this status and ARM error code. */
  refuseWrites(times: number, status: number, code: string): void;
  /** The next long-running operation ends as Failed. */
  failOperation(): void;
  /** Every ARM answer takes so long. */
  latency(ms: number): void;
  /** Somebody changes a resource behind the bot's back. */
  setPool(cell: string, addresses: readonly string[]): void;
  setRevision(cell: string, revision: string, active: boolean): void;
}

/** One alert of Azure Monitor's. */
export interface AlertSnapshot {
  readonly id: string;
  readonly rule: string;
  /** 0–4, 0 worst. */
  readonly severity: number;
  /** Name of the resource, with the dimensions that the rule is split by. */
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly firedAt: number;
  readonly resolvedAt?: number;
  /**
   * How its last post to the app went. `silent`: an alert processing rule took the action groups away; `blocked`: the
   * address failed too often a while ago; `nobody`: there is no webhook.
   */
  readonly notified: 'posting' | 'retrying' | 'accepted' | 'refused' | 'given-up' | 'blocked' | 'silent' | 'nobody';
}

export interface AlertsSnapshot {
  /** The newest first, at most 25. */
  readonly newest: readonly AlertSnapshot[];
  readonly total: number;
  readonly firing: number;
  /** Of a flood, what is still to be posted. */
  readonly toPost: number;
  /** Alerts by how their last post went. */
  readonly notified: Readonly<Record<string, number>>;
}

/** Azure Monitor: its rules are resources like any other, and are evaluated on what the estate really does. */
export interface AzureAlerts {
  /** For STAMPS_ALERT_SECRET; the webhook carries it in its address. */
  readonly secret: string;
  /** The webhook of the action group `ag-stamps-critical`, without the secret: the app starts after. */
  postTo(url: string): void;
  snapshot(): AlertsSnapshot;
  /** Fires so many different alerts, evenly over a time; resolves when the last one was answered or given up. */
  flood(count: number, overMs: number, seed?: number): Promise<void>;
  /** All alerts of floods are over. */
  resolveFlood(): Promise<void>;
  /** Somebody switches an alert rule on or off behind the bot's back. */
  switchRule(name: string, enabled: boolean): void;
}

export interface AzureEmulator {
  /** https, no trailing slash. */
  readonly armUrl: string;
  readonly metricsUrl: string;
  readonly cosmosUrl: string;
  /** PEM of the certificate authority to trust. */
  readonly ca: string;
  /** IDENTITY_ENDPOINT, IDENTITY_HEADER, AZURE_RESOURCE_MANAGER_URL, AZURE_METRICS_URL, AZURE_LOGS_URL, AZURE_SUBSCRIPTION_ID. */
  readonly env: Readonly<Record<string, string>>;
  /** The estate file (YAML) that describes this estate, with the emulator's URLs in it. */
  readonly estateFile: string;
  snapshot(): EstateSnapshot;
  subscribe(listener: () => void): () => void;
  readonly faults: AzureFaults;
  readonly alerts: AzureAlerts;
  readonly accepted: readonly AcceptedWrite[];
  /** The whole configuration of the resources as JSON, volatile fields left out: to compare before and after. */
  configuration(): unknown;
  close(): Promise<void>;
}
