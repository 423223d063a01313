import type { DrillSetting } from '../domain/drill-schedule.ts';
import { formatDuration } from '../domain/duration.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

type Drill = Pick<DrillSetting, 'region' | 'to' | 'withData' | 'lastsMs' | 'windowMs'>;

/** Said some time before: nothing happens by itself. */
export function drillAhead(drill: Drill, dueAt: string): MessageContent {
  return message(`A drill of ${named(drill)} comes up`, [
    section(
      `🗓️ *A drill of ${named(drill)} comes up* at ${date(dueAt, 'day')}: ${what(drill)}.`,
      'Its plan will be put up for approval then. It runs only if two people approve it, and not at all while something is wrong.',
    ),
  ]);
}

/** Its plan is there, and waits. */
export function drillAsked(drill: Drill, runId: string, until: string): MessageContent {
  return message(`The drill of ${named(drill)} waits for approval`, [
    section(
      `🗓️ *The drill of ${named(drill)} is due:* ${what(drill)}. ${code(runId)} waits for approval until ${date(until)}; its card is here.`,
    ),
    context('The calendar asks, nobody else. Nothing runs unless it is approved.'),
  ]);
}

/** Why there is none this time. */
export function drillSkipped(drill: Drill, reason: string, runId?: string): MessageContent {
  return message(`No drill of ${named(drill)} this time`, [
    section(
      `🗓️ *No drill of ${named(drill)} this time:* ${cut(escapeText(reason), 600)}${runId === undefined ? '' : ` (${code(runId)})`}`,
    ),
    context(`By hand, once that is over: ${code(`/stamps drill ${cut(drill.region, 60)}`)}`),
  ]);
}

function named({ region, to }: Drill): string {
  return to === undefined
    ? cut(escapeText(region), 60)
    : `${cut(escapeText(region), 60)} to ${cut(escapeText(to), 60)}`;
}

function what({ lastsMs, withData }: Drill): string {
  return `clients are served from the other region for ${formatDuration(lastsMs)}, ${withData ? 'data moves with them' : 'data stays'}`;
}
