import { scaleModal } from '../blocks/scale-modal.ts';
import { findCell, shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { requestRun } from './request-run.ts';

const usage = 'scale sql <cell> up|down|to <service objective> because <reason>';

export const scaleSql: Command = {
  name: 'scale sql',
  usage,
  summary: 'Give a cell a larger or a smaller SQL database; nothing smaller is proposed than what a person set',
  examples: ['scale sql cell-banking up', 'scale sql cell-banking to S4 because the sale begins at noon', 'scale sql'],
  acts: true,
  may: mayAskFor('scale-sql'),

  async run(text, { incoming, member, operations, estate, chat }) {
    if (text.trim() === '') {
      await chat.openView(incoming.triggerId, scaleModal(estate, incoming.channel, { what: 'sql' }));
      return undefined;
    }
    const { words, because } = parseArguments(text);
    const { names, to } = wishOf(words);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRun(asking, 'scale-sql', {
      cell: findCell(estate, only(names, 'cell', usage)).name,
      to,
      ...(because !== undefined && { reason: because }),
    });
  },
};

/** Reads `cell-banking up` and `cell-banking to S4`. Throws `bad-input`. */
function wishOf(words: readonly string[]): { names: string[]; to: string } {
  const names: string[] = [];
  const wishes: string[] = [];
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? '';
    if (/^to$/i.test(word)) {
      place += 1;
      wishes.push(objectiveIn(words[place]));
    } else if (/^(up|down)$/i.test(word)) wishes.push(word.toLowerCase());
    else names.push(word);
  }
  const [to, ...others] = wishes;
  if (to === undefined || others.length > 0)
    throw new OpsError('bad-input', 'Say one of up, down, and to a service objective.', {
      hint: '`/stamps scale sql cell-banking up` or `/stamps scale sql cell-banking to S4`.',
    });
  return { names, to };
}

/** `up`, `down`, or the name of a service objective. Throws `bad-input`. */
export function objectiveIn(typed: string | undefined): string {
  const text = typed?.trim() ?? '';
  if (/^\w{2,40}$/.test(text)) return /^(up|down)$/i.test(text) ? text.toLowerCase() : text;
  throw new OpsError(
    'bad-input',
    text === '' ? 'Which service objective?' : `“${shown(text)}” is no service objective.`,
    { hint: 'Write up, down, or a name such as S4 or GP_Gen5_4.' },
  );
}
