import type { OpsError } from '../errors.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { code, escapeHint, escapeText } from './escape-text.ts';
import { say } from './message.ts';

/** An expected failure: what happened, and what to do now. */
export function problem(error: OpsError): MessageContent {
  const lines = [`⚠️ ${cut(escapeText(error.message), 1000)}`];
  if (error.hint !== undefined) lines.push(cut(escapeHint(error.hint), 1000));
  return say(...lines);
}

/** A bug: the reference stands in the log beside what really happened. */
export function unexpected(reference: string): MessageContent {
  return say(
    '⚠️ Something went wrong in Stamps itself, and this was not completed.',
    `Look at the run before you try again, and give this reference to whoever looks after Stamps: ${code(reference)}`,
  );
}
