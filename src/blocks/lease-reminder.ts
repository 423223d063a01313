import { recoveredCell } from '../domain/recovery.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { leaseButtons } from './run-buttons.ts';

interface HeldLease {
  readonly subject: string;
  readonly until: string;
  readonly runId: string;
  readonly reason: string;
  readonly ended: boolean;
}

/** A cell that is about to stay out longer than was said, or does already. */
export function leaseReminder(lease: HeldLease): MessageContent {
  const recovered = recoveredCell(lease.subject);
  if (recovered !== undefined) return recoveryReminder(recovered, lease);
  const cell = cut(escapeText(lease.subject), 100);
  const says = lease.ended
    ? `⏰ *${cell} is still out of service*, and its lease ended at ${date(lease.until)}.`
    : `⏳ *${cell} is out of service* until ${date(lease.until)}; the lease ends then.`;
  return message(lease.ended ? `Lease over: ${cell} is still out` : `Lease ends soon: ${cell}`, [
    section(says, 'Restore it, or say how much longer it must stay out.'),
    plainSection(`Why it is out: ${lease.reason}`),
    ...actions(...leaseButtons(lease.subject)),
    context(`taken by ${code(lease.runId)}`),
  ]);
}

/** Copies that are kept for longer than was said cost money; nothing is deleted by itself. */
function recoveryReminder(cell: string, lease: HeldLease): MessageContent {
  const name = cut(escapeText(cell), 100);
  const says = lease.ended
    ? `⏰ *The recovery of ${name}* was to end at ${date(lease.until, 'day')}.`
    : `⏳ *The recovery of ${name}* ends at ${date(lease.until, 'day')}.`;
  return message(lease.ended ? `Recovery to be ended: ${name}` : `Recovery ends soon: ${name}`, [
    section(says, 'Swap to the copies, keep them for longer, or end it. Nothing is deleted by itself.'),
    plainSection(`Why it was recovered: ${lease.reason}`),
    ...actions(...leaseButtons(lease.subject)),
    context(`restored by ${code(lease.runId)}`),
  ]);
}
