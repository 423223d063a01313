import type { OutlookLine } from '../domain/digest.ts';
import { hourMs, minuteMs, secondMs } from '../domain/duration.ts';
import { isWorse, type KpiDefinition, type KpiId, type KpiScope } from '../domain/kpi.ts';
import type { Queries } from '../engine/database.ts';
import { kpiSeries } from '../kpis/read-samples.ts';
import { type HourOut, leastShareOut } from './anomalies.ts';
import type { Expected } from './forecast.ts';
import type { Forecaster } from './forecaster.ts';
import type { Foreseen } from './foresee.ts';

/** An indicator of one scope. */
export interface Series {
  readonly definition: KpiDefinition;
  readonly scope: KpiScope;
}

const historyHours = 35 * 24;
/** A forecast is made anew after so long; where there was too little to say something, or where one is wrong, … */
const renewAfterMs = 24 * hourMs;
const retryAfterMs = hourMs;
/** … but not while the indicator is out of its band, for so long: trouble would soon be what is expected. */
const keepWhileOutMs = 44 * hourMs;
const claimMs = minuteMs;
const expectedKeptMs = 4 * 24 * hourMs;
const leastRestMs = secondMs;
/** So much longer than a forecast took nothing is done: at most a fifth of one processor. */
const restShare = 4;

/** A share of what failed has no season to speak of: what is left are times, rates and loads. */
export function hasSeason({ budget }: KpiDefinition): boolean {
  return budget.by !== 'ratio';
}

/** The stored hours before the one that runs, oldest first; a missing one is a hole. `at`: ms since 1970. */
export async function hoursOf(
  queries: Queries,
  { definition, scope }: Series,
  at: number,
): Promise<(number | undefined)[]> {
  const last = Math.floor(at / hourMs);
  const points = await kpiSeries(queries, {
    definition,
    scopes: [scope],
    from: new Date((last - historyHours) * hourMs).toISOString(),
    to: new Date(last * hourMs).toISOString(),
    grain: 'hour',
  });
  const byHour = new Map(points.map((point) => [Math.floor(Date.parse(point.at) / hourMs), point.value]));
  const hours = Array.from({ length: historyHours }, (_, index) => byHour.get(last - historyHours + index));
  // Azure is late, or nothing ran for a while: what is not there yet is no hole.
  return hours.slice(0, hours.findLastIndex((value) => value !== undefined) + 1);
}

/** Forecasts one series and keeps what came of it. `at`: ms since 1970. */
export async function renew(queries: Queries, forecast: Forecaster, series: Series, at: number): Promise<void> {
  const hours = await hoursOf(queries, series, at);
  const end = (Math.floor(at / hourMs) - historyHours + hours.length) * hourMs;
  const [had] = await queries.query(
    'select 1 from stamps.kpi_expected where kpi = $1 and scope = $2 and at < $3 limit 1',
    [series.definition.id, series.scope, new Date(end).toISOString()],
  );
  const foreseen = await forecast(hours, had === undefined);
  if (foreseen) await keepBand(queries, series, foreseen, end);
  const line = foreseen && crossing(series, hours, foreseen.ahead, end);
  await queries.query(
    `insert into stamps.kpi_outlooks (kpi, scope, claimed_until, made_to, known, bound, passes_at, earliest_at)
     values ($1, $2, clock_timestamp(), $3, $4, $5, $6, $7)
     on conflict (kpi, scope) do update
     set claimed_until = excluded.claimed_until, made_to = excluded.made_to, known = excluded.known,
         bound = excluded.bound, passes_at = excluded.passes_at, earliest_at = excluded.earliest_at`,
    [
      series.definition.id,
      series.scope,
      new Date(Math.floor(at / hourMs) * hourMs).toISOString(),
      foreseen !== undefined,
      line?.bound ?? null,
      line?.at ?? null,
      line?.earliest ?? null,
    ],
  );
}

/** An hour that is over keeps what was expected of it before it came. */
async function keepBand(
  queries: Queries,
  { definition, scope }: Series,
  { band, lastDay }: Foreseen,
  end: number,
): Promise<void> {
  const all: readonly (readonly [number, Expected])[] = [
    ...lastDay.map((one, step) => [end - (lastDay.length - step) * hourMs, one] as const),
    ...band.map((one, step) => [end + step * hourMs, one] as const),
  ];
  await queries.query(
    `insert into stamps.kpi_expected (kpi, scope, at, value, low, high)
     select $1, $2, to_timestamp(at / 1000), value, low, high
     from unnest($3::float8[], $4::float8[], $5::float8[], $6::float8[]) as b(at, value, low, high)
     on conflict (kpi, scope, at) do update
     set value = excluded.value, low = excluded.low, high = excluded.high where excluded.at >= $7`,
    [
      definition.id,
      scope,
      all.map(([at]) => at),
      all.map(([, { value }]) => value),
      all.map(([, { low }]) => low),
      all.map(([, { high }]) => high),
      new Date(end).toISOString(),
    ],
  );
}

