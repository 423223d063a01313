import type { Person } from '../domain/person.ts';

/** A Block Kit block, opaque to all but `blocks` and `integrations`. */
export type Block = object;

/** What a message shows. `text` is what notifications and screen readers get; it is escaped already. */
export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** Where a message stands in the workspace. */
export interface MessagePlace {
  readonly channel: string;
  /** Of the thread's first message. */
  readonly threadTs?: string;
}

/**
 * What people see and wait for. Two lanes behind one port: `interactive` for what a person waits for
 * (identities, modals, answers), `bulk` for cards and threads. A 429 on one never holds up the other.
 * Errors: `throttled` with retryAfterMs, `unavailable`, `timeout` (a lost response: it may have happened),
 * `not-allowed` (token or scope), `not-found`, `bad-input`.
 */
export interface ChatPort {
  /** Bulk. Posts once; `key` goes into the message's metadata so that a lost answer can be reconciled. Answers with its ts. */
  post(place: MessagePlace, key: string, content: MessageContent): Promise<string>;
  /** Bulk. */
  update(channel: string, ts: string, key: string, content: MessageContent): Promise<void>;
  /** Bulk. The ts of the message that carries the key, looked for in the newest messages; undefined: it was never posted. */
  findByKey(place: MessagePlace, key: string): Promise<string | undefined>;
  /** Bulk. Uploads a text file into a place. A repeat makes another one: where that matters, ask `hasUploaded` before. */
  upload(place: MessagePlace, file: { name: string; title: string; text: string }): Promise<void>;
  /**
   * Bulk. Uploads a PNG that stands in no channel by itself, and waits until Slack can show it. Answers with the file's
   * id, for the `slack_file` of an image block. `timeout`: Slack took too long over it; it may be uploaded again.
   */
  uploadPicture(picture: { name: string; title: string; altText: string; png: Uint8Array }): Promise<string>;
  /** Interactive. Answers one person, seen only by them. */
  whisper(place: MessagePlace, personId: string, content: MessageContent): Promise<void>;
  /** Interactive. Answers over a response_url, which lives 30 minutes and takes 5 answers. */
  respond(responseUrl: string, content: MessageContent): Promise<void>;
  /** Interactive. The trigger lives 3 s. */
  openView(triggerId: string, view: object): Promise<void>;
  /** Interactive. Shows something else in an open modal; `not-found` when it was closed. */
  updateView(viewId: string, view: object): Promise<void>;
  /** Interactive. */
  publishHome(personId: string, view: object): Promise<void>;
  /** Interactive. `barred` says why an identity may do nothing; a user that Slack does not know is barred as `unknown`. */
  person(personId: string): Promise<Person>;
  /** Interactive. The user id of who has this e-mail address; undefined: nobody has, or they have left. */
  idByEmail(email: string): Promise<string | undefined>;
  /** Interactive. Undefined: they have none, or the app may not see it. */
  emailOf(personId: string): Promise<string | undefined>;
  /** Interactive. User ids in a Slack user group, as it is now. */
  groupMembers(slackGroupId: string): Promise<string[]>;
  /**
   * Bulk. Makes a public channel, or finds the one of that name which is ours already; answers with its id. `conflict`
   * when somebody else's channel has the name.
   */
  createChannel(name: string): Promise<string>;
  /** Bulk. Brings people into a channel; who is in it already, or may not be invited, is passed over. */
  invite(channel: string, personIds: readonly string[]): Promise<void>;
  /** Bulk. For ever, as far as the app goes: no bot can bring a channel back. What is archived already stays so. */
  archiveChannel(channel: string): Promise<void>;
  /** Bulk. Plain text, cut to what Slack takes (250 characters). */
  setTopic(channel: string, topic: string): Promise<void>;
  /** Bulk. Has the app uploaded a file of this name since then (ISO 8601)? */
  hasUploaded(name: string, since: string): Promise<boolean>;
  /** Bulk. The ids of the app's own canvases with this title, made since then (ISO 8601), newest first. */
  findCanvases(title: string, since: string): Promise<string[]>;
  /**
   * Bulk. Makes a canvas of Markdown, at most 1 MiB, which nobody sees yet; answers with its id. `not-allowed` where the
   * workspace has no canvases: give them a file instead. A repeat makes another one: look for it first.
   */
  createCanvas(title: string, markdown: string): Promise<string>;
  /** Bulk. Lets a channel's people read a canvas; answers with its address. A repeat changes nothing. */
  shareCanvas(canvasId: string, channel: string): Promise<string>;
  /** Bulk. Where people who may see a file see it; undefined: Slack does not tell. */
  fileAddress(fileId: string): Promise<string | undefined>;
  /** Interactive. Opens or finds the direct conversation with a person and answers with its channel id. */
  directChannel(personId: string): Promise<string>;
  /** Is Slack there? For /readyz. */
  ping(): Promise<void>;
}
