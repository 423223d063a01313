import { hourMs, minuteMs } from './duration.ts';

/** How far a zone's clocks were put forward (or, negative, back) between two moments, all in milliseconds; `zone`: IANA name. */
export function clockShiftMs(zone: string, from: number, to: number): number {
  return offsetMs(zone, to) - offsetMs(zone, from);
}

/** From UTC, east is positive. ECMA-402 writes a `longOffset` as `GMT`, `GMT+02:00` or `GMT-03:30`. */
function offsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * minuteMs);
}
