interface From {
  /** The same for a repeated delivery of the same thing; at most 255 characters. */
  readonly key: string;
  readonly personId: string;
  readonly teamId: string;
}

export interface IncomingCommand extends From {
  readonly type: 'command';
  readonly channel: string;
  /** What stands behind `/stamps`, as typed. */
  readonly text: string;
  readonly responseUrl: string;
  readonly triggerId: string;
}

export interface IncomingAction extends From {
  readonly type: 'action';
  readonly actionId: string;
  /** The button's value or the selected option's; buttons of runs carry the run's id and plan code: `r-17:1a2b3c4d`. */
  readonly value: string;
  /** Absent in a view. */
  readonly channel?: string;
  readonly messageTs?: string;
  readonly threadTs?: string;
  readonly responseUrl?: string;
  readonly triggerId: string;
  /** Of the modal in which it was pressed. */
  readonly viewId?: string;
}

export interface IncomingSubmission extends From {
  readonly type: 'submission';
  readonly callbackId: string;
  /** By block id: the one value of its input, `''` when left empty. */
  readonly values: Readonly<Record<string, string>>;
  readonly privateMetadata: string;
}

export interface IncomingMention extends From {
  readonly type: 'mention';
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  /** Without the mention itself. */
  readonly text: string;
}

/** Somebody changed a message that mentions the bot. It does nothing, so its words are not here. */
export interface IncomingEdit extends From {
  readonly type: 'edit';
  readonly channel: string;
  /** Of the message. */
  readonly ts: string;
  readonly threadTs?: string;
}

export interface IncomingHome extends From {
  readonly type: 'home';
}

/** Somebody pinned a message to its channel. */
export interface IncomingPin extends From {
  readonly type: 'pin';
  readonly channel: string;
  /** Of the message. */
  readonly ts: string;
  readonly threadTs?: string;
  /** Who wrote it. */
  readonly authorId: string;
  /** As Slack has it, with its entities. */
  readonly text: string;
}

/** One thing that Slack told us, verified and parsed. Never a bot's; a message counts once, as it was sent. */
export type Incoming =
  | IncomingCommand
  | IncomingAction
  | IncomingSubmission
  | IncomingMention
  | IncomingEdit
  | IncomingPin
  | IncomingHome;

/** Faults of a modal's fields, by block id; Slack shows them in the modal, which stays open. */
export type FieldErrors = Readonly<Record<string, string>>;

/**
 * Takes what Slack told us. When it resolves, Slack gets its 200: the thing is stored by then, and is worked on
 * afterwards, even over a crash. A repeated key is taken once.
 */
export type Accept = (incoming: Incoming) => Promise<{ errors?: FieldErrors }>;
