import { type CellLimit, comingLimits, type LimitKind, limitNames } from '../domain/cell-limits.ts';
import { dayMs } from '../domain/duration.ts';
import type { Reached } from '../domain/growth.ts';
import { cut } from './cut.ts';
import { date } from './date.ts';
import { escapeText } from './escape-text.ts';

/** What the plan foresees against each. */
const adjustments: Readonly<Record<LimitKind, string>> = {
  tenants: 'more cells',
  cpu: 'more replicas, then more cells',
  sqlLoad: 'SQL databases to the Premium tier',
  sqlStorage: 'SQL databases to the Premium tier',
  account: 'more cells',
  requests: 'more replicas, then more cells',
};

const bytesPerTebibyte = 1024 ** 4;

/** `SQL storage of cell-banking: 82 % now, 100 % about 4 Jan 2027 (80 %: 20 Dec to 2 Feb). The plan foresees: …` `at`: ISO 8601. */
export function limitLine(one: CellLimit, at: string): string {
  const { kind, cell, now, limit, reached } = one;
  const name = `*${limitNames[kind]}* of ${cut(escapeText(cell), 80)}`;
  const when =
    reached?.inDays === 0
      ? `its limit of ${amount(kind, limit)} is reached`
      : `${amount(kind, limit)} ${whenWords(reached, at)}`;
  return `${name}: ${amount(kind, now)} now, ${when}. The plan foresees ${adjustments[kind]}`;
}

/** `about 4 Jan 2027 (80 %: 20 Dec 2026 to 2 Feb 2027)`. `at`: ISO 8601, when it was read. */
export function whenWords({ inDays, earliestDays, latestDays }: Reached = {}, at: string): string {
  const on = (days: number) => date(new Date(Date.parse(at) + days * dayMs).toISOString(), 'date');
  if (inDays === 0) return 'is reached';
  if (inDays === undefined) {
    return earliestDays === undefined
      ? 'not within a year'
      : `not within a year by the forecast, at the earliest ${on(earliestDays)} (80 % interval)`;
  }
  if (earliestDays === inDays && latestDays === inDays) return `about ${on(inDays)} (80 % interval: that day)`;
  const latest = latestDays === undefined ? 'later than a year' : on(latestDays);
  return `about ${on(inDays)} (80 % interval: ${earliestDays === undefined ? '?' : on(earliestDays)} to ${latest})`;
}

/** A region by what comes first in it, and how much of it can be foreseen. */
export function regionLimitLine(region: string, limits: readonly CellLimit[], at: string): string {
  const own = limits.filter((one) => one.region === region);
  const foreseen = own.filter(({ reached }) => reached !== undefined).length;
  const coming = comingLimits(own, 365);
  const name = `*${escapeText(region)}*`;
  if (!coming) return `${name}: not known`;
  const [first] = coming;
  const of = `${foreseen} of ${own.length} limits can be foreseen`;
  if (!first) return `${name}: no limit within a year, ${of}`;
  return `${name}: first ${limitLine(first, at)}; ${of}`;
}

/** Why limits have no forecast, one line for each kind. Empty: all have one. */
export function unforeseenLines(limits: readonly CellLimit[]): string[] {
  return [...Map.groupBy(limits, ({ kind }) => kind)].flatMap(([kind, all]) => {
    const without = all.filter(({ reached }) => reached === undefined);
    if (without.length === 0) return [];
    const unlimited = without.filter(({ limit }) => limit === undefined).length;
    const unmeasured = without.filter(({ now, limit }) => limit !== undefined && now === undefined).length;
    const young = without.filter(({ now, limit }) => limit !== undefined && now !== undefined);
    const since = young.flatMap(({ knownFrom }) => knownFrom ?? []).sort()[0];
    const reasons = [
      ...(unlimited > 0
        ? [`${unlimited} without a known limit${kind === 'tenants' ? ' (`mostTenants` of the estate file)' : ''}`]
        : []),
      ...(unmeasured > 0 ? [`${unmeasured} without a value`] : []),
      ...(since === undefined ? [] : [`${young.length} known from ${date(since, 'date')} on; forecast after 28 days`]),
    ];
    return [`*${limitNames[kind]}*: no forecast for ${without.length} of ${all.length} cells: ${reasons.join(', ')}`];
  });
}

function amount(kind: LimitKind, value: number | undefined): string {
  if (value === undefined) return 'not known';
  const words = (most: number) => value.toLocaleString('en-GB', { maximumFractionDigits: most });
  if (kind === 'account')
    return `${(value / bytesPerTebibyte).toLocaleString('en-GB', { maximumSignificantDigits: 3 })} TiB`;
  return kind === 'tenants' ? words(0) : kind === 'requests' ? words(0) : `${words(0)} %`;
}