/** The first bound that is still kept and is foreseen to be passed. `end`: of the hours, ms since 1970. */
function crossing(
  { definition, scope }: Series,
  hours: readonly (number | undefined)[],
  ahead: readonly Expected[],
  end: number,
): OutlookLine | undefined {
  const last = hours.at(-1);
  const bound = (['target', 'alert'] as const).find(
    (name) => last !== undefined && !isWorse(definition, last, definition[name]),
  );
  if (!bound) return undefined;
  const worseEdge = ({ low, high }: Expected) => (definition.better === 'lower' ? high : low);
  const passes = (one: number) => isWorse(definition, one, definition[bound]);
  // A season that passes its bound every day is no news; what it did in the last week, it does again.
  if (hours.slice(-7 * 24).some((one) => one !== undefined && passes(one))) return undefined;
  const first = ahead.findIndex((one) => passes(one.value));
  if (first < 0) return undefined;
  const earliest = ahead.findIndex((one) => passes(worseEdge(one)));
  const moment = (step: number) => new Date(end + step * hourMs).toISOString();
  return { definition, scope, bound, at: moment(first), earliest: moment(Math.min(first, earliest)) };
}

/** What is due to be forecast anew, of these, the oldest first. */
export async function dueOf(queries: Queries, all: readonly Series[], most: number): Promise<Series[]> {
  const rows = await queries.query<{ n: number }>(
    `select s.n::int as n from unnest($1::text[], $2::text[]) with ordinality as s(kpi, scope, n)
     left join stamps.kpi_outlooks o using (kpi, scope)
     where ${due('o')} order by o.made_to nulls first, s.n limit $3`,
    [all.map(({ definition }) => definition.id), all.map(({ scope }) => scope), most],
  );
  return rows.flatMap(({ n }) => all[n - 1] ?? []);
}

const seconds = (ms: number) => `make_interval(secs => ${ms / 1000})`;
/** Out in two of the last three hours that are known, of a band that was made for them. */
const isOut = (o: string) => `(select count(*) >= 2 from (
    select r.mean < e.low or r.mean > e.high as is_out
    from stamps.kpi_rollups r join stamps.kpi_expected e using (kpi, scope, at)
    where r.grain = 'hour' and r.kpi = ${o}.kpi and r.scope = ${o}.scope and r.known > 0
      and r.at >= clock_timestamp() - interval '6 hours'
    order by r.at desc limit 3) l where l.is_out)`;
const due = (o: string) => `(${o}.made_to is null
  or (${o}.claimed_until <= clock_timestamp() and (
    (not ${o}.known and ${o}.made_to <= clock_timestamp() - ${seconds(retryAfterMs)})
    or (${o}.known and ${o}.made_to <= clock_timestamp() - ${seconds(keepWhileOutMs)})
    or (${o}.known and ${o}.made_to <= clock_timestamp() - ${seconds(renewAfterMs)} and not ${isOut(o)}))))`;

/** Forecasts in the background what is due, one series at a time, so that whoever asks finds it made. */
export function createExpectations(
  { database, clock }: { readonly database: Queries; readonly clock: { now(): number } },
  forecast: Forecaster,
  all: readonly Series[],
): { renewNext(): Promise<Series | undefined> } {
  let restUntil = Number.NEGATIVE_INFINITY;
  return {
    async renewNext() {
      const began = clock.now();
      if (began < restUntil) return undefined;
      const [next] = await dueOf(database, all, 1);
      if (!next) {
        await forgetExpected(database);
        restUntil = began + minuteMs;
        return undefined;
      }
      if (await claim(database, next)) await renew(database, forecast, next, began);
      restUntil = clock.now() + Math.max(leastRestMs, restShare * (clock.now() - began));
      return next;
    },
  };
}

/** False: another replica has it, or has made it since it was due. */
async function claim(queries: Queries, { definition, scope }: Series): Promise<boolean> {
  const rows = await queries.query(
    `insert into stamps.kpi_outlooks as had (kpi, scope, claimed_until) values ($1, $2, clock_timestamp() + ${seconds(claimMs)})
     on conflict (kpi, scope) do update set claimed_until = excluded.claimed_until
     where had.claimed_until <= clock_timestamp() and ${due('had')} returning 1`,
    [definition.id, scope],
  );
  return rows.length > 0;
}

async function forgetExpected(queries: Queries): Promise<void> {
  await queries.query(`delete from stamps.kpi_expected where at < clock_timestamp() - ${seconds(expectedKeptMs)}`);
}

export interface SeriesHourOut extends HourOut {
  readonly kpi: KpiId;
  readonly scope: KpiScope;
}

/** The hours from `from` to `to` (ISO 8601) that were outside of their band, each series' in order. */
export function hoursOut(queries: Queries, from: string, to: string): Promise<SeriesHourOut[]> {
  return queries.query<SeriesHourOut>(
    `select kpi, scope, at, r.mean as value, e.value as expected, e.low, e.high
     from stamps.kpi_rollups r join stamps.kpi_expected e using (kpi, scope, at)
     where r.grain = 'hour' and r.at >= $1 and r.at < $2 and (r.mean < e.low or r.mean > e.high)
       and abs(r.mean - e.value) > ${leastShareOut} * abs(e.value)
     order by kpi, scope, at`,
    [from, to],
  );
}
