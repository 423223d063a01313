import { words } from '../domain/command-line.ts';
import { shown } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';

/** What stands behind a command's name: plain words, clauses in any order, then `because …` to the end of the line. */
export type Arguments<Clause extends string = never> = {
  readonly words: readonly string[];
  readonly because?: string;
} & { readonly [clause in Clause]?: string };

/**
 * Reads a sentence. A clause begins with its own word, `for` as a rule, and goes on up to the next; a second `for` and a
 * quoted `"for"` are plain words, and so is a clause that the command does not have. Throws `bad-input` for a quote that is not closed, or a clause without words.
 */
export function parseArguments<const Clause extends string = never>(
  text: string,
  clauses: readonly Clause[] = [],
): Arguments<Clause> {
  const plain: string[] = [];
  const said = new Map<string, string[]>();
  let part = plain;
  let because: string | undefined;
  for (const token of words(text)) {
    const keyword = token.quoted ? '' : token.text.toLowerCase();
    if (keyword === 'because') {
      because = text.slice(token.end);
      break;
    }
    if (said.has(keyword) || !clauses.some((clause) => clause === keyword)) {
      part.push(token.text);
      continue;
    }
    part = [];
    said.set(keyword, part);
  }
  return {
    words: plain,
    ...Object.fromEntries([...said].map(([keyword, given]) => [keyword, clause(keyword, given)])),
    ...(because !== undefined && { because: reason(because) }),
  } as Arguments<Clause>;
}

/** The first word, and the rest of the line. */
export function parseFirst(text: string): { first: string[]; rest: string } {
  for (const token of words(text)) return { first: [token.text], rest: restOfLine(text.slice(token.end)) };
  return { first: [], rest: '' };
}

/** A line as it was typed, clean, with or without `because` before it. */
export function restOfLine(text: string): string {
  return cleaned(text.replace(/^\s*because\s/iu, ''));
}

/** A reason that tells the next person something. Throws `bad-input` with what to type. */
export function reason(text: string): string {
  const clean = cleaned(text);
  if (clean.length < shortestReason) {
    throw new OpsError(
      'bad-input',
      `The reason is too short: ${clean.length} of at least ${shortestReason} characters.`,
      {
        hint: 'Write what you see, for whoever approves: `because card payments time out`.',
      },
    );
  }
  if (clean.length > longestReason) {
    throw new OpsError('bad-input', `The reason is too long: ${clean.length} characters, ${longestReason} at most.`, {
      hint: 'Put the detail into the thread.',
    });
  }
  return clean;
}

export const shortestReason = 10;
export const longestReason = 500;

/** The one thing that a command is about. Throws `bad-input` with the usage when it is missing or there is more. */
export function only(given: readonly string[], what: string, usage: string): string {
  const [first, second] = given;
  if (first === undefined || first.trim() === '') {
    throw new OpsError('bad-input', `Which ${what}?`, { hint: `Type \`/stamps ${usage}\`.` });
  }
  if (second !== undefined) {
    throw new OpsError('bad-input', `“${shown(second)}” is one word too many.`, { hint: `Type \`/stamps ${usage}\`.` });
  }
  return first;
}

/** A run's id as people type it: `r-17`, `R-17`, `17`. Throws `bad-input`. */
export function runId(typed: string): string {
  const number = /^(?:r-)?(\d{1,9})$/iu.exec(typed.trim())?.[1];
  if (number === undefined) {
    throw new OpsError('bad-input', `“${shown(typed)}” is not a run.`, {
      hint: 'Runs are called `r-17`; `/stamps runs` lists them.',
    });
  }
  return `r-${Number(number)}`;
}

function clause(keyword: string, given: readonly string[]): string {
  if (given.length > 0) return given.join(' ');
  if (keyword === 'for') throw new OpsError('bad-input', 'For how long?', { hint: 'Write `for 4h`.' });
  throw new OpsError('bad-input', `Something is missing behind “${keyword}”.`);
}

/** Well-formed, on one line, without marks that hide or turn text; quotes around the whole are taken off. */
function cleaned(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return /^(?:"[^"]*"|[“”„][^“”]*[“”])$/u.test(line) ? line.slice(1, -1).trim() : line;
}
