/**
 * What the emulators offer to the sandbox page and to tests, beside the vendors' own protocols on their ports.
 * The app knows none of this: it gets URLs.
 */

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  /** Full name, shown on the page. */
  readonly realName: string;
  readonly title: string;
  readonly email?: string;
  readonly isBot?: boolean;
  readonly deleted?: boolean;
  /** A guest of this workspace. */
  readonly isRestricted?: boolean;
  /** From another workspace, in a shared channel. */
  readonly isStranger?: boolean;
}

export interface SlackMessage {
  readonly ts: string;
  readonly threadTs?: string;
  readonly userId: string;
  readonly text: string;
  readonly blocks?: readonly object[];
  readonly edited?: boolean;
  readonly pinned?: boolean;
  /** Seen only by this user. */
  readonly ephemeralTo?: string;
  readonly metadata?: { event_type: string; event_payload: Record<string, unknown> };
  /** `text` of a file that is text; a picture's bytes are at `SlackEmulator.file`. */
  readonly files?: readonly { id: string; name: string; title: string; type: string; size: number; text: string }[];
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isDirect?: boolean;
  readonly topic?: string;
  readonly members: readonly string[];
  readonly messages: readonly SlackMessage[];
}

export interface SlackView {
  readonly id: string;
  readonly userId: string;
  /** The view as the app gave it. */
  readonly view: Record<string, unknown>;
  /** By block id, after a refused submission. */
  readonly errors?: Record<string, string>;
}

export interface SlackSnapshot {
  readonly teamId: string;
  readonly botUserId: string;
  readonly users: readonly SlackUser[];
  readonly groups: readonly { id: string; handle: string; users: readonly string[] }[];
  readonly channels: readonly SlackChannel[];
  /** Open modals, the top one last. */
  readonly views: readonly SlackView[];
  /** App Home, by user id. */
  readonly homes: Readonly<Record<string, Record<string, unknown>>>;
}

/** What happened to a delivery to the app, as the user would notice it. */
export interface Delivery {
  readonly status: number;
  readonly ms: number;
  readonly body: string;
}

/** One person's hands. */
export interface SlackHands {
  /** Types `/stamps <text>` in a channel. */
  command(channelId: string, text: string): Promise<Delivery>;
  /** Presses a button, or picks an option (then `value` is the option's value), in a message. */
  act(channelId: string, ts: string, actionId: string, value?: string): Promise<Delivery>;
  /** The same in App Home or in a modal. */
  actInView(viewId: string | 'home', actionId: string, value?: string): Promise<Delivery>;
  /** Submits a modal; by block id, the value of its input. */
  submit(viewId: string, values: Record<string, string>): Promise<Delivery>;
  closeView(viewId: string): Promise<void>;
  /** Writes a message; `@stamps` in it is a mention and becomes an app_mention event. */
  say(channelId: string, text: string, threadTs?: string): Promise<void>;
  /** Pins a message to its channel. */
  pin(channelId: string, ts: string): Promise<void>;
  openHome(): Promise<Delivery>;
}

export interface SlackFaults {
  /** All Web API calls fail as if Slack were away (connection reset), until turned off; deliveries stop as well. */
  down(on: boolean): void;
  /** The next `times` calls of a method get 429 with Retry-After. */
  throttle(method: string, times: number, retryAfterSeconds: number): void;
  /** The next `times` calls of a method do their work, and the answer is lost. */
  loseAnswers(method: string, times: number): void;
  /** The next `times` calls of a method get this status. */
  failWith(method: string, times: number, status: number): void;
}

