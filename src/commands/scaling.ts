import { escapeText } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import { scalingList } from '../blocks/scaling-list.ts';
import { findCell } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember, mayAskFor } from './may.ts';

export const scaling: Command = {
  name: 'scaling',
  usage: 'scaling',
  summary: 'List scaling triggers, proposals, floors and cool-downs',
  examples: ['scaling'],
  acts: false,
  may: anyMember,
  run: async (_text, context) => scalingList(await context.scaling.standing()),
};

const usage = 'scaling release <cell> [sql]';

export const scalingRelease: Command = {
  name: 'scaling release',
  usage,
  summary: 'Let the floor of a cell, or of its SQL database, go: less may be proposed again',
  examples: ['scaling release cell-banking', 'scaling release cell-banking sql'],
  acts: true,
  may: (member, policy) => mayAskFor('scale-cell')(member, policy) || mayAskFor('scale-sql')(member, policy),

  async run(text, context) {
    const { words } = parseArguments(text);
    const ofSql = words.length > 1 && words.at(-1)?.toLowerCase() === 'sql';
    const cell = findCell(context.estate, only(ofSql ? words.slice(0, -1) : words, 'cell', usage)).name;
    await context.scaling.release(cell, ofSql ? 'sql' : 'replicas', context.member);
    return ofSql
      ? say(`SQL of ${escapeText(cell)} has no floor any more: a step down may be proposed.`)
      : say(`${escapeText(cell)} has no floor any more: a scale-in may be proposed.`);
  },
};
