import { apimStatusCard } from '../blocks/apim-status-card.ts';
import { statusCard } from '../blocks/status-card.ts';
import { type Cell, cellsOf, type Estate, findCell, findRegion } from '../domain/estate.ts';
import type { KpiSubject } from '../domain/kpi-report.ts';
import { OpsError } from '../errors.ts';
import type { MessageContent } from '../ports/chat.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command, Services } from './command.ts';
import { anyMember } from './may.ts';
import { readApiStatus } from './read-api-status.ts';
import { readEstateStatus } from './read-estate-status.ts';

const usage = 'status [global | apim | region <region> | cell <cell>]';
const deadlineMs = 10_000;

export const status: Command = {
  name: 'status',
  usage,
  summary: 'Show the cells as they are now, with indicators, leases and open runs',
  examples: ['status', 'status region eastus', 'status cell-banking', 'status apim'],
  acts: false,
  may: anyMember,
  run: (text, context) => showStatus(text, context),
};

type StatusServices = Pick<Services, 'estate' | 'operations' | 'azure' | 'probes' | 'clock' | 'kpis'>;

/** `text`: what stands behind `/stamps status`; buttons carry the same words. */
export async function showStatus(text: string, services: StatusServices): Promise<MessageContent> {
  const { estate, operations, azure, probes, clock, kpis } = services;
  const { words } = parseArguments(text);
  const readAt = new Date(clock.now()).toISOString();
  if (/^(apim|api)$/i.test(words[0] ?? '')) {
    only(words, 'part of the estate', usage);
    if (azure === undefined) throw new OpsError('misconfigured', 'Azure is not configured.', {});
    return apimStatusCard(await readApiStatus(estate, azure, probes, clock, deadlineMs), readAt);
  }
  const { cells, subject } = scopeOf(words, estate);
  const sources = { estate, operations, clock, ...(azure && { azure }), ...(probes && { probes }) };
  const found = await readEstateStatus(sources, cells, {
    deadlineMs,
    global: subject.of === 'estate',
    health: true,
    indicators: () => kpis.report(subject),
    ...(subject.of === 'cell' && cells[0] && { tenantsOf: cells[0] }),
    ...(subject.of === 'region' && { region: findRegion(estate, subject.region) }),
  });
  const near = {
    regions: estate.regions.map(({ name }) => name),
    cells: cells.map(({ name }) => name),
    ...(subject.of === 'cell' && cells[0] && { region: cells[0].region }),
  };
  return statusCard({ ...found, subject, near }, calledOf(subject), readAt);
}

function calledOf(subject: KpiSubject): string {
  return subject.of === 'estate' ? 'the estate' : subject.of === 'region' ? subject.region : subject.cell;
}

interface Scope {
  readonly cells: readonly Cell[];
  readonly subject: KpiSubject;
}

function scopeOf(words: readonly string[], estate: Estate): Scope {
  const [first = 'global', ...rest] = words;
  const keyword = first.toLowerCase();
  if (keyword === 'global') {
    only([keyword, ...rest], 'part of the estate', usage);
    return { cells: estate.cells, subject: { of: 'estate' } };
  }
  if (keyword === 'region') return region(only(rest, 'region', usage), estate);
  if (keyword === 'cell') return cell(only(rest, 'cell', usage), estate);
  const named = only(words, 'part of the estate', usage);
  return estate.regions.some(({ name }) => name.toLowerCase() === keyword)
    ? region(named, estate)
    : cell(named, estate);
}

function cell(named: string, estate: Estate): Scope {
  const found = findCell(estate, named);
  return { cells: [found], subject: { of: 'cell', cell: found.name } };
}

function region(named: string, estate: Estate): Scope {
  const { name } = findRegion(estate, named);
  return { cells: cellsOf(estate, name), subject: { of: 'region', region: name } };
}
