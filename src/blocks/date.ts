import { code } from './escape-text.ts';

/**
 * A moment in the reader's own time zone, with UTC for clients that can't. `iso`: ISO 8601.
 * `time` is enough for what happens today; `day` for what may lie further away; `date` for what nobody knows to the
 * minute, such as a forecast.
 */
export function date(iso: string, detail: 'time' | 'day' | 'date' = 'time'): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return code(iso);
  const utc = new Date(ms).toISOString();
  const [day, time] = [utc.slice(0, 10), `${utc.slice(11, 16)} UTC`];
  const [tokens, fallback] = {
    time: ['{time}', time],
    day: ['{date_short_pretty} {time}', `${day} ${time}`],
    date: ['{date_short_pretty}', day],
  }[detail] as [string, string];
  return `<!date^${Math.floor(ms / 1000)}^${tokens}|${fallback}>`;
}

/** How long something took, in words for people: `0.4 s`, `42 s`, `3 min 20 s`, `2 h 5 min`. */
export function lasted(fromIso: string, toIso: string): string {
  const ms = Math.max(0, Date.parse(toIso) - Date.parse(fromIso));
  if (!Number.isFinite(ms)) return 'not known';
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
