interface Setting {
  readonly now: number;
  /** IANA name; undefined: the browser's. */
  readonly timeZone?: string;
  readonly locale?: string;
}

/**
 * A `<!date^…>` as Slack shows it: tokens such as `{date_short}` and `{time}` in a line of text.
 * Source: Slack, “Formatting text for app surfaces”, date formatting.
 */
export function formatSlackDate(unix: number, format: string, { now, timeZone, locale }: Setting): string {
  const at = new Date(unix * 1_000);
  const show = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone !== undefined && { timeZone }) }).format(at);
  const day = (date: number) =>
    new Intl.DateTimeFormat('en-CA', { ...(timeZone !== undefined && { timeZone }) }).format(date);
  const pretty = (otherwise: string) => {
    const dayMs = 86_400_000;
    const named: Record<string, string> = {
      [day(now - dayMs)]: 'yesterday',
      [day(now)]: 'today',
      [day(now + dayMs)]: 'tomorrow',
    };
    return named[day(at.getTime())] ?? otherwise;
  };
  const long = () => show({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const medium = () => show({ month: 'long', day: 'numeric', year: 'numeric' });
  const short = () => show({ month: 'short', day: 'numeric', year: 'numeric' });
  const tokens: Record<string, () => string> = {
    date_num: () => day(at.getTime()),
    date: medium,
    date_short: short,
    date_long: long,
    date_pretty: () => pretty(medium()),
    date_short_pretty: () => pretty(short()),
    date_long_pretty: () => pretty(long()),
    time: () => show({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => show({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(at.getTime() - now, locale),
  };
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => tokens[token]?.() ?? whole);
}

/** A span from now in its largest unit: `in 3 hours`, `5 minutes ago`. */
export function ago(ms: number, locale?: string): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  for (const [unit, size] of units) if (Math.abs(ms) >= size) return words.format(Math.round(ms / size), unit);
  return words.format(Math.round(ms / 1_000), 'second');
}
