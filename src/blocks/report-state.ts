import type { MessageContent } from '../ports/chat.ts';
import type { ReportKind } from '../ports/reports.ts';
import { header, section } from './elements.ts';
import { message } from './message.ts';

const called: Readonly<Record<ReportKind, string>> = {
  daily: 'Daily report',
  weekly: 'Weekly maintenance',
  monthly: 'Monthly maintenance',
  dashboard: 'Dashboard',
  capacity: 'Capacity',
  maturity: 'Maturity',
};

/** Where a report will stand, until it does. */
export function reportBeingMade(kind: ReportKind): MessageContent {
  return message(`${called[kind]}: is being made`, [
    header(called[kind]),
    section('⏳ It is being made, and will stand here.'),
  ]);
}

/** Why it failed is told to whoever asked for it. */
export function reportFailed(kind: ReportKind): MessageContent {
  return message(`${called[kind]}: could not be made`, [
    header(called[kind]),
    section('⚠️ It could not be made. Whoever asked for it was told why.'),
  ]);
}
