/** A report that is made by the calendar. */
export type DigestKind = (typeof digestKinds)[number];
export const digestKinds = ['daily', 'weekly', 'monthly'] as const;

/** Where reports go, and when. */
export interface DigestSetting {
  /** Slack id of the channel. */
  readonly channel: string;
  /** Local time of the day, `08:30`. */
  readonly at: string;
  /** IANA name of the time zone. */
  readonly zone: string;
  /** weekly: on Mondays; monthly: on the 1st. */
  readonly kinds: readonly DigestKind[];
}

/**
 * IANA name of the zone whose clocks pictures show, and reports that somebody asks for: the policy's own, without one
 * that of its first report, without any UTC.
 */
export function zoneOf({
  zone,
  digests,
}: {
  readonly zone?: string;
  readonly digests?: readonly DigestSetting[];
}): string {
  return zone ?? digests?.[0]?.zone ?? 'UTC';
}

/** The cron pattern of a report, in its zone's local time. */
export function digestPattern(kind: DigestKind, at: string): string {
  const [hour, minute] = at.split(':').map(Number);
  const days = { daily: '* * *', weekly: '* * 1', monthly: '1 * *' }[kind];
  return `${minute} ${hour} ${days}`;
}

/** Whether this machine knows the zone by its IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z_]+(\/[\w+-]+)*$/.test(name);
  } catch {
    return false;
  }
}
