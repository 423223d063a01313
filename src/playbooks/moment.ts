import { secondMs } from '../domain/duration.ts';

/** So long after a moment, in whole seconds; ISO 8601, UTC. */
export function after(moment: string, ms: number): string {
  return new Date(Math.round((Date.parse(moment) + ms) / secondMs) * secondMs).toISOString();
}

/** The later of two moments. */
export function later(a: string, b: string): string {
  return Date.parse(a) > Date.parse(b) ? a : b;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** `07:11 UTC`, or `25 Nov 07:11 UTC` when it is not the day of the other moment. */
export function atClock(moment: string, seenFrom: string): string {
  const time = `${new Date(moment).toISOString().slice(11, 16)} UTC`;
  const date = day.format(new Date(moment));
  return date === day.format(new Date(seenFrom)) ? time : `${date} ${time}`;
}
