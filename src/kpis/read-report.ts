import { dayMs, hourMs } from '../domain/duration.ts';
import { cellsOf, type Estate } from '../domain/estate.ts';
import {
  cellOfScope,
  cellScope,
  isWorse,
  type KpiDefinition,
  type KpiScope,
  kpiState,
  ratioOf,
} from '../domain/kpi.ts';
import type { KpiLine, KpiMove, KpiReport, KpiSubject } from '../domain/kpi-report.ts';
import type { Queries } from '../engine/database.ts';
import { errorBudgets, type KpiPoint, kept, kpiSeries, latestSnapshot } from './read-samples.ts';

const hoursShown = 24;

export interface ReportWanted {
  readonly subject: KpiSubject;
  /** Over so long before the newest snapshot; absent: each indicator over its own time. */
  readonly windowMs?: number;
  /** ms since 1970, for the age of the snapshot. */
  readonly now: number;
}

/** What is known of one scope. */
interface Standing {
  readonly scope: KpiScope;
  readonly value?: number;
  readonly least?: number;
  readonly most?: number;
  readonly tenant?: string;
  readonly reason?: string;
}

/** The indicators of an estate, a region or a cell as the newest snapshot has them, with trend and error budget. */
export async function readReport(
  queries: Queries,
  estate: Estate,
  definitions: readonly KpiDefinition[],
  { subject, windowMs, now }: ReportWanted,
): Promise<KpiReport> {
  const scopes = scopesOfSubject(subject, estate);
  const wanted = definitions.filter(({ level }) => level === 'cell' || subject.of === 'estate');
  const called = subject.of === 'estate' ? 'the estate' : subject.of === 'region' ? subject.region : subject.cell;
  const base = { called, ...(windowMs !== undefined && { windowMs }) };
  const newest = await latestSnapshot(queries, wanted, scopes);
  if (!newest) return { ...base, lines: [] };
  const { at } = newest;
  const lines = await Promise.all(
    wanted.map(async (definition): Promise<KpiLine> => {
      const own = definition.level === 'global' ? (['global'] as const) : scopes.filter((scope) => scope !== 'global');
      const standings =
        windowMs === undefined
          ? newest.standings
              .filter((standing) => standing.definition.id === definition.id)
              .map(({ scope, reading }): Standing => {
                if (reading.value === undefined) return { scope, reason: reading.reason };
                return { scope, value: reading.value, ...(reading.of !== undefined && { tenant: reading.of }) };
              })
          : await overWindow(queries, definition, own, at, windowMs);
      return lineOf(queries, definition, judgedCells(estate, own), standings, at);
    }),
  );
  return { ...base, at, ageMs: Math.max(0, now - Date.parse(at)), lines };
}

function scopesOfSubject(subject: KpiSubject, estate: Estate): KpiScope[] {
  if (subject.of === 'cell') return [cellScope(subject.cell)];
  const cells = subject.of === 'region' ? cellsOf(estate, subject.region) : estate.cells;
  return [...(subject.of === 'estate' ? (['global'] as const) : []), ...cells.map(({ name }) => cellScope(name))];
}

/** A cell that stands by without requests is not missing anything: it counts only when it is all that was asked for. */
function judgedCells(estate: Estate, scopes: readonly KpiScope[]): KpiScope[] {
  const standbys = new Set(estate.cells.filter(({ role }) => role === 'standby').map(({ name }) => name));
  const active = scopes.filter((scope) => !standbys.has(cellOfScope(scope) ?? ''));
  return active.length > 0 ? active : [...scopes];
}

