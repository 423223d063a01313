const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How a moment reads below the axis, in the zone: hours in a day, weekdays in a week, dates beyond. */
export function axisLabel(spanMs: number, timeZone = 'UTC'): (at: number) => string {
  const shape: Intl.DateTimeFormatOptions =
    spanMs <= 2 * dayMs
      ? { hour: '2-digit', minute: '2-digit' }
      : spanMs <= 8 * dayMs
        ? { weekday: 'short', day: 'numeric' }
        : { day: 'numeric', month: 'short' };
  const format = new Intl.DateTimeFormat('en-GB', { ...shape, timeZone });
  return (at) => format.format(at);
}

/** `25 Nov 09:05 UTC`. */
export function momentIn(at: number, timeZone = 'UTC'): string {
  const shape = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone }).format(at).replace(',', '');
}
