import type { Lease, Run } from '../domain/run.ts';
import { date } from './date.ts';
import { code, escapeText } from './escape-text.ts';
import { fit } from './fit.ts';
import { mention } from './mentions.ts';
import { stateWords } from './run-state.ts';

/** A run as one line of a list. */
export function runLine(run: Run): string {
  const title = fit(escapeText(run.plan.title), 120);
  return `${stateWords[run.state]} — ${code(run.id)} ${title}, by ${mention(run.requesterId)} at ${date(run.requestedAt, 'day')}`;
}

/** A lease as one line of a list. */
export function leaseLine(lease: Lease): string {
  const end = { remind: 'reminds then', page: 'pages then', undo: 'is undone then' }[lease.onExpiry];
  return `⏳ *${fit(escapeText(lease.subject), 100)}* is out until ${date(lease.until, 'day')} and ${end} (${code(lease.runId)}): ${fit(escapeText(lease.reason), 120)}`;
}
