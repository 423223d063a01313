import type { PagerNews } from '../ports/pager-news.ts';

/** What was done, as the beginning of a sentence. */
export const deeds: Readonly<Record<PagerNews['what'], string>> = {
  acknowledged: 'Acknowledged',
  unacknowledged: 'The acknowledgement timed out',
  resolved: 'Resolved',
  reopened: 'Reopened',
  noted: 'Noted',
  reassigned: 'Reassigned',
  escalated: 'Escalated',
  delegated: 'Handed to another escalation policy',
  prioritised: 'Priority changed',
  other: 'Something happened',
};

/** News of PagerDuty as a sentence; unescaped text of strangers. */
export function pagerWords({ what, by, text = '', to = [] }: PagerNews): string {
  const who = by ? ` by ${by.name}` : '';
  const did = `${deeds[what]}${whom(what, to.join(', '))} in PagerDuty${who}`;
  return what === 'noted' ? `${did}: ${text}` : `${did}.`;
}

function whom(what: PagerNews['what'], to: string): string {
  if (what === 'prioritised') return ` to ${to || 'none'}`;
  if (to === '') return '';
  return what === 'delegated' ? `: ${to}` : ` to ${to}`;
}
