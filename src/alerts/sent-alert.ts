import { createHash } from 'node:crypto';

/** Longest that is kept of a sender's text. Azure's own limit for all of an alert is 256 KB. */
const longest = { name: 300, description: 4_000, id: 2_000 } as const;

/** A sender's text as it is kept: raw, but cut, well-formed, and without NUL, which PostgreSQL does not take. */
export function kept(text: string, as: keyof typeof longest): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '').toWellFormed() : text.toWellFormed();
  return clean.length <= longest[as] ? clean : `${clean.slice(0, longest[as] - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A key of at most 512 characters that names the same parts the same. */
export function keyOf(...parts: readonly string[]): string {
  const key = parts.map((part) => kept(part, 'id')).join('|');
  const whole = parts.join('|');
  return whole.length <= 400 && key === whole ? key : createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** A moment as senders write it → ISO 8601, UTC; undefined: it is none. */
export function moment(text: string | null | undefined): string | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  // PostgreSQL and people both stop long before JavaScript does.
  return at >= 0 && at < 253_370_764_800_000 ? new Date(at).toISOString() : undefined;
}

/** Only https, and nothing that could break out of where it is shown. */
export function httpsLink(text: string | null | undefined): string | undefined {
  if (!text || text.length > 2_000) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
