import { recoveredCell } from '../domain/recovery.ts';
import type { Lease, Run } from '../domain/run.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { stateWords } from './run-state.ts';

/** A run as one line of a list. */
export function runLine(run: Run): string {
  const title = cut(escapeText(run.plan.title), 120);
  return `${stateWords[run.state]} — ${code(run.id)} ${title}, by ${mention(run.requesterId)} at ${date(run.requestedAt, 'day')}`;
}

/** A lease as one line of a list. */
export function leaseLine(lease: Lease): string {
  const end = { remind: 'reminds then', page: 'pages then', undo: 'is undone then' }[lease.onExpiry];
  const recovered = recoveredCell(lease.subject);
  if (recovered !== undefined)
    return `💾 The recovery of *${cut(escapeText(recovered), 100)}* ends ${date(lease.until, 'day')} (${code(lease.runId)}): ${cut(escapeText(lease.reason), 120)}`;
  const out = lease.of === 'region' ? 'is served from elsewhere' : 'is out';
  return `⏳ *${cut(escapeText(lease.subject), 100)}* ${out} until ${date(lease.until, 'day')} and ${end} (${code(lease.runId)}): ${cut(escapeText(lease.reason), 120)}`;
}
