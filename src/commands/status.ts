import { statusCard } from '../blocks/status-card.ts';
import { type Cell, cellsOf, type Estate, findCell, findRegion } from '../domain/estate.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';
import { readEstateStatus } from './read-estate-status.ts';

const usage = 'status [global | region <region> | cell <cell>]';
const deadlineMs = 10_000;

export const status: Command = {
  name: 'status',
  usage,
  summary: 'Show the cells as they are now, with leases and open runs',
  examples: ['status', 'status region eastus', 'status cell-banking'],
  acts: false,
  may: anyMember,

  async run(text, { estate, operations, azure, clock }) {
    const { cells, called } = scopeOf(parseArguments(text).words, estate);
    const sources = { estate, operations, clock, ...(azure && { azure }) };
    const found = await readEstateStatus(sources, cells, { deadlineMs, traffic: cells.length === estate.cells.length });
    return statusCard(found, called, new Date(clock.now()).toISOString());
  },
};

function scopeOf(words: readonly string[], estate: Estate): { cells: readonly Cell[]; called: string } {
  const [first = 'global', ...rest] = words;
  const keyword = first.toLowerCase();
  if (keyword === 'global') {
    only([keyword, ...rest], 'part of the estate', usage);
    return { cells: estate.cells, called: 'the estate' };
  }
  if (keyword === 'region') return region(only(rest, 'region', usage), estate);
  if (keyword === 'cell') return cell(only(rest, 'cell', usage), estate);
  const named = only(words, 'part of the estate', usage);
  return estate.regions.some(({ name }) => name.toLowerCase() === keyword)
    ? region(named, estate)
    : cell(named, estate);
}

function cell(named: string, estate: Estate) {
  const found = findCell(estate, named);
  return { cells: [found], called: found.name };
}

function region(named: string, estate: Estate) {
  const found = findRegion(estate, named).name;
  return { cells: cellsOf(estate, found), called: found };
}
