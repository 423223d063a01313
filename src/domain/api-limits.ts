import { hourMs } from './duration.ts';

/** So many calls in so many seconds. */
export interface CallLimit {
  readonly calls: number;
  readonly periodSeconds: number;
}

/** A limit that renews by itself at fixed times. */
export interface Quota extends CallLimit {
  /** Ms since 1970 that its periods are counted from; absent: the start of the subscription. */
  readonly periodsFrom?: number;
  /** It counts by a key, an amount or a condition of its own, not just this subscription's calls. */
  readonly countsOtherwise?: true;
}

/** Why a limit that stands in a policy is not known as a number. */
export type UnknownLimit = 'expression' | 'named value' | 'no renewal';

/** What a policy lets a subscription do; absent: no such limit in it, or one that is not known, and `unknown` says why. */
export interface ApiLimits {
  readonly rate?: CallLimit;
  readonly quota?: Quota;
  readonly unknown?: { readonly rate?: UnknownLimit; readonly quota?: UnknownLimit };
}

/** From when the periods of a `quota-by-key` count without a `first-period-start`. */
const defaultFirstPeriod = Date.parse('0001-01-01T00:00:00Z');

/**
 * The limits that stand in a policy of API Management as plain numbers: `<rate-limit>`, `<quota>` and their `-by-key`
 * forms (learn.microsoft.com, “API Management policy reference”). Periods of `<quota>` begin with the subscription, those
 * of `<quota-by-key>` at its `first-period-start`; a renewal period of 0 never ends.
 */
export function limitsOf(policyXml: string): ApiLimits {
  const xml = policyXml.replace(/<!--[\s\S]*?-->/g, '');
  const rate = limit(xml, 'rate-limit');
  const quota = limit(xml, 'quota');
  const unknown = {
    ...(typeof rate === 'string' && { rate }),
    ...(typeof quota === 'string' && { quota }),
  };
  return {
    ...(typeof rate === 'object' && { rate: { calls: rate.calls, periodSeconds: rate.periodSeconds } }),
    ...(typeof quota === 'object' && { quota }),
    ...(Object.keys(unknown).length > 0 && { unknown }),
  };
}

function limit(xml: string, element: string): Quota | UnknownLimit | undefined {
  // An expression may hold a `>`: the element is read to the next tag.
  const [, byKey, attributes = ''] = new RegExp(`<${element}(-by-key)?(\\s[^<]{1,2000})`).exec(xml) ?? [];
  const value = (name: string) => new RegExp(`\\s${name}\\s*=\\s*"([^"]{0,500})`).exec(attributes)?.[1]?.trim();
  const [calls, period, first] = [value('calls'), value('renewal-period'), value('first-period-start')];
  if (calls === undefined || period === undefined) return undefined;
  const written = [calls, period, ...(first === undefined ? [] : [first])];
  if (written.some((text) => text.startsWith('@'))) return 'expression';
  if (written.some((text) => text.includes('{{'))) return 'named value';
  const [most, periodSeconds] = [whole(calls), whole(period)];
  if (periodSeconds === 0) return 'no renewal';
  if (!most || !periodSeconds) return undefined;
  if (byKey === undefined) return { calls: most, periodSeconds };
  const periodsFrom = first === undefined ? defaultFirstPeriod : Date.parse(first);
  const own = /^@\(context\.Subscription\??\.(Id|Key)\)/i.test(value('counter-key') ?? '');
  const otherwise = !own || value('increment-condition') !== undefined || value('increment-count') !== undefined;
  return {
    ...{ calls: most, periodSeconds },
    ...(Number.isFinite(periodsFrom) && { periodsFrom }),
    ...(otherwise && { countsOtherwise: true }),
  };
}

function whole(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** The time in which a quota counts now; ms since 1970. */
export interface QuotaPeriod {
  readonly startedAt: number;
  readonly endsAt: number;
}

/**
 * The running period. Periods are so many seconds each, whatever clocks on walls do. `subscriptionStart`: ms since 1970.
 * Undefined: from when they count is not known.
 */
export function runningPeriod(
  { periodSeconds, periodsFrom }: Quota,
  subscriptionStart: number | undefined,
  now: number,
): QuotaPeriod | undefined {
  const from = periodsFrom ?? subscriptionStart;
  if (from === undefined) return undefined;
  const ms = periodSeconds * 1000;
  const startedAt = from + Math.floor((now - from) / ms) * ms;
  return { startedAt, endsAt: startedAt + ms };
}

/** What becomes of a quota, from what was called. */
export interface QuotaOutlook {
  /** Of the quota, what was called in the running period so far; at 1 all more is refused until its end. */
  readonly share: number;
  /** Of the quota, what it will be at the period's end at the pace of the last hour; absent: not known. */
  readonly atEnd?: number;
  /** Ms since 1970: when that pace reaches it, if it does so before the period's end. */
  readonly reachedAt?: number;
  /** Days until a period's calls reach the quota, by the straight line through the days; absent: not in sight, or too few days. */
  readonly daysLeft?: number;
}

const fewestDays = 4;
/** Beyond that a straight line says nothing. */
const mostDays = 90;

/**
 * `periodCalls`: in the running period so far. `hourCalls`: in the last hour. `days`: whole days, oldest first. The line is
 * a least-squares fit, scaled from days to the quota's period.
 */
export function quotaOutlook(
  { calls, periodSeconds }: CallLimit,
  { endsAt }: QuotaPeriod,
  now: number,
  seen: { readonly periodCalls: number; readonly hourCalls?: number; readonly days: readonly number[] },
): QuotaOutlook {
  const { periodCalls, hourCalls, days } = seen;
  const perMs = hourCalls === undefined ? undefined : hourCalls / hourMs;
  const atEnd = perMs === undefined ? undefined : (periodCalls + perMs * (endsAt - now)) / calls;
  const reached = perMs && periodCalls < calls && (atEnd ?? 0) >= 1 ? now + (calls - periodCalls) / perMs : undefined;
  const daysLeft = daysUntil((calls * 86_400) / periodSeconds, days);
  return {
    share: periodCalls / calls,
    ...(atEnd !== undefined && { atEnd }),
    ...(reached !== undefined && { reachedAt: reached }),
    ...(daysLeft !== undefined && { daysLeft }),
  };
}

function daysUntil(perDay: number, days: readonly number[]): number | undefined {
  if (days.length < fewestDays) return undefined;
  const middle = (days.length - 1) / 2;
  const mean = days.reduce((sum, each) => sum + each, 0) / days.length;
  const spread = days.reduce((sum, _, day) => sum + (day - middle) ** 2, 0);
  const slope = days.reduce((sum, each, day) => sum + (day - middle) * (each - mean), 0) / spread;
  const now = mean + slope * (days.length - 1 - middle);
  if (now >= perDay) return 0;
  if (slope <= 0) return undefined;
  const left = (perDay - now) / slope;
  return left <= mostDays ? left : undefined;
}
