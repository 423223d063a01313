import type { SqlProposal } from '../domain/scaling-proposal.ts';
import { capacityWords, isBoughtByDtus, loadAt, tierWords } from '../domain/sql-tier.ts';
import { code, escapeText } from './escape-text.ts';

/** Just above a threshold must not read like the threshold. */
export const percent = (value: number): string => `${value.toLocaleString('en-GB', { maximumFractionDigits: 1 })} %`;

export function sqlTitle({ cell, direction, evidence: { to } }: SqlProposal): string {
  if (to) return `Scale SQL of ${cell} ${direction} to ${to.objective}?`;
  return `SQL of ${cell} is full, and Stamps cannot scale it`;
}

export function sqlLoadLines({ direction, evidence: { windows, from } }: SqlProposal): string[] {
  const late = windows.slice(-6);
  const values = late.map((window) => (window.percent === undefined ? '?' : percent(window.percent)));
  return [
    `The load of its database is ${direction === 'up' ? 'high' : 'low'}; the last ${late.length * 5} minutes by windows of five, the newest last:`,
    `*${isBoughtByDtus(from) ? 'DTUs' : 'CPU'}:* ${values.join(' · ')}`,
  ];
}

export function sqlPlanLines({ direction, evidence }: SqlProposal): string[] {
  const { database, from, to, why, windows, secondaries } = evidence;
  const name = escapeText(database);
  if (!to)
    return [
      `*It has:* ${name} is ${escapeText(tierWords(from))}`,
      `*Why Stamps does not scale it:* ${escapeText(why ?? 'not known')}`,
      'The runbook `scale-sql` says how it is done by hand. Dismiss this with what you made of it.',
    ];
  const more = to.capacity - from.capacity;
  const newest = windows.at(-1)?.percent;
  const expected =
    newest === undefined
      ? 'what that makes of the load is not known'
      : `if the load stays, about ${Math.round(loadAt(newest, from, to))} % of it`;
  const along =
    secondaries.length === 0
      ? ''
      : `; its geo-secondary on ${secondaries.map((server) => escapeText(server)).join(', ')} ${direction === 'up' ? 'first' : 'last'}`;
  return [
    `*What would run:* ${code('scale-sql')} gives ${name} ${escapeText(tierWords(to))}, not ${escapeText(tierWords(from))}${along}`,
    `*Load:* ${expected}`,
    '*While it runs:* the database stays online; at the end its connections are dropped once, for up to 30 s',
    `*Cost:* ${escapeText(capacityWords({ ...to, capacity: Math.abs(more) }))} ${more > 0 ? 'more' : 'fewer'} paid for; each hour is billed by the most that it had in it`,
    `It is planned anew and checked when it is proposed${direction === 'down' ? ', and never goes below what a person set' : ''}. Nothing is changed before it is approved.`,
  ];
}
