import { kpiCard } from '../blocks/kpi-card.ts';
import { hourMs, minuteMs, parseDuration } from '../domain/duration.ts';
import { type Estate, findCell, findRegion } from '../domain/estate.ts';
import type { KpiSubject } from '../domain/kpi-report.ts';
import { OpsError } from '../errors.ts';
import { only, parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

const usage = 'kpi [cell <cell> | region <region>] [24h]';
/** Longer than a sample, and no longer than hours are kept. */
const limits = { leastMs: 5 * minuteMs, mostMs: 30 * 24 * hourMs };

export const kpi: Command = {
  name: 'kpi',
  usage,
  summary: 'Show the indicators with targets, state, trend and error budget',
  examples: ['kpi', 'kpi cell cell-banking', 'kpi region eastus 24h'],
  acts: false,
  may: anyMember,
  meanwhile: 'The indicators are being read and drawn.',

  async run(text, { estate, kpis }) {
    const { subject, windowMs } = wanted(parseArguments(text).words, estate);
    const report = await kpis.report(subject, windowMs);
    return kpiCard(report, report.at === undefined ? undefined : await kpis.picture(report));
  },
};

function wanted(words: readonly string[], estate: Estate): { subject: KpiSubject; windowMs?: number } {
  const last = words.at(-1) ?? '';
  const timed = /^\d/.test(last);
  const window = timed ? { windowMs: parseDuration(last, limits) } : {};
  const [keyword = '', ...rest] = timed ? words.slice(0, -1) : words;
  switch (keyword.toLowerCase()) {
    case '':
    case 'global':
      only([keyword || 'global', ...rest], 'part of the estate', usage);
      return { subject: { of: 'estate' }, ...window };
    case 'region':
      return { subject: { of: 'region', region: findRegion(estate, only(rest, 'region', usage)).name }, ...window };
    case 'cell':
      return { subject: { of: 'cell', cell: findCell(estate, only(rest, 'cell', usage)).name }, ...window };
    default: {
      const named = only([keyword, ...rest], 'part of the estate', usage);
      const region = estate.regions.find(({ name }) => name === named.toLowerCase());
      if (region) return { subject: { of: 'region', region: region.name }, ...window };
      if (/^(tenants?|api)$/i.test(named))
        throw new OpsError('bad-input', 'The indicators are of the estate, a region or a cell.', {
          hint: 'For a tenant type `/stamps tenant usage <tenant>`.',
        });
      return { subject: { of: 'cell', cell: findCell(estate, named).name }, ...window };
    }
  }
}
