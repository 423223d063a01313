import type { Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import { context, section } from './elements.ts';
import { code } from './escape-text.ts';
import { message, say } from './message.ts';
import { runLine } from './run-lines.ts';

/** The newest runs, one a line. */
export function runsList(runs: readonly Run[]): MessageContent {
  if (runs.length === 0) return say('No runs yet.');
  return message(`The newest ${runs.length === 1 ? 'run' : `${runs.length} runs`}`, [
    section('*Runs*, newest first', ...runs.map(runLine)),
    context(`${code('/stamps run <id>')} shows one in full`),
  ]);
}
