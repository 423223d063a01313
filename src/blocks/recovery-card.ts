import { commonRange, type ServingStores, type StoreFinding } from '../domain/recovery.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { actions, context, header, section } from './elements.ts';
import { code, escapeHint, escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { recoverCell } from './run-buttons.ts';

/** To which moments each store of a cell can be brought, and all of them together; for each that can't, why and how by hand. */
export function recoveryCard(
  cell: string,
  findings: readonly StoreFinding[],
  stores: ServingStores,
  readAt: string,
): MessageContent {
  const title = `Restore points of ${cell}`;
  const range = commonRange(findings);
  // A recovery of what the file does not name is refused.
  const able = stores.how !== 'others';
  const together = range
    ? `*Together:* from ${date(range.earliest, 'day')} to ${date(range.latest, 'day')}`
    : '*Together:* there is no such moment';
  return message(escapeText(title), [
    header(title),
    section(...servingLines(stores)),
    ...findings.map((finding) => section(...storeLines(finding))),
    section(
      together,
      ...(range && able
        ? ['What is restored stands beside the original; the swap is asked for afterwards, and puts blobs back.']
        : []),
    ),
    ...(range && able ? actions(recoverCell(cell)) : []),
    context(
      `read ${date(readAt, 'day')}`,
      ...(able
        ? [code(`/stamps recover ${cut(cell, 100)} to ${(range?.latest ?? readAt).slice(0, 16)}Z because …`)]
        : []),
    ),
  ]);
}

function servingLines(stores: ServingStores): string[] {
  switch (stores.how) {
    case 'as named':
      return ['The app works on these stores.'];
    case 'others':
      return [
        `⚠️ The app works on these stores, not on ${cut(escapeText(stores.named.join(' and ')), 300)}, which the estate file names.`,
        `Before anything can be recovered: ${escapeHint(cut(stores.mend, 900))}`,
      ];
    case 'not known':
      return [
        `⚠️ These are the stores that the estate file names. Whether the app works on them is not known: ${cut(escapeText(stores.why), 300)}`,
      ];
  }
}

function storeLines(finding: StoreFinding): string[] {
  const named = `*${finding.store}* ${cut(escapeText(finding.name), 150)}`;
  const span = (from: string, to: string) => `from ${date(from, 'day')} to ${date(to, 'day')}`;
  switch (finding.how) {
    case 'beside':
      return [`✅ ${named}: ${span(finding.earliest, finding.latest)}`];
    case 'in place':
      return [
        `⚠️ ${named}: ${span(finding.earliest, finding.latest)}, with the swap`,
        cut(escapeText(finding.why), 300),
      ];
    case 'no':
      return [`⛔ ${named}: cannot be restored`, why(finding)];
  }
}

function why({ why, byHand }: { readonly why: string; readonly byHand: string }): string {
  return `${cut(escapeText(why), 300)} ${cut(escapeText(byHand), 300)}`;
}
