import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

/** What comparing the declared alert rules with Azure's showed. */
export interface AlertRuleFinding {
  readonly kind: 'missing' | 'differs' | 'extra' | 'not-known';
  /** Of the rule; of what is not known, what could not be read. */
  readonly name: string;
  /** In words: what it should be, what differs, what it is. */
  readonly says: string;
}

const titles: Readonly<Record<AlertRuleFinding['kind'], string>> = {
  missing: '⛔ *Declared, not in Azure*',
  differs: '⚠️ *Differs from what is declared*',
  extra: '➕ *In Azure, not declared* (left alone)',
  'not-known': '❔ *Not known: could not be read*',
};
/** What somebody changed comes first: what is missing may be long. */
const kinds = ['differs', 'missing', 'extra', 'not-known'] as const;

export function alertsCheckCard(
  findings: readonly AlertRuleFinding[],
  declared: number,
  readAt: string,
): MessageContent {
  const toMend = findings.filter(({ kind }) => kind === 'missing' || kind === 'differs').length;
  const unread = findings.some(({ kind }) => kind === 'not-known');
  const verdict =
    toMend > 0
      ? `${toMend} of ${declared} declared alert rules ${toMend === 1 ? 'is' : 'are'} not as declared.`
      : unread
        ? 'Whether the alert rules are as declared is not known.'
        : `✅ All ${declared} declared alert rules are in Azure as declared.`;
  const sections = kinds
    .map((kind) => ({ kind, found: findings.filter((finding) => finding.kind === kind) }))
    .filter(({ found }) => found.length > 0)
    .map(({ kind, found }) =>
      section(
        `${titles[kind]}: ${found.length}`,
        ...found.map(({ name, says }) => `• *${cut(escapeText(name), 80)}* ${cut(escapeText(says), 240)}`),
      ),
    );
  const hint = toMend > 0 ? [`${code('/stamps alerts sync')} mends them, after approval`] : [];
  return message(verdict, [section(verdict), ...sections, context(`read at ${date(readAt)}`, ...hint)]);
}
