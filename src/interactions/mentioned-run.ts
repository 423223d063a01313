import { runId } from '../commands/arguments.ts';
import { shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import type { IncomingMention } from '../ports/incoming.ts';
import type { Context } from './interaction.ts';

/**
 * Which run somebody speaks of: the one they name, else the one in whose thread they write. A plan code that they
 * name is what they have seen. Throws `bad-input` when neither says, or for a word that is neither.
 */
export async function mentionedRun(
  about: readonly string[],
  { incoming, threadRun }: Pick<Context<IncomingMention>, 'incoming' | 'threadRun'>,
): Promise<{ runId: string; seenCode?: string }> {
  const code = about.find((word) => /^[0-9a-f]{8}$/iu.test(word));
  const [name, extra] = about.filter((word) => word !== code);
  if (extra !== undefined) throw new OpsError('bad-input', `“${shown(extra)}” is one word too many.`, { hint });
  const named = name === undefined ? undefined : runId(name);
  const found = named ?? (incoming.threadTs && (await threadRun(incoming.channel, incoming.threadTs)));
  if (!found) throw new OpsError('bad-input', 'Which run?', { hint });
  return { runId: found, ...(code !== undefined && { seenCode: code.toLowerCase() }) };
}

const hint = 'Write it in the run’s thread, or name the run: `@stamps approve r-17`.';
