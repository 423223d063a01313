import { shown } from './estate.ts';

/** A table and how many rows its database’s catalog says it has: close, never exact. `rows` absent: it does not say. */
export interface TableRows {
  readonly schema: string;
  readonly name: string;
  readonly rows?: number;
}

/** A table as two databases have it; absent: that one has no such table, `unknown`: it does not say how many rows. */
interface Pair {
  readonly label: string;
  readonly copy?: number | 'unknown';
  readonly original?: number | 'unknown';
}

/** How many tables are named in one sentence. */
const mostNamed = 3;

/**
 * What two counts of a store’s tables say: totals, tables that only one has or that are empty in one alone, and the
 * largest differences. It judges nothing: a copy of an earlier time may differ, and whether it should, people know.
 */
export function rowsCompared(copy: readonly TableRows[], original: readonly TableRows[]): string[] {
  const pairs = pairsOf(copy, original);
  const both = pairs.filter(({ copy, original }) => copy !== undefined && original !== undefined);
  const known = both.filter(isKnown);
  const emptied = known.filter(({ copy, original }) => copy > 0 && original === 0);
  const unfilled = known.filter(({ copy, original }) => copy === 0 && original > 0);
  const differing = known
    .filter(({ copy, original }) => copy !== original && copy > 0 && original > 0)
    .sort((a, b) => Math.abs(b.copy - b.original) - Math.abs(a.copy - a.original));
  const uncounted = pairs.filter(({ copy, original }) => copy === 'unknown' || original === 'unknown');
  const alone = (side: 'copy' | 'original') => pairs.filter((it) => it[side] !== undefined && !both.includes(it));
  const alike = known.length > 0 && known.length === pairs.length && known.every((it) => it.copy === it.original);
  return [
    `By the catalogs, close but not exact, the copy has ${totalInWords(copy)}, the original now ${totalInWords(original)}.`,
    ...list('Only in the copy', alone('copy'), ({ copy }) => inWords(copy)),
    ...list('Only in the original', alone('original'), ({ original }) => inWords(original)),
    ...list('Empty in the original alone', emptied, ({ copy }) => `${inWords(copy)} in the copy`),
    ...list('Empty in the copy alone', unfilled, ({ original }) => `${inWords(original)} in the original`),
    ...list(
      'Different, the largest first',
      differing,
      ({ copy, original }) => `${digits(copy)} in the copy, ${digits(original)} now`,
    ),
    ...list('Not told by the catalog, as of memory-optimised and external tables', uncounted),
    alike
      ? 'Each table has as many rows in both.'
      : 'A copy is of an earlier time, so differences are expected: look whether they are the ones that you want.',
  ];
}

/** How many rows a database has: `95,400 rows in 3 tables`. */
export function totalInWords(tables: readonly TableRows[]): string {
  const count = tables.reduce((sum, { rows = 0 }) => sum + rows, 0);
  const atLeast = tables.some(({ rows }) => rows === undefined) ? 'at least ' : '';
  return `${atLeast}${inWords(count)} in ${digits(tables.length)} ${tables.length === 1 ? 'table' : 'tables'}`;
}

function pairsOf(copy: readonly TableRows[], original: readonly TableRows[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const add = (side: 'copy' | 'original', { schema, name, rows }: TableRows) => {
    const key = JSON.stringify([schema, name]);
    pairs.set(key, { ...(pairs.get(key) ?? { label: shown(`${schema}.${name}`) }), [side]: rows ?? 'unknown' });
  };
  for (const table of copy) add('copy', table);
  for (const table of original) add('original', table);
  return [...pairs.values()];
}

function isKnown(pair: Pair): pair is Pair & { copy: number; original: number } {
  return typeof pair.copy === 'number' && typeof pair.original === 'number';
}

function list<T extends Pair>(what: string, found: readonly T[], says?: (pair: T) => string): string[] {
  if (found.length === 0) return [];
  const named = found.slice(0, mostNamed).map((it) => (says ? `${it.label} (${says(it)})` : it.label));
  const more = found.length > mostNamed ? ` and ${digits(found.length - mostNamed)} more` : '';
  return [`${what}: ${named.join('; ')}${more}.`];
}

function inWords(count: number | 'unknown' | undefined): string {
  if (typeof count !== 'number') return 'rows not told';
  return `${digits(count)} ${count === 1 ? 'row' : 'rows'}`;
}

function digits(count: number): string {
  return count.toLocaleString('en-GB');
}
