import { scaleModal } from '../blocks/scale-modal.ts';
import { findCell, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'scale <cell> to <replicas> [most <replicas>] because <reason>';

export const scale: Command = {
  name: 'scale',
  usage,
  summary: 'Let a cell keep more replicas, or fewer; no scale-in is proposed below what a person set',
  examples: ['scale cell-banking to 6', 'scale cell-banking by +2 because the sale begins at noon', 'scale'],
  acts: true,
  may: mayAskFor('scale-cell'),

  async run(text, { incoming, member, operations, estate, chat }) {
    if (text.trim() === '') {
      await chat.openView(incoming.triggerId, scaleModal(estate, incoming.channel));
      return undefined;
    }
    const { words, because } = parseArguments(text);
    const asked = wishOf(words);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'scale-cell', {
      ...asked.wish,
      cell: findCell(estate, only(asked.names, 'cell', usage)).name,
      ...(because !== undefined && { reason: because }),
    });
  },
};

/** Reads `cell-banking to 6 most 12` and `cell-banking by +2`. Throws `bad-input`. */
function wishOf(words: readonly string[]) {
  const names: string[] = [];
  const wish: { to?: number; by?: number; most?: number } = {};
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? '';
    const key = (['to', 'by', 'most'] as const).find((one) => one === word.toLowerCase());
    if (key === undefined) {
      names.push(word);
      continue;
    }
    place += 1;
    wish[key] = replicasIn(words[place], key);
  }
  if ((wish.to === undefined) === (wish.by === undefined)) {
    throw new OpsError('bad-input', 'Say either to how many replicas, or by how many.', {
      hint: '`/stamps scale cell-banking to 6` or `/stamps scale cell-banking by +2`.',
    });
  }
  return { names, wish };
}

/** A whole number; behind `by` with a sign or without one. Throws `bad-input`. */
export function replicasIn(typed: string | undefined, key: 'to' | 'by' | 'most'): number {
  const text = typed?.trim() ?? '';
  if ((key === 'by' ? /^[+\-−]?\d{1,4}$/u : /^\d{1,4}$/u).test(text)) return Number(text.replace('−', '-'));
  throw new OpsError(
    'bad-input',
    text === '' ? `How many replicas stand behind “${key}”?` : `“${shown(text)}” is not a number of replicas.`,
    { hint: key === 'by' ? 'Write `by +2` or `by -1`.' : `Write \`${key} 6\`.` },
  );
}
