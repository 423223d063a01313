import type { MessageContent } from '../ports/chat.ts';
import type { OnCallTurn } from '../ports/on-call.ts';
import { cut, cutList } from './cut.ts';
import { date } from './date.ts';
import { context, header, section, sections } from './elements.ts';
import { code, escapeHint, escapeText } from './escape-text.ts';
import { mention } from './mentions.ts';
import { message } from './message.ts';

const mostNow = 5;

/** Who is on call now and next, by policy and level; the notification names the first. `ladderFaults`: what is wrong with whom our own ladder pages. */
export function onCallCard(
  turns: readonly OnCallTurn[],
  ladderFaults: readonly string[],
  readAt: string,
): MessageContent {
  const policies = [...new Set(turns.map(({ policy }) => policy.id))];
  const levelled = policies.map((id) => {
    const levels = turns.filter(({ policy }) => policy.id === id);
    return section(`*${cut(escapeText(levels[0]?.policy.name ?? id), 150)}*`, ...levels.map(levelLine));
  });
  const [first] = turns;
  const text = first
    ? `On call for ${escapeText(first.policy.name)}: ${first.now.map(({ name }) => escapeText(name)).join(', ') || 'nobody'}`
    : 'Nobody is on call.';
  return message(text, [
    header('On call'),
    ...sections(...ladderFaults.map((says) => `⚠️ ${cut(escapeHint(says), 600)}`)),
    ...(levelled.length > 0 ? levelled : [section('PagerDuty has no escalation policy.')]),
    context(`read ${date(readAt)}`, `${code('/stamps page <policy or person> because <why>')} wakes them`),
  ]);
}

function levelLine({ level, now, next }: OnCallTurn): string {
  const until = now.find((one) => one.until !== undefined)?.until;
  const who = now.length === 0 ? '*nobody*' : cutList(now.map(named), mostNow);
  const since = until === undefined ? '' : ` until ${date(until, 'day')}`;
  const gap = next?.from === undefined || next.from === until ? '' : ` from ${date(next.from, 'day')}`;
  const then = next === undefined ? '' : `, then ${named(next)}${gap}`;
  return `${level}. ${who}${since}${then}`;
}

function named({ slackId, name }: { slackId?: string; name: string }): string {
  return slackId === undefined ? cut(escapeText(name), 80) : mention(slackId);
}
