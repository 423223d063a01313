import type { KpiFigure, KpiTrend } from '../domain/digest.ts';
import { formatDuration, hourMs } from '../domain/duration.ts';
import { cellOfScope, isWorse, type KpiDefinition, type KpiState } from '../domain/kpi.ts';
import { boundsInWords, kpiValue } from '../domain/kpi-words.ts';
import type { FindingKind, MaintenanceReport } from '../domain/maintenance.ts';
import { kpiSeries } from '../kpis/read-samples.ts';
import type { Standing } from '../pictures/theme.ts';
import type { Tile } from '../pictures/tile-board.ts';
import type { DigestContext } from './digest-context.ts';

const standingOf: Readonly<Record<KpiState, Standing>> = {
  ok: 'good',
  warning: 'close',
  alert: 'over',
  unknown: 'unknown',
};
const hoursShown = 24;

/** A tile for each indicator: of a cell's, the cell that fares worst. `at`: milliseconds since 1970. */
export async function kpiTiles(
  { database, definitions }: Pick<DigestContext, 'database' | 'definitions'>,
  figures: readonly KpiFigure[],
  trends: readonly KpiTrend[],
  at: number,
): Promise<Tile[]> {
  const present = definitions.filter(({ id }) => figures.some(({ definition }) => definition.id === id));
  return Promise.all(
    present.map(async (definition) => {
      const own = figures.filter((figure) => figure.definition.id === definition.id);
      const worst = worstOf(definition, own);
      const trend = trends.find((one) => one.definition.id === definition.id && one.scope === worst.scope);
      const points = await kpiSeries(database, {
        definition,
        scopes: [worst.scope],
        from: new Date(at - hoursShown * hourMs).toISOString(),
        to: new Date(at).toISOString(),
        grain: 'hour',
      });
      return tileOf(definition, worst, own.length, trend, evenly(points, at));
    }),
  );
}

function worstOf(definition: KpiDefinition, figures: readonly KpiFigure[]): KpiFigure {
  return figures.reduce((worst, one) => {
    if (one.value === undefined) return worst;
    return worst.value === undefined || isWorse(definition, one.value, worst.value) ? one : worst;
  });
}

function tileOf(
  definition: KpiDefinition,
  { scope, state, value }: KpiFigure,
  count: number,
  trend: KpiTrend | undefined,
  points: readonly (number | undefined)[],
): Tile {
  const cell = cellOfScope(scope);
  const change = changeWords(definition, trend);
  const whose = cell === undefined ? '' : count > 1 ? `, worst ${cell}` : `, ${cell}`;
  return {
    label: definition.title,
    value: value === undefined ? undefined : kpiValue(definition.unit, value),
    standing: standingOf[state],
    notes: [
      ...boundsInWords(definition),
      `${definition.statistic}, ${formatDuration(definition.judgedOverMs)}${whose}`,
    ],
    ...(change !== undefined && { change }),
    trend: points,
  };
}

/** Against the 24 hours before, as an arrow and a figure. */
function changeWords(definition: KpiDefinition, trend: KpiTrend | undefined): string | undefined {
  if (trend?.now === undefined || trend.yesterday === undefined) return undefined;
  const moved = trend.now - trend.yesterday;
  if (Math.abs(moved) < Math.abs(trend.yesterday) * 0.005) return '→ as yesterday';
  return `${moved > 0 ? '↑' : '↓'} ${kpiValue(definition.unit, Math.abs(moved))}`;
}

/** One place an hour, so that a missing hour is a gap. */
function evenly(points: readonly { at: string; value?: number }[], at: number): (number | undefined)[] {
  const hour = (ms: number) => Math.floor(ms / hourMs);
  const byHour = new Map(points.map((point) => [hour(Date.parse(point.at)), point.value]));
  return Array.from({ length: hoursShown }, (_, index) => byHour.get(hour(at) - hoursShown + 1 + index));
}

/** How many of each kind were found, and what the week cost. */
export function maintenanceTiles({ counts, cost, snoozed }: MaintenanceReport): Tile[] {
  const kinds: readonly (readonly [FindingKind, string, string])[] = [
    ['resource', 'Not Succeeded', 'resources of the subscription'],
    ['security', 'Security', 'unhealthy assessments'],
    ['backup', 'Failed backups', 'jobs of 7 days, all vaults'],
    ['certificate', 'Certificates', 'end within 30 days'],
  ];
  return [
    ...kinds.map(([kind, label, note]): Tile => {
      const count = counts[kind];
      return {
        label,
        value: count === undefined ? undefined : String(count),
        standing: count === 0 ? 'good' : 'close',
        word: count === 0 ? 'all is well' : 'to look at',
        notes: [note],
      };
    }),
    {
      label: 'Cost of 7 days',
      value: cost && `${cost.total.toLocaleString('en-GB', { maximumFractionDigits: 0 })} ${cost.currency}`,
      standing: 'good',
      word: 'as billed',
      notes:
        cost?.before === undefined
          ? []
          : [`${cost.before.toLocaleString('en-GB', { maximumFractionDigits: 0 })} ${cost.currency} the week before`],
    },
    {
      label: 'Snoozed',
      value: String(snoozed),
      standing: 'good',
      word: 'left out',
      notes: ['come back by themselves'],
    },
  ];
}
