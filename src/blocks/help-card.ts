import type { MessageContent } from '../ports/chat.ts';
import { context, section, sections } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { message } from './message.ts';

/** What help shows of a command. */
export interface CommandHelp {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
}

/** The commands that this person may use. */
export function helpCard(commands: readonly CommandHelp[]): MessageContent {
  return message('What you can do with /stamps', [
    ...sections(
      '*What you can do*',
      ...commands.map(({ usage, summary }) => `${code(`/stamps ${usage}`)} — ${escapeText(summary)}`),
    ),
    context(
      `${code('/stamps help <command>')} shows examples`,
      `in a run’s thread: ${code('@stamps approve')}, ${code('deny')} or ${code('status')}`,
    ),
  ]);
}

/** One command with its examples. */
export function commandHelp({ name, usage, summary, examples }: CommandHelp): MessageContent {
  return message(`Help on ${escapeText(name)}`, [
    section(`*${escapeText(summary)}*`, code(`/stamps ${usage}`)),
    ...(examples.length > 0 ? [section('For example:', ...examples.map((example) => code(`/stamps ${example}`)))] : []),
  ]);
}
