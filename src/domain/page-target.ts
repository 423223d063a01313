import { z } from 'zod';
import { OpsError } from '../errors.ts';
import { tokenize } from './command-line.ts';
import { nearest, shown } from './estate.ts';

/** Whom one can page: an escalation policy, or a person. Ids are the pager's, names are text of strangers. */
export interface PageTarget {
  readonly kind: 'policy' | 'person';
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

const pagerId = z
  .string()
  .regex(/^[A-Z0-9]{5,20}$/, 'must be the id of an escalation policy or a person in PagerDuty, such as PABC123');

/** Whom a page is for, by the pager's ids. */
export const pageTo = z.union([z.strictObject({ policy: pagerId }), z.strictObject({ person: pagerId })]);
export type PageTo = z.output<typeof pageTo>;

/** Longer names are found by their beginning. */
const mostWords = 8;
const shortestPart = 3;
/** Characters: fewer before a `because` are a slip in the name, and no reason. */
const shortestReason = 10;

/**
 * Reads `<policy or person> [because] <why>`: the longest beginning of the text that names somebody, whatever its case,
 * whole or by a part that only one has (`ben`, `@ben`, an e-mail address). What stands before `because` is the name,
 * unless it is like none and goes on with a reason of its own: `Platform payments time out because TLS ended`.
 * Throws `bad-input` when nobody is named, `ambiguous` with the choices, `not-found` with the nearest names.
 */
export function findTarget(targets: readonly PageTarget[], text: string): { target: PageTarget; why: string } {
  const tokens = tokenize(text);
  const because = tokens.findIndex((token) => !token.quoted && token.text.toLowerCase() === 'because');
  const named = because < 0 ? tokens : tokens.slice(0, because);
  const [first] = named;
  if (!first)
    throw new OpsError('bad-input', 'Whom?', { hint: 'Type `/stamps page <policy or person> because <why>`.' });
  const behind = (count: number) => text.slice(named[count - 1]?.end).trim();
  const beginnings = first.quoted ? [1] : countdown(named.length);
  if (because < 0) {
    const found = longest(targets, named, beginnings);
    if (found) return { target: found.target, why: behind(found.words) };
    throw unknown(targets, first.text);
  }

  const whole = longest(targets, named, [named.length]);
  if (whole) return { target: whole.target, why: text.slice(tokens[because]?.end).trim() };
  const before = joined(named);
  const names = targets.map(({ name }) => name);
  const reasoned = beginnings.filter((count) => joined(named.slice(count)).length >= shortestReason);
  const found = nearest(before, names).length > 0 ? undefined : longest(targets, named, reasoned);
  if (found) return { target: found.target, why: behind(found.words) };
  throw unknown(targets, before);
}

type Words = readonly { readonly text: string }[];

/** Whom the first of these many words name: by a whole name before a part of one. */
function longest(
  targets: readonly PageTarget[],
  named: Words,
  counts: readonly number[],
): { target: PageTarget; words: number } | undefined {
  for (const match of [hasName, hasPart]) {
    for (const words of counts) {
      const typed = joined(named.slice(0, words));
      const found = targets.filter((target) => match(target, typed.replace(/^@/, '').toLowerCase()));
      if (found.length > 1) throw ambiguous(typed, found);
      const [target] = found;
      if (target) return { target, words };
    }
  }
  return undefined;
}

function joined(words: Words): string {
  return words.map(({ text }) => text).join(' ');
}

/** From the longest to a single word. */
function countdown(words: number): number[] {
  const most = Math.min(words, mostWords);
  return Array.from({ length: most }, (_, less) => most - less);
}

function hasName({ name, email }: PageTarget, typed: string): boolean {
  return name.toLowerCase() === typed || email?.toLowerCase() === typed;
}

/** Words of the name that begin like it, or the part of the address before the `@`. */
function hasPart({ name, email }: PageTarget, typed: string): boolean {
  const begins = typed.length >= shortestPart && ` ${name.toLowerCase()}`.includes(` ${typed}`);
  return begins || email?.toLowerCase().split('@')[0] === typed;
}

function ambiguous(typed: string, found: readonly PageTarget[]): OpsError {
  const names = found.slice(0, 5).map(({ kind, name }) => `${shown(name)} (${kind})`);
  return new OpsError('ambiguous', `“${shown(typed)}” could be ${names.join(' or ')}.`, {
    hint: 'Give the full name in quotes, or an e-mail address.',
  });
}

function unknown(targets: readonly PageTarget[], typed: string): OpsError {
  const names = [...new Set(targets.map(({ name }) => name))];
  const parts = names.flatMap((name) => [name, ...name.split(/\s+/u)]);
  const whole = typed.replace(/^@/, '');
  const near = new Set(
    [...nearest(whole, parts, 6), ...nearest(whole.split(' ', 1)[0] ?? '', parts, 6)].flatMap((part) =>
      names.filter((name) => name === part || name.split(/\s+/u).includes(part)),
    ),
  );
  return new OpsError('not-found', `PagerDuty has no policy and nobody called “${shown(typed)}”.`, {
    hint:
      near.size > 0
        ? `Did you mean ${[...near].slice(0, 3).map(shown).join(' or ')}?`
        : '`/stamps oncall` lists the policies and who is on call.',
  });
}
