import { expectedDay } from './anomalies.ts';
import { type Expected, forecastLevels } from './forecast.ts';

/** What the hours of an indicator say of the hours to come. */
export interface Foreseen {
  /** Of the next 48 hours: 99 of 100 lie in it. */
  readonly band: readonly Expected[];
  /** Of the next 14 days: 19 of 20 lie in it. */
  readonly ahead: readonly Expected[];
  /** Of the last 24 hours that are known, as it would have been said before them; empty unless asked for. */
  readonly lastDay: readonly Expected[];
}

export const bandHours = 48;
const aheadHours = 14 * 24;
const levels = { band: 0.99, ahead: 0.95 } as const;

/** `hours`: oldest first. Undefined: they say too little. Some 100 ms of work, or 200 with the last day. */
export function foresee(hours: readonly (number | undefined)[], withLastDay: boolean): Foreseen | undefined {
  const [band, ahead] = forecastLevels(hours, aheadHours, [levels.band, levels.ahead]) ?? [];
  if (!band || !ahead) return undefined;
  return { band: band.slice(0, bandHours), ahead, lastDay: (withLastDay && expectedDay(hours)) || [] };
}
