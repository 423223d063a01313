import type { Services } from '../commands/command.ts';
import type { Estate } from '../domain/estate.ts';
import type { Member } from '../domain/person.ts';
import type { MessageContent } from '../ports/chat.ts';
import type {
  FieldErrors,
  IncomingAction,
  IncomingHome,
  IncomingMention,
  IncomingSubmission,
} from '../ports/incoming.ts';

export interface InteractionServices extends Services {
  /** The run in whose thread a message stands. */
  threadRun(channel: string, threadTs: string): Promise<string | undefined>;
  /** The incident in whose thread a message stands. */
  threadIncident(channel: string, threadTs: string): Promise<string | undefined>;
  /** Where the card of what is asked for in App Home stands; absent: App Home offers no requests. */
  readonly homeChannel?: string;
}

/** What a handler gets: who it was, with the groups of this moment, and what they did. */
export interface Context<From> extends InteractionServices {
  readonly member: Member;
  readonly incoming: From;
}

/** One button. It answers with what the person alone sees; undefined: it has answered itself. */
export interface ActionHandler {
  readonly actionId: string;
  /** It requests or decides something: then Slack is asked anew who the person is. */
  readonly acts: boolean;
  run(context: Context<IncomingAction>): Promise<MessageContent | undefined>;
}

/** One modal that people submit. */
export interface SubmissionHandler {
  readonly callbackId: string;
  readonly acts: boolean;
  /** Faults by block id, found without asking anybody: Slack waits for this. */
  validate(values: IncomingSubmission['values'], estate: Estate): FieldErrors;
  run(context: Context<IncomingSubmission>): Promise<MessageContent | undefined>;
}

/** What is said to `@stamps`. */
export interface MentionHandler {
  readonly verb: string;
  readonly acts: boolean;
  /** `about` stands behind the verb. */
  run(about: readonly string[], context: Context<IncomingMention>): Promise<MessageContent | undefined>;
}

export type HomeContext = Context<IncomingHome | IncomingAction>;
