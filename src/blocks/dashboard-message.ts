import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { missingNote, type ReportMessages, type ShownPicture } from './daily-digest.ts';
import { date } from './date.ts';
import { context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

/** A dashboard: its picture, and what is missing from it. `at`: ISO 8601. */
export function dashboardMessage(
  { title, missing }: { readonly title: string; readonly missing: readonly string[] },
  at: string,
  shown: ShownPicture | undefined,
  command: string,
): ReportMessages {
  const first: MessageContent = message(cut(escapeText(title), 200), [
    header(title),
    shown
      ? picture(shown.fileId, shown.altText)
      : section('Slack did not take the picture. Ask for it again in a minute.'),
    ...missingNote(missing),
    context(`As of ${date(at, 'day')}`, code(`/stamps ${command}`)),
  ]);
  return { first, thread: [] };
}
