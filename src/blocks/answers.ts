import type { Run } from '../domain/run.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { code, escapeText } from './escape-text.ts';
import { say } from './message.ts';
import { stateWords } from './run-state.ts';

/** To somebody who approved or denied. */
export function decided(run: Run, verdict: 'approve' | 'deny', missing: number | undefined): MessageContent {
  const name = titled(run);
  if (verdict === 'deny') return say(`Your denial of ${name} ended it. Nothing was changed.`);
  if (run.state !== 'waiting') return say(`Your approval of ${name} counts. It needs no more.`);
  const more = missing === undefined ? 'It needs more.' : `It needs ${missing} more.`;
  return say(`Your approval of ${name} counts. ${more}`);
}

/** To somebody who cancelled or stopped a run. */
export function cancelled(run: Run): MessageContent {
  return run.state === 'cancelled'
    ? say(`Cancelled: ${titled(run)}.`)
    : say(`${titled(run)} stops before its next step. What is done stays done until it is undone.`);
}

/** To somebody who tried a stopped run again. */
export function retried(run: Run): MessageContent {
  return run.state === 'waiting'
    ? say(`The world has changed: ${titled(run)} has a new plan, which asks for approval again.`)
    : say(`${titled(run)} goes on.`);
}

export function reviewed(run: Run): MessageContent {
  return say(`Thank you. The review of ${titled(run)} is done.`);
}

export function runState(run: Run): MessageContent {
  return say(`*${stateWords[run.state]}:* ${titled(run)}`);
}

function titled(run: Run): string {
  return `${cut(escapeText(run.plan.title), 200)} (${code(run.id)})`;
}
