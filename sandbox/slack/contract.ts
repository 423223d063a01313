/**
 * What the emulated Slack offers to the sandbox page and to tests, beside the vendor's own protocol on its port.
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
  /** The next `times` calls of a method are answered so much later. */
  answerLate(method: string, times: number, ms: number): void;
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
