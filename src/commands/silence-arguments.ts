import { dayMs, minuteMs, parseDuration } from '../domain/duration.ts';
import { type Estate, findCell, shown } from '../domain/estate.ts';
import { typedMoment } from '../domain/typed-moment.ts';
import { OpsError } from '../errors.ts';
import type { SilenceMatch } from '../ports/incidents.ts';
import { parseArguments } from './arguments.ts';

/** What somebody wants silent, from when, for how long and why. */
export interface SilenceWords {
  readonly match: SilenceMatch;
  readonly lastsMs: number;
  readonly reason: string;
  /** Milliseconds from now, or a moment, ISO 8601. */
  readonly from?: { readonly inMs: number } | { readonly at: string };
}

/**
 * `cell-banking for 2h because …`, `rule "High memory" in eastus for 1h because …`,
 * `eastus from 2026-12-01T22:00Z for 3h because …`. Throws `bad-input` with what is missing.
 */
export function parseSilence(text: string, estate: Estate, usage: string): SilenceWords {
  const said = parseArguments(text, ['rule', 'from', 'in', 'for']);
  const hint = `Type \`/stamps ${usage}\`.`;
  // `in` is a place behind a rule, and a while before a window: `in 2h`.
  const isWhile = /^\d/.test(said.in ?? '');
  const place = [...said.words, ...(isWhile || said.in === undefined ? [] : [said.in])];
  if (place.length > 1) throw new OpsError('bad-input', `“${shown(place[1] ?? '')}” is one word too many.`, { hint });
  const rule = (said.rule ?? '').trim();
  const match = {
    ...(place[0] !== undefined && where(estate, place[0])),
    ...(rule !== '' && { rule: rule.slice(0, 300) }),
  };
  if (Object.keys(match).length === 0) {
    throw new OpsError('bad-input', 'What should be silent? Name a cell, a region or a rule.', { hint });
  }
  if (said.for === undefined) throw new OpsError('bad-input', 'For how long? A silence always has an end.', { hint });
  if (said.because === undefined)
    throw new OpsError('bad-input', 'Why? Whoever misses an alert will want to know.', { hint });
  const from = fromOf(said.from?.trim() ?? '', isWhile ? (said.in ?? '') : '');
  return { match, lastsMs: parseDuration(said.for), reason: said.because, ...(from && { from }) };
}

/** A region or a cell by name; the nearest are offered for a mistyped one. */
function where(estate: Estate, named: string): Pick<SilenceMatch, 'cell' | 'region'> {
  const region = estate.regions.find(({ name }) => name === named.trim().toLowerCase());
  return region ? { region: region.name } : { cell: findCell(estate, named).name };
}

function fromOf(moment: string, wait: string): SilenceWords['from'] {
  if (moment === '')
    return wait === '' ? undefined : { inMs: parseDuration(wait, { leastMs: minuteMs, mostMs: 90 * dayMs }) };
  const at = typedMoment(moment);
  if (at !== undefined) return { at: new Date(at).toISOString() };
  throw new OpsError('bad-input', `“${shown(moment)}” is not a moment.`, {
    hint: 'Write it with its time zone: `from 2026-12-01T22:00Z`, `from 2026-12-01 22:00 +01:00`, or `in 3h`.',
  });
}

/** A silence's id as people type it: `s-4`, `S-4`, `4`. Throws `bad-input`. */
export function silenceId(typed: string): string {
  const number = /^(?:s-)?(\d{1,9})$/iu.exec(typed.trim())?.[1];
  if (number !== undefined) return `s-${Number(number)}`;
  throw new OpsError('bad-input', `“${shown(typed)}” is not a silence.`, {
    hint: 'Silences are called `s-4`; `/stamps silences` lists them.',
  });
}
