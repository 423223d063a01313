import type { Lease, Run } from '../domain/run.ts';
import type { MessageContent } from './chat.ts';

/** Turns what the engine knows into what people see. Pure; `blocks` implements it, `app.ts` hands it to the engine. */
export interface Presenter {
  /** The living card of a run in its channel. `notices` of the run go to its thread. */
  runCard(view: RunView): MessageContent;
  /** A line in the thread that people must notice. Its strings are plain text, escaped here; people and groups become mentions. */
  notice(parts: readonly NoticePart[]): MessageContent;
  /** Who may approve, with buttons; stands first in the run's thread. */
  approvalRequest(view: RunView): MessageContent;
  /** A break-glass review that is owed, with its button. */
  reviewRequest(view: RunView): MessageContent;
  /** A lease that is about to end, or has ended, with what can be done. */
  leaseReminder(lease: Omit<Lease, 'onExpiry'> & { readonly ended: boolean }): MessageContent;
}

export type NoticePart =
  | string
  | { readonly person: string }
  | { readonly slackGroup: string }
  /** A sentence of ours in which `…` marks what can be typed or copied. */
  | { readonly sentence: string }
  /** https; anything else is shown as its label alone. */
  | { readonly link: string; readonly label: string };

/** A run with what is known about who may decide and how it is undone. */
export interface RunView {
  readonly run: Run;
  /** Groups that may approve, in the policy's words, with mentions where Slack has them (`<!subteam^S…>` only in approvalRequest). */
  readonly approvers: readonly {
    readonly group: string;
    readonly slackGroup?: string;
    /** Who is on call in PagerDuty is in it. */
    readonly onCall?: boolean;
    readonly people: readonly string[];
  }[];
  /** How many approvals it needs in all, and how many it has. */
  readonly approvals: { readonly needed: number; readonly given: number };
  readonly paused: boolean;
}
