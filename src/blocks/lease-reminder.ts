import { recoveredCell } from '../domain/recovery.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { Presenter } from '../ports/presenter.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { leaseButtons } from './run-buttons.ts';

type HeldLease = Parameters<Presenter['leaseReminder']>[0];

/** What is about to stay out longer than was said, or does already. */
export function leaseReminder(lease: HeldLease): MessageContent {
  if (lease.of === 'recovery') return recoveryReminder(lease);
  const name = cut(escapeText(lease.subject), 100);
  const [out, back] = ways[lease.of];
  const says = lease.ended
    ? `⏰ *${name} is still ${out}*, and its lease ended at ${date(lease.until)}.`
    : `⏳ *${name} is ${out}* until ${date(lease.until)}; the lease ends then.`;
  return message(lease.ended ? `Lease over: ${name} is still ${out}` : `Lease ends soon: ${name}`, [
    section(says, `${back}, or say how much longer it must stay so.`),
    plainSection(`Why: ${lease.reason}`),
    ...actions(...leaseButtons(lease)),
    context(`taken by ${code(lease.runId)}`),
  ]);
}

/** How it is called, and what ends it. */
const ways = {
  cell: ['out of service', 'Restore it'],
  region: ['served from elsewhere', 'Fail back'],
} as const;

/** Copies that are kept for longer than was said cost money; nothing is deleted by itself. */
function recoveryReminder(lease: HeldLease): MessageContent {
  const name = cut(escapeText(recoveredCell(lease.subject) ?? lease.subject), 100);
  const says = lease.ended
    ? `⏰ *The recovery of ${name}* was to end at ${date(lease.until, 'day')}.`
    : `⏳ *The recovery of ${name}* ends at ${date(lease.until, 'day')}.`;
  return message(lease.ended ? `Recovery to be ended: ${name}` : `Recovery ends soon: ${name}`, [
    section(says, 'Swap to the copies, keep them for longer, or end it. Nothing is deleted by itself.'),
    plainSection(`Why it was recovered: ${lease.reason}`),
    ...actions(...leaseButtons(lease)),
    context(`restored by ${code(lease.runId)}`),
  ]);
}