export interface SlackEmulator {
  /** For SLACK_API_URL, ends with `/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  /** Where signed requests go when no socket is connected; settable because the app starts after. */
  requestUrl: string | undefined;
  snapshot(): SlackSnapshot;
  /** Called after each change of what people see; answers with the way to stop it. */
  subscribe(listener: () => void): () => void;
  as(userId: string): SlackHands;
  readonly faults: SlackFaults;
  /** An uploaded file; its type is guessed from its bytes. */
  file(id: string): { readonly name: string; readonly type: string; readonly bytes: Uint8Array } | undefined;
  setGroup(groupId: string, userIds: readonly string[]): void;
  setUser(user: SlackUser): void;
  /** Off: the workspace is on the free plan, which has no canvases. */
  allowCanvases(on: boolean): void;
  /** Every Web API call that was accepted or refused, oldest first; kept to the newest 10,000. */
  readonly calls: readonly {
    at: number;
    method: string;
    status: number;
    error?: string;
    args: Record<string, unknown>;
  }[];
  close(): Promise<void>;
}

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
  /** What its app works on; `lost`: somebody destroyed most of it. Absent: the cell has no data of its own. */
  readonly data?: {
    readonly database: string;
    readonly lost: boolean;
    /** Most of its blobs are destroyed; and whether Azure is putting them back, so that nobody gets at them. */
    readonly blobsLost: boolean;
    readonly blobsBusy: boolean;
    /** Point-in-time restore of its blobs is on. */
    readonly blobsRestore: boolean;
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
  /** Nothing of the region answers any more: cells, gateway, probes, its SQL server. */
  failRegion(region: string): void;
  healRegion(region: string): void;
  /** SQL replicates from one region to the other, or not. */
  replication(on: boolean): void;
  /** An environment of container apps may have ten cores, fewer than a failover needs; or as many as usual. */
  fewCores(on: boolean): void;
  /** The certificate of a region's gateway ends in so many hours; negative: it has ended. */
  gatewayCertificate(region: string, hoursLeft: number): void;
  /** The copies of the storage of a region's cells are made anew and never done, so that nothing can be failed over. */
  stuckCopies(region: string, on: boolean): void;
  /** Somebody switches point-in-time restore of a cell's blobs on or off. */
  blobRestore(cell: string, on: boolean): void;
  /** `Priority`, `Weighted`, `Performance` or `Geographic`. */
  routing(method: string): void;
  /** Somebody switches the endpoint of a region on or off by hand. */
  setEndpoint(region: string, enabled: boolean): void;
  /** Somebody gives a cell another scale by hand. */
  setScale(cell: string, minReplicas: number, maxReplicas: number): void;
  /** Somebody destroys most of what is in a cell's database, Cosmos account and blobs. */
  loseData(cell: string): void;
  /** Somebody lets whoever may use the cell's Cosmos account use the copies of it. */
  grantCopies(cell: string): void;
  /** The tenants of a cell ask for so many times as much as usual; 1: as usual. */
  setDemand(cell: string, times: number): void;
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

export interface PagerIncident {
  readonly id: string;
  readonly dedupKey: string;
  readonly summary: string;
  /** As it was sent: an event's custom details as JSON, an incident's body as text. */
  readonly details: string;
  readonly service: string;
  readonly policy: string;
  /** Names of those who are woken. */
  readonly assignees: readonly string[];
  /** How many events of this key came while it was open. */
  readonly triggers: number;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly notes: readonly { readonly by: string; readonly text: string }[];
}

/** What the PagerDuty page shows beside the incidents. */
export interface PagerAccount {
  readonly users: readonly { readonly id: string; readonly name: string }[];
  /** Who is on call now, by policy and level; `until` in milliseconds since 1970, absent: always. */
  readonly onCall: readonly {
    readonly policy: string;
    readonly level: number;
    readonly who: string;
    readonly until?: number;
  }[];
  readonly webhooks: {
    /** Three were dropped one after another: nothing is sent for 24 h. */
    readonly off: boolean;
    /** The newest, newest first. */
    readonly tries: readonly {
      readonly webhookId: string;
      readonly event: string;
      readonly status: number;
      readonly attempt: number;
    }[];
  };
}

export interface PagerDutyEmulator {
  /** For PAGERDUTY_EVENTS_URL. */
  readonly eventsUrl: string;
  /** For PAGERDUTY_API_URL. */
  readonly apiUrl: string;
  readonly routingKey: string;
  readonly apiToken: string;
  /** Of the login in whose name the app pages. */
  readonly appEmail: string;
  readonly webhookSecret: string;
  /** Where webhooks go; settable because the app starts after. */
  webhookUrl: string | undefined;
  /** Oldest first. */
  readonly incidents: readonly PagerIncident[];
  readonly account: PagerAccount;
  /** Called after each change of what people see; answers with the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** What an engineer does in PagerDuty’s own app. */
  as(userId: string): {
    acknowledge(incidentId: string): void;
    resolve(incidentId: string): void;
    note(incidentId: string, text: string): void;
    reopen(incidentId: string): void;
    reassign(incidentId: string, userIds: readonly string[]): void;
    /** To the next level of its policy. */
    escalate(incidentId: string): void;
    delegate(incidentId: string, policyId: string): void;
    prioritise(incidentId: string, priority: string): void;
  };
  /** The acknowledgement has lasted too long, by the service’s setting: it is triggered again. */
  timeOut(incidentId: string): void;
  /** Nobody answered in time: the next level is woken. */
  escalate(incidentId: string): void;
  /** The next so many notes are taken, and their answer is lost. */
  loseNoteAnswers(times: number): void;
  /** The next so many events get 429. */
  throttle(times: number): void;
  /** Every event gets 429, until it is turned off. */
  throttling(on: boolean): void;
  /** The next so many REST requests get 429. */
  throttleRest(times: number): void;
  /** The last webhook comes once more. Answers with the status that the app gave. */
  replayWebhook(): Promise<number>;
  /** After three dropped webhooks, as in PagerDuty’s settings. */
  switchWebhooksOn(): void;
  close(): Promise<void>;
}

/** What customers see. Times are in milliseconds since 1970. */
export interface PublicPageSnapshot {
  readonly components: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  /** Newest first, and so are their updates. */
  readonly incidents: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly impact: string;
    readonly at: number;
    readonly components: readonly string[];
    readonly updates: readonly { readonly status: string; readonly body: string; readonly at: number }[];
  }[];
}

export interface StatuspageEmulator {
  /** For STATUSPAGE_API_URL. */
  readonly apiUrl: string;
  readonly pageId: string;
  readonly apiKey: string;
  snapshot(): PublicPageSnapshot;
  /** Called after each change of what customers see; answers with the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** The next so many writes are done, and the answer is lost (connection reset). */
  loseAnswers(times: number): void;
  /** The next so many requests get this status (420 or 429) with Retry-After. */
  throttle(times: number, status: number, retryAfterSeconds: number): void;
  /** How many writes were done. */
  readonly accepted: number;
  close(): Promise<void>;
}
