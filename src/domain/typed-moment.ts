const shape = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(\.\d{1,3})?)?\s*(?:(z|utc)|([+-]\d{2}):?(\d{2}))$/i;

/**
 * A moment as a person writes it, always with its zone, since without one it could be hours off: `2026-01-15T10:30Z`,
 * `2026-01-15 10:30:05 UTC`, `2026-01-15 10:30 +0100`. Milliseconds since 1970; undefined: it is none.
 */
export function typedMoment(text: string): number | undefined {
  const parts = shape.exec(text.trim());
  if (!parts) return undefined;
  const [, year, month, day, time, seconds = '00', fraction = '', utc, hours, minutes] = parts;
  const zone = utc === undefined ? `${hours}:${minutes}` : 'Z';
  const at = Date.parse(`${year}-${month}-${day}T${time}:${seconds}${fraction}${zone}`);
  // `Date` takes a 31st of February for a day in March.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(at) || Number(day) > days ? undefined : at;
}
