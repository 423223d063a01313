import type { Json } from '../domain/json.ts';
import { sameState } from '../domain/plan.ts';
import { clock } from '../domain/recovery.ts';

/**
 * Two states of a resource as one line of plain text: `addresses: 10.0.0.4 → 10.1.0.4`, `enabled: yes → no`. Not
 * escaped. ARM ids are shown by their last name, unless only the rest of them differs.
 */
export function difference(before: Json, after: Json): string {
  if (sameState(before, after)) return 'no difference';
  const [shortBefore, shortAfter] = [withShortIds(before), withShortIds(after)];
  return sameState(shortBefore, shortAfter) ? line(before, after) : line(shortBefore, shortAfter);
}

function withShortIds(value: Json): Json {
  if (typeof value === 'string') return value.replace(/^\/subscriptions\/\S*\/([^/\s]+)$/i, '$1');
  if (Array.isArray(value)) return value.map(withShortIds);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withShortIds(inner)]));
}

function line(before: Json, after: Json): string {
  if (!isRecord(before) || !isRecord(after)) return `${inside(before)} → ${inside(after)}`;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys
    .filter((key) => !sameState(before[key] ?? null, after[key] ?? null))
    .map((key) => `${name(key)}: ${words(before[key] ?? null)} → ${words(after[key] ?? null)}`)
    .join('; ');
}

function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole state needs no brackets around it. */
function inside(value: Json): string {
  const text = words(value);
  return isRecord(value) ? text.slice(1, -1) : text;
}

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** `minReplicas` → `min replicas` */
function name(key: string): string {
  return key.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function words(value: Json): string {
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value === '' ? '“”' : moment.test(value) ? clock(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(words).join(', ');
  if (typeof value === 'object') {
    return `(${Object.entries(value)
      .map(([key, inner]) => `${name(key)}: ${words(inner)}`)
      .join(', ')})`;
  }
  return String(value);
}
