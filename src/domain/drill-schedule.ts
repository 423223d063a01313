/** How often, in the words of the policy file. */
export const drillRhythms = ['week', 'month', 'quarter'] as const;
export type DrillRhythm = (typeof drillRhythms)[number];

export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A drill that the calendar asks for. It runs only once people have approved it. */
export interface DrillSetting {
  readonly region: string;
  /** Absent: the only region that stands by for it. */
  readonly to?: string;
  readonly withData: boolean;
  /** How long the other region serves, in milliseconds. */
  readonly lastsMs: number;
  /** Slack id of the channel in which it is said ahead, asked for and reported. */
  readonly channel: string;
  readonly every: DrillRhythm;
  /** The weekday; of a month or a quarter the first one. */
  readonly on: Weekday;
  /** Local time of the day, `10:00`. */
  readonly at: string;
  /** IANA name of the time zone. */
  readonly zone: string;
  /** How long people have to approve it, from its time on; afterwards it is over until the next. */
  readonly windowMs: number;
  /** How long before its time it is said in the channel. */
  readonly aheadMs: number;
}

/** The cron pattern of a drill, in its zone's local time: `0 10 * 1,4,7,10 2#1` is every quarter's first Tuesday at ten. */
export function drillPattern({ every, on, at }: Pick<DrillSetting, 'every' | 'on' | 'at'>): string {
  const [hour, minute] = at.split(':').map(Number);
  const day = weekdays.indexOf(on);
  const months = every === 'quarter' ? '1,4,7,10' : '*';
  return `${minute} ${hour} * ${months} ${every === 'week' ? day : `${day}#1`}`;
}
