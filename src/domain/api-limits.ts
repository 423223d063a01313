/** So many calls in so many seconds. */
export interface CallLimit {
  readonly calls: number;
  readonly periodSeconds: number;
}

/** What a policy lets a subscription do; absent: no such limit in it, or one that is computed. */
export interface ApiLimits {
  readonly rate?: CallLimit;
  readonly quota?: CallLimit;
}

/**
 * The limits that stand in a policy of API Management as plain numbers: `<rate-limit>`, `<quota>` and their `-by-key`
 * forms (learn.microsoft.com, “API Management policy reference”). Expressions and named values are not known here.
 */
export function limitsOf(policyXml: string): ApiLimits {
  const xml = policyXml.replace(/<!--[\s\S]*?-->/g, '');
  const rate = limit(xml, 'rate-limit');
  const quota = limit(xml, 'quota');
  return { ...(rate && { rate }), ...(quota && { quota }) };
}

function limit(xml: string, element: string): CallLimit | undefined {
  const attributes = new RegExp(`<${element}(?:-by-key)?\\s([^>]{1,2000})>`).exec(xml)?.[1] ?? '';
  const number = (name: string) => Number(new RegExp(`(?:^|\\s)${name}\\s*=\\s*"(\\d{1,12})"`).exec(attributes)?.[1]);
  const [calls, periodSeconds] = [number('calls'), number('renewal-period')];
  return calls > 0 && periodSeconds > 0 ? { calls, periodSeconds } : undefined;
}

/** When a quota is reached, from what was called. */
export interface QuotaOutlook {
  /** Of the quota, what was called in the last whole period; above 1 it was passed. */
  readonly share: number;
  /** Of the quota, what the pace of the last hour makes in a whole period; absent: not known. */
  readonly atThisPace?: number;
  /** Days until a period's calls reach the quota, by the straight line through the days; absent: not in sight, or too few days. */
  readonly daysLeft?: number;
}

const fewestDays = 4;
/** Beyond that a straight line says nothing. */
const mostDays = 90;

/**
 * `periodCalls`: in the last whole period. `hourCalls`: in the last hour. `days`: whole days, oldest first. The line is
 * a least-squares fit, scaled from days to the quota's period.
 */
export function quotaOutlook(
  { calls, periodSeconds }: CallLimit,
  seen: { readonly periodCalls: number; readonly hourCalls?: number; readonly days: readonly number[] },
): QuotaOutlook {
  const pace = seen.hourCalls === undefined ? undefined : (seen.hourCalls * periodSeconds) / 3_600 / calls;
  const daysLeft = daysUntil((calls * 86_400) / periodSeconds, seen.days);
  return {
    share: seen.periodCalls / calls,
    ...(pace !== undefined && { atThisPace: pace }),
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
