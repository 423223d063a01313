export type Args = Record<string, unknown>;
export type Answer = Record<string, unknown> & { ok: boolean };

export const refuse = (error: string, more: Args = {}): Answer => ({ ok: false, error, ...more });
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Web API methods hold JSON in form fields. */
export function json(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
