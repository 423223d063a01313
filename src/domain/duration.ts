import { OpsError } from '../errors.ts';
import { shown } from './estate.ts';

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const units = [
  { letter: 'd', ms: dayMs },
  { letter: 'h', ms: hourMs },
  { letter: 'm', ms: minuteMs },
  { letter: 's', ms: secondMs },
] as const;

const shape =
  /^(?:(\d{1,6}) ?d(?:ays?)?)? ?(?:(\d{1,6}) ?h(?:r|rs|ours?)?)? ?(?:(\d{1,6}) ?m(?:in|ins|inutes?)?)? ?(?:(\d{1,6}) ?s(?:ec|ecs|econds?)?)?$/;

/** Shortest and longest that is taken, in milliseconds. */
export interface DurationLimits {
  readonly leastMs: number;
  readonly mostMs: number;
}

/** What a person may ask for: long enough to mean something, short enough to be looked at again. */
export const personLimits: DurationLimits = { leastMs: minuteMs, mostMs: 7 * dayMs };

/**
 * `4h`, `90m`, `1h30m`, `2d`, `2 hours` → milliseconds. Whole numbers, larger units first, each once.
 * Throws `bad-input` with what would be right.
 */
export function parseDuration(text: string, limits: DurationLimits = personLimits): number {
  const parts = shape.exec(text.trim().toLowerCase().slice(0, 60))?.slice(1);
  if (!parts || parts.every((part) => part === undefined)) {
    const typed = shown(text);
    throw new OpsError('bad-input', typed === '' ? 'The duration is missing.' : `“${typed}” is not a duration.`, {
      hint: 'Write it as `30m`, `4h`, `1h30m` or `2d`.',
    });
  }
  const ms = units.reduce((sum, unit, index) => sum + Number(parts[index] ?? 0) * unit.ms, 0);
  if (ms < limits.leastMs || ms > limits.mostMs) {
    const bound = ms < limits.leastMs ? 'short' : 'long';
    throw new OpsError('bad-input', `${formatDuration(ms)} is too ${bound}.`, {
      hint: `Choose from ${formatDuration(limits.leastMs)} to ${formatDuration(limits.mostMs)}.`,
    });
  }
  return ms;
}

/** As people say it: of days no minutes, of hours no seconds. */
export function roughDuration(ms: number): string {
  const grain = ms >= dayMs ? hourMs : ms >= hourMs ? minuteMs : secondMs;
  return formatDuration(Math.round(ms / grain) * grain);
}

/** Milliseconds → `2d`, `4h`, `1h 30m`, `45s`; rounded to seconds. `parseDuration` reads it back. */
export function formatDuration(ms: number): string {
  let left = Math.round(ms / secondMs) * secondMs;
  const parts: string[] = [];
  for (const unit of units) {
    const count = Math.floor(left / unit.ms);
    left -= count * unit.ms;
    if (count > 0) parts.push(`${count}${unit.letter}`);
  }
  return parts.join(' ') || '0s';
}
