import type { MessageContent } from '../ports/chat.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { context, section } from './elements.ts';
import { escapeHint } from './escape-text.ts';
import { message } from './message.ts';

/** What comparing the estate file with live Azure showed, in words. */
export interface EstateFinding {
  readonly kind: 'missing' | 'differs' | 'extra' | 'not-known';
  readonly says: string;
}

const titles: Readonly<Record<EstateFinding['kind'], string>> = {
  missing: '⛔ *In the file, not in Azure*',
  differs: '⚠️ *Differs*',
  extra: '➕ *In Azure, not in the file*',
  'not-known': '❔ *Not known: could not be read*',
};

export function estateCheckCard(findings: readonly EstateFinding[], compared: number, readAt: string): MessageContent {
  const kinds = ['missing', 'differs', 'extra', 'not-known'] as const;
  const sections = kinds
    .map((kind) => ({ kind, found: findings.filter((finding) => finding.kind === kind) }))
    .filter(({ found }) => found.length > 0)
    .map(({ kind, found }) => section(titles[kind], ...found.map(({ says }) => `• ${cut(escapeHint(says), 600)}`)));
  const verdict =
    findings.length === 0
      ? `✅ The estate file and Azure agree: ${compared} cells compared.`
      : `The estate file and Azure do not agree: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.`;
  return message(verdict, [section(verdict), ...sections, context(`read at ${date(readAt)}`)]);
}
