import type { BudgetLine, DailyDigest, KpiFigure } from '../domain/digest.ts';
import { dayMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import { cellOfScope, cellScope, type KpiDefinition } from '../domain/kpi.ts';
import { type HealthSummary, resourcesOf, summaryOf } from '../domain/resource-health.ts';
import { openLeases } from '../engine/run-store.ts';
import type { KpiStanding } from '../kpis/read-samples.ts';
import { errorBudgets, latestSnapshot } from '../kpis/read-samples.ts';
import type { AzurePorts } from '../ports/azure.ts';
import { lookAhead } from './ahead.ts';
import { incidentsOf, proposalsOf, runsOf } from './day.ts';
import type { DigestContext } from './digest-context.ts';
import { createGathering } from './gather.ts';
import { limitsWithin, readLimits } from './limits.ts';
import { someOf } from './some-of.ts';
import { kpiTrends } from './trends.ts';
import { weekCost } from './week-cost.ts';

export interface DailyRequest {
  /** Milliseconds since 1970: as of when. */
  readonly at: number;
  readonly zone: string;
  readonly lateMs: number;
  readonly missed: number;
  /** Milliseconds since 1970: when the report before it was due; absent: 24 hours before. */
  readonly since?: number;
}

/** A snapshot that is older says nothing about now. */
const staleMs = 30 * 60_000;
/** A limit further off is the capacity report's. */
const soonDays = 90;

/** Reads a day's report. Whatever can't be read is said, and never shown as zero. */
export async function readDaily(context: DigestContext, request: DailyRequest): Promise<DailyDigest> {
  const { database, definitions, logger } = context;
  const { missing, get } = createGathering(logger);
  const to = new Date(request.at).toISOString();
  const since = request.since ?? request.at - dayMs;
  const from = new Date(since).toISOString();

  const [snapshot, trends, leases, incidents, runs, proposals] = await Promise.all([
    get('Indicators', () => latestSnapshot(database, definitions)),
    get('Trends', () => kpiTrends(database, definitions, to)),
    get('Leases', () => openLeases(database)),
    get('Incidents', () => incidentsOf(database, from, to)),
    get('Runs', () => runsOf(database, from, to)),
    get('Scaling proposals', () => proposalsOf(database, from, to)),
  ]);
  if (snapshot === undefined) missing.push('Indicators: nothing was measured yet.');
  else if (request.at - Date.parse(snapshot.at) > staleMs) {
    missing.push(`Indicators: nothing was measured since ${snapshot.at}.`);
  }
  // A cell that stands by without requests is not missing anything.
  const standbys = new Set(
    context.estate.cells.filter(({ role }) => role === 'standby').map(({ name }) => cellScope(name)),
  );
  const figures = (snapshot?.standings ?? [])
    .map(figureOf)
    .filter(({ scope, value }) => value !== undefined || !standbys.has(scope));
  missing.push(...unknownOnes(figures));
  const ahead = await get('Forecasts', () => lookAhead(context, figures, request.at, since));
  if (ahead && ahead.left > 0)
    missing.push(
      `Forecasts: ${ahead.left} indicators have none yet, those furthest from their limits; they are being made.`,
    );
  const { azure, estate } = context;
  const health = azure && (await get('Azure Resource Health', (signal) => healthNow(azure, estate, signal)));
  const cost = azure && (await get('Cost', (signal) => weekCost(azure.upkeep, estate, request.at, signal)));
  const limits = await get('Limits', () => readLimits(context, request.at, new Map()));
  const soon = limitsWithin(limits, soonDays, missing);
  const budgets = (await get('Error budgets', () => budgetsOf(context, snapshot?.standings ?? [], to))) ?? [];

  return {
    at: to,
    from,
    zone: request.zone,
    lateMs: request.lateMs,
    missed: request.missed,
    figures,
    trends: trends ?? [],
    budgets,
    ...(leases && { leases }),
    ...(incidents && { incidents }),
    ...(runs && { runs }),
    ...(proposals && { proposals }),
    ...(ahead && { anomalies: ahead.anomalies, outlook: ahead.outlook }),
    ...(soon && { limits: soon }),
    ...(cost && { cost }),
    ...(health && { health }),
    missing,
  };
}

async function healthNow(
  { resourceHealth }: Pick<AzurePorts, 'resourceHealth'>,
  estate: Estate,
  signal: AbortSignal,
): Promise<HealthSummary> {
  const resources = resourcesOf(estate);
  const ids = resources.map(({ id }) => id);
  return summaryOf(resources, await resourceHealth.list(ids, signal));
}

export function figureOf({ definition, scope, state, reading }: KpiStanding): KpiFigure {
  return {
    definition,
    scope,
    state,
    ...(reading.value === undefined ? { reason: reading.reason } : { value: reading.value }),
  };
}

/** A sentence for each indicator that lacks values and each reason for it, however many cells it is. */
function unknownOnes(figures: readonly KpiFigure[]): string[] {
  const why = Map.groupBy(
    figures.filter(({ value }) => value === undefined),
    ({ definition, reason = 'not known' }) => `${definition.id} ${reason}`,
  );
  return [...why.values()].flatMap((unknown) => {
    const [first] = unknown;
    if (!first) return [];
    const { definition, reason = 'not known' } = first;
    const all = figures.filter((one) => one.definition === definition).length;
    const cells = unknown.flatMap(({ scope }) => cellOfScope(scope) ?? []);
    const where = cells.length === 0 ? '' : ` of ${someOf(cells)} (${cells.length} of ${all} cells)`;
    return [`${definition.title}${where}: ${reason}`];
  });
}

async function budgetsOf(
  { database }: DigestContext,
  standings: readonly KpiStanding[],
  to: string,
): Promise<BudgetLine[]> {
  const scopes = Map.groupBy(standings, ({ definition }) => definition);
  const lines = await Promise.all(
    [...scopes].map(async ([definition, each]: [KpiDefinition, KpiStanding[]]) => {
      const budgets = await errorBudgets(
        database,
        definition,
        each.map(({ scope }) => scope),
        to,
      );
      return [...budgets].map(([scope, { leftShare, knownShare }]) => ({ definition, scope, leftShare, knownShare }));
    }),
  );
  return lines.flat();
}
