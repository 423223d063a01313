import type { AlertPlace } from '../domain/alert.ts';
import { type Token, tokenize, words } from '../domain/command-line.ts';
import { type Estate, findCell, shown } from '../domain/estate.ts';
import { type Severity, severities } from '../domain/severity.ts';
import { OpsError } from '../errors.ts';
import type { Incidents } from '../ports/incidents.ts';
import { restOfLine } from './arguments.ts';

/** An incident's id as people type it: `i-17`, `I-17`. Undefined: the word is no such thing. */
export function asIncidentId(word: string): string | undefined {
  const number = /^i-(\d{1,9})$/iu.exec(word.trim())?.[1];
  return number === undefined ? undefined : `i-${Number(number)}`;
}

/** The incident that a line begins with, if it does, and the rest as it was typed. */
export function parseIncident(text: string): { named?: string; rest: string } {
  for (const token of words(text)) {
    const named = token.quoted ? undefined : asIncidentId(token.text);
    return named === undefined ? { rest: text.trim() } : { named, rest: text.slice(token.end).trim() };
  }
  return { rest: '' };
}

/**
 * Which incident somebody means: the one they name, else the one whose own channel this is, else the only one that
 * is open. Throws `ambiguous` with the choices, `not-found` when none is open.
 */
export async function whichIncident(
  incidents: Pick<Incidents, 'incidents'>,
  named: string | undefined,
  channel: string,
): Promise<string> {
  if (named !== undefined) return named;
  const live = await incidents.incidents({ limit: 50 });
  const here = live.find(({ ownChannel }) => ownChannel === channel);
  const [only, second] = live;
  if (here) return here.id;
  if (only && !second) return only.id;
  if (!only) {
    throw new OpsError('not-found', 'No incident is open.', {
      hint: 'Name the one you mean, as in `i-17`; `/stamps incidents ended` lists those that are over.',
    });
  }
  const choices = live.slice(0, 5).map(({ id, title }) => `${id} (${shown(title)})`);
  throw new OpsError(
    'ambiguous',
    `Which incident? ${live.length} are open: ${choices.join(', ')}${live.length > 5 ? ', …' : ''}.`,
    {
      hint: 'Name it right behind the command, as in `i-17`.',
    },
  );
}

/** The incident that a whole line is about. Throws `bad-input` when the line says more. */
export async function onlyIncident(
  incidents: Pick<Incidents, 'incidents'>,
  text: string,
  channel: string,
  usage: string,
): Promise<string> {
  const { named, rest } = parseIncident(text);
  if (rest !== '') {
    throw new OpsError('bad-input', `“${shown(rest)}” is not an incident.`, {
      hint: `Incidents are called \`i-17\`; type \`/stamps ${usage}\`.`,
    });
  }
  return whichIncident(incidents, named, channel);
}

/** `P0` to `P3`, whatever the case. Throws `bad-input`. */
export function parseSeverity(typed: string): Severity {
  const severity = asSeverity(typed);
  if (severity) return severity;
  throw new OpsError('bad-input', typed === '' ? 'How severe is it?' : `“${shown(typed)}” is not a severity.`, {
    hint: 'P0 is a global outage, P1 a region or several cells, P2 one cell, P3 what can wait for a day.',
  });
}

function asSeverity(typed: string): Severity | undefined {
  return severities.find((severity) => severity === typed.trim().toUpperCase());
}

export const longestNote = 1_000;

export interface DeclarationWords {
  readonly title: string;
  readonly severity: Severity;
  readonly place?: AlertPlace;
}

/** `"Checkout fails" P1 in eastus`, `P1 Checkout fails`, `Checkout fails P1`. Throws `bad-input` with what is missing. */
export function parseDeclaration(text: string, estate: Estate): DeclarationWords {
  const tokens = tokenize(text);
  const at = tokens.findLastIndex(({ text: word, quoted }) => !quoted && asSeverity(word) !== undefined);
  const severity = parseSeverity(tokens[at]?.text ?? '');
  const before = tokens.slice(0, at);
  const after = tokens.slice(at + 1);
  const [titleWords, rest] = before.length === 0 ? titleAndRest(after, true) : titleAndRest(before, false);
  const named = placeIn(before.length === 0 ? rest : [...rest, ...after]);
  return {
    title: checkedTitle(titleWords, text),
    severity,
    ...(named !== undefined && { place: parsePlace(estate, named) }),
  };
}

/** A quoted title ends at its quote. Without quotes it goes on; behind the severity, to an `in <place>` at the end. */
function titleAndRest(tokens: readonly Token[], mayEndInPlace: boolean): [readonly Token[], readonly Token[]] {
  if (tokens[0]?.quoted) return [tokens.slice(0, 1), tokens.slice(1)];
  const isPlace = mayEndInPlace && tokens.length > 2 && /^(in|on)$/iu.test(tokens.at(-2)?.text ?? '');
  return isPlace ? [tokens.slice(0, -2), tokens.slice(-2)] : [tokens, []];
}

function checkedTitle(tokens: readonly Token[], text: string): string {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (!first || !last) {
    throw new OpsError('bad-input', 'What is wrong? The incident needs a title.', {
      hint: 'Type `/stamps incident declare "Card payments time out" P1 in cell-banking`.',
    });
  }
  const title = first.quoted ? restOfLine(first.text) : restOfLine(text.slice(first.start, last.end));
  if (title.length < 5 || title.length > 200) {
    throw new OpsError('bad-input', `The title should have 5 to 200 characters; this one has ${title.length}.`, {
      hint: 'Say what people notice, such as “Card payments time out”; put the rest into the thread.',
    });
  }
  return title;
}

function placeIn(tokens: readonly Token[]): string | undefined {
  const [word, name, extra] = tokens;
  if (word === undefined) return undefined;
  if (/^(in|on)$/iu.test(word.text) && name !== undefined && extra === undefined) return name.text;
  throw new OpsError('bad-input', `“${shown(word.text)}” is one word too many.`, {
    hint: 'Put the title into quotes: `/stamps incident declare "Card payments time out" P1 in cell-banking`.',
  });
}

/** A region or a cell by name, or `global`. Throws as `findCell` does. */
export function parsePlace(estate: Estate, named: string): AlertPlace {
  const wanted = named.trim().toLowerCase();
  if (wanted === 'global') return { scope: 'global' };
  const region = estate.regions.find(({ name }) => name === wanted);
  if (region) return { scope: 'region', region: region.name };
  const cell = findCell(estate, named);
  return { scope: 'cell', region: cell.region, cell: cell.name };
}

/** What somebody wants remembered, on one line. Throws `bad-input`. */
export function noteText(typed: string): string {
  const text = restOfLine(typed);
  if (text.length < 3) {
    throw new OpsError('bad-input', 'What should be noted?', {
      hint: 'Type `/stamps incident note <what you saw or did>`.',
    });
  }
  if (text.length > longestNote) {
    throw new OpsError('bad-input', `The note is too long: ${text.length} characters, ${longestNote} at most.`, {
      hint: 'Put it into the thread and pin it: pinned messages are part of the timeline.',
    });
  }
  return text;
}
