import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, plainSection, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { extendLease, restoreNow } from './run-buttons.ts';

/** A cell that is about to stay out longer than was said, or does already. */
export function leaseReminder(lease: {
  subject: string;
  until: string;
  runId: string;
  reason: string;
  ended: boolean;
}): MessageContent {
  const cell = cut(escapeText(lease.subject), 100);
  const says = lease.ended
    ? `⏰ *${cell} is still out of service*, and its lease ended at ${date(lease.until)}.`
    : `⏳ *${cell} is out of service* until ${date(lease.until)}; the lease ends then.`;
  return message(lease.ended ? `Lease over: ${cell} is still out` : `Lease ends soon: ${cell}`, [
    section(says, 'Restore it, or say how much longer it must stay out.'),
    plainSection(`Why it is out: ${lease.reason}`),
    ...actions(restoreNow(lease.subject), extendLease(lease.subject)),
    context(`taken by ${code(lease.runId)}`),
  ]);
}