async function lineOf(
  queries: Queries,
  definition: KpiDefinition,
  judged: readonly KpiScope[],
  standings: readonly Standing[],
  at: string,
): Promise<KpiLine> {
  const known = standings.filter((standing) => standing.value !== undefined);
  const worst = known.reduce<Standing | undefined>(
    (before, one) =>
      before === undefined || isWorse(definition, one.value as number, before.value as number) ? one : before,
    undefined,
  );
  const shown = worst ??
    standings.find(({ scope }) => judged.includes(scope)) ?? {
      scope: judged[0] ?? 'global',
      reason: 'the newest snapshot has nothing of it',
    };
  const { scope, reason, ...rest } = shown;
  const [points, budgets] = await Promise.all([
    kpiSeries(queries, {
      definition,
      scopes: [scope],
      from: new Date(Date.parse(at) - 26 * hourMs).toISOString(),
      to: at,
      grain: 'hour',
    }),
    errorBudgets(queries, definition, [scope], at),
  ]);
  const move = moveOf(points, at);
  const budget = budgets.get(scope);
  return {
    definition,
    scope,
    state: kpiState(definition, shown.value),
    ...rest,
    ...(shown.value === undefined && { reason: reason ?? 'not known' }),
    cells: judged.length,
    unknownCells: judged.filter((one) => !known.some((standing) => standing.scope === one)).length,
    ...(move && { move }),
    ...(budget && { budget }),
    hours: evenly(points, at),
  };
}

interface WindowRow {
  readonly scope: KpiScope;
  readonly mean: number | null;
  readonly least: number | null;
  readonly most: number | null;
  readonly good: number | null;
  readonly total: number | null;
}

/** Of the samples while they are kept, else of the hours. A ratio by its sums, all else the mean of its windows. */
async function overWindow(
  queries: Queries,
  definition: KpiDefinition,
  scopes: readonly KpiScope[],
  at: string,
  windowMs: number,
): Promise<Standing[]> {
  const parameters = [definition.id, scopes, new Date(Date.parse(at) - windowMs).toISOString(), at];
  const rows =
    windowMs <= kept.window - dayMs
      ? await queries.query<WindowRow>(
          `select scope, avg(value) as mean, min(value) as least, max(value) as most, sum(good) as good, sum(total) as total
           from stamps.kpi_samples where kpi = $1 and scope = any($2) and at > $3 and at <= $4 group by scope`,
          parameters,
        )
      : await queries.query<WindowRow>(
          `select scope, sum(mean * known) / nullif(sum(known), 0) as mean, min(least) as least, max(most) as most,
                  sum(good) as good, sum(total) as total
           from stamps.kpi_rollups where grain = 'hour' and kpi = $1 and scope = any($2) and at >= $3 and at < $4
           group by scope`,
          parameters,
        );
  return rows.map(({ scope, mean, least, most, good, total }): Standing => {
    const value = definition.budget.by === 'ratio' ? ratioOf(definition, good ?? 0, total ?? 0) : (mean ?? undefined);
    if (value === undefined) return { scope, reason: 'nothing was known in that time' };
    return { scope, value, ...(least !== null && { least }), ...(most !== null && { most }) };
  });
}

function moveOf(points: readonly KpiPoint[], at: string): KpiMove | undefined {
  const hourOf = (iso: string) => Math.floor(Date.parse(iso) / hourMs);
  const byHour = new Map(points.map((point) => [hourOf(point.at), point.value]));
  // The snapshot's own end may be the first moment of the next hour.
  const last = Math.floor((Date.parse(at) - 1) / hourMs);
  const now = byHour.get(last);
  if (now === undefined) return undefined;
  const yesterday = byHour.get(last - 24);
  if (yesterday !== undefined) return { now, before: yesterday, against: 'the same hour yesterday' };
  const before = byHour.get(last - 1);
  return before === undefined ? undefined : { now, before, against: 'the hour before' };
}

function evenly(points: readonly KpiPoint[], at: string): (number | undefined)[] {
  const last = Math.floor((Date.parse(at) - 1) / hourMs);
  const byHour = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / hourMs), point.value]));
  return Array.from({ length: hoursShown }, (_, index) => byHour.get(last - hoursShown + 1 + index));
}
