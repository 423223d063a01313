import { rowsCompared, type TableRows, totalInWords } from '../domain/table-rows.ts';
import { OpsError } from '../errors.ts';
import type { NoticePart } from '../ports/presenter.ts';
import type { RecoveryPort } from '../ports/recovery.ts';
import { nameOf } from './recovery-parts.ts';

type Rows = Pick<RecoveryPort, 'sqlRows'>;

/** What two databases say of their rows: at length for a thread, and in short for a card. */
export interface CountedRows {
  readonly parts: readonly NoticePart[];
  readonly short: string;
}

/** The rows of a copy and of its original now. Who can't be asked is told, with why and what to do; it stops nothing. */
export async function countRows(
  { id, from }: { readonly id: string; readonly from: string },
  recovery: Rows,
  signal: AbortSignal,
): Promise<CountedRows> {
  const [copy, original] = await Promise.all([ask(recovery, id, signal), ask(recovery, from, signal)]);
  if (!(copy instanceof OpsError || original instanceof OpsError))
    return {
      parts: [`Rows of SQL ${nameOf(id)}. ${rowsCompared(copy, original).join(' ')}`],
      short: `Rows: ${totalInWords(copy)}; the original now: ${totalInWords(original)}.`,
    };
  const known = [
    ...(copy instanceof OpsError ? [] : [`The copy has ${totalInWords(copy)}.`]),
    ...(original instanceof OpsError ? [] : [`The original has ${totalInWords(original)} now.`]),
  ];
  const refusals = [copy, original].filter((it) => it instanceof OpsError);
  const why = [...new Set(refusals.map(({ message }) => message))];
  const now = [...new Set(refusals.flatMap(({ hint }) => hint ?? []))];
  return {
    parts: [
      `Rows of SQL ${nameOf(id)} could not be compared. ${[...known, ...why].join(' ')}`,
      { sentence: [...now, 'The recovery is done all the same: look into the copy before you swap.'].join(' ') },
    ],
    short: ['Rows of SQL are not compared.', ...known, ...why].join(' '),
  };
}

async function ask(recovery: Rows, databaseId: string, signal: AbortSignal): Promise<readonly TableRows[] | OpsError> {
  try {
    return await recovery.sqlRows(databaseId, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof OpsError)) throw error;
    return error;
  }
}
