/**
 * What the emulated PagerDuty offers to the sandbox page and to tests, beside the vendor's own protocol on its port.
 * The app knows none of this: it gets URLs.
 */

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
