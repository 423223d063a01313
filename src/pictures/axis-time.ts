const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const mostTicks = 6;
const stepMinutes = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720];
const stepDays = [1, 2, 7, 14, 28, 91];
/** Clocks of all zones are a multiple of it apart (IANA Time Zone Database, since 1972). */
const quarterMs = 15 * minuteMs;
const shortestDayMs = 22 * hourMs;

/** How a moment reads below the axis, in the zone: hours in a day, weekdays in a week, dates beyond. */
export function axisLabel(spanMs: number, timeZone: string): (at: number) => string {
  const shape: Intl.DateTimeFormatOptions =
    spanMs <= 2 * dayMs
      ? { hour: '2-digit', minute: '2-digit' }
      : spanMs <= 8 * dayMs
        ? { weekday: 'short', day: 'numeric' }
        : { day: 'numeric', month: 'short' };
  const format = new Intl.DateTimeFormat('en-GB', { ...shape, timeZone });
  return (at) => format.format(at);
}

/**
 * Where labels stand below the axis: round times of the zone's own clocks, a few. Where clocks go back, an hour that
 * comes twice is named the first time; where they go forward, one that is left out is not named; a day begins with its
 * first moment, which need not be midnight.
 */
export function axisTicks(from: number, to: number, timeZone: string): number[] {
  const span = to - from;
  const clock = wallClock(timeZone);
  const minutes = span <= 2 * dayMs ? stepMinutes.find((step) => span <= step * minuteMs * mostTicks) : undefined;
  const ticks: number[] = [];
  if (minutes !== undefined) {
    // Of quarters and tens of minutes both are a multiple.
    const everyMs = Math.min(minutes, 5) * minuteMs;
    let last = Number.NEGATIVE_INFINITY;
    for (let at = Math.ceil(from / everyMs) * everyMs; at <= to; at += everyMs) {
      const wall = clock(at);
      if (wall % (minutes * minuteMs) !== 0 || wall <= last) continue;
      ticks.push(at);
      last = wall;
    }
    return ticks;
  }
  const days = stepDays.find((step) => span <= step * dayMs * mostTicks) ?? Math.ceil(span / dayMs / mostTicks);
  let day = Math.floor(clock(from - 1) / dayMs);
  let due = 0;
  for (let at = Math.ceil(from / quarterMs) * quarterMs; at <= to; ) {
    const now = Math.floor(clock(at) / dayMs);
    if (now > day) {
      if (due === 0) ticks.push(at);
      due = (due + 1) % days;
      day = now;
      at += shortestDayMs;
    } else at += quarterMs;
  }
  return ticks;
}

/** What the zone's clocks show, as if they were those of UTC: ms since 1970. */
function wallClock(timeZone: string): (at: number) => number {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-GB', { ...fields, hourCycle: 'h23', timeZone });
  return (at) => {
    const of = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const field = (type: keyof typeof fields) => of.get(type) ?? 0;
    return Date.UTC(field('year'), field('month') - 1, field('day'), field('hour'), field('minute'));
  };
}

/** `25 Nov 09:05 UTC`; `timeZone`: IANA name. */
export function momentIn(at: number, timeZone: string): string {
  const shape = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone }).format(at).replace(',', '');
}
