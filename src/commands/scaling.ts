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

const usage = 'scaling release <cell>';

export const scalingRelease: Command = {
  name: 'scaling release',
  usage,
  summary: 'Let the floor of a cell go: a scale-in may be proposed again',
  examples: ['scaling release cell-banking'],
  acts: true,
  may: mayAskFor('scale-cell'),

  async run(text, context) {
    const cell = findCell(context.estate, only(parseArguments(text).words, 'cell', usage)).name;
    await context.scaling.release(cell, context.member);
    return say(`${escapeText(cell)} has no floor any more: a scale-in may be proposed.`);
  },
};
