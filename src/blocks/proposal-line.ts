import type { ProposalLine } from '../domain/digest.ts';
import { isOfSql } from '../domain/scaling.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { code, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';

/** A scaling proposal in a report: what it wanted, and what people made of it. */
export function proposalLine(proposal: ProposalLine): string {
  const { id, cell, direction, to } = proposal;
  const wanted = to === undefined ? undefined : cut(escapeText(String(to)), 40);
  const what = isOfSql(direction)
    ? `SQL ${direction}${wanted === undefined ? ', which Stamps cannot do' : ` to ${wanted}`}`
    : `${direction} to ${wanted} replicas`;
  return `${code(id)} *${cut(escapeText(cell), 60)}* ${what} — ${fate(proposal)}`;
}

function fate({ state, runId, byPerson, reason, snoozedUntil }: ProposalLine): string {
  const by = byPerson === undefined ? '' : ` by ${mention(byPerson)}`;
  const run = runId === undefined ? 'its run' : code(runId);
  const why = reason === undefined ? '' : `: ${cut(escapeText(reason), 120)}`;
  if (state === 'done') return `✅ taken${by}, done by ${run}`;
  if (state === 'proposed') return `taken${by}, ${run} waits or runs`;
  if (state === 'ended') return `taken${by}, but ${run} was not carried out${why}`;
  if (state === 'dismissed') return `declined${by}${why}`;
  if (state === 'withdrawn') return 'withdrawn: its load came back by itself';
  if (state === 'snoozed') return `⏳ open, snoozed${by} until ${snoozedUntil ? date(snoozedUntil, 'day') : 'later'}`;
  return '⏳ open: nobody has answered yet';
}

/** `3 proposed: 1 taken, 1 declined, 1 open`. */
export function proposalSummary(proposals: readonly ProposalLine[]): string {
  const count = (...states: readonly ProposalLine['state'][]) =>
    proposals.filter(({ state }) => states.includes(state)).length;
  const parts = [
    [count('done', 'proposed', 'ended'), 'taken'],
    [count('dismissed'), 'declined'],
    [count('withdrawn'), 'withdrawn'],
    [count('open', 'snoozed'), 'open'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return `${proposals.length} proposed${said.length > 0 ? `: ${said.join(', ')}` : ''}`;
}
