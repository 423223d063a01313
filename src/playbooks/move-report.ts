import type { Region } from '../domain/estate.ts';
import type { ActStep, ChangeStep } from '../domain/plan.ts';
import { report } from './steps.ts';

/** RTO as measured; of RPO what is known without asking the database itself. */
export function moveReport(
  to: Region,
  clients: readonly ChangeStep[],
  data: readonly ChangeStep[],
  last = '',
): ActStep {
  const isForced = ({ after }: ChangeStep) => (after as { dataLossAllowed?: true } | null)?.dataLossAllowed === true;
  const sql = data.find(({ id }) => id === 'fail-over-sql');
  const storage = data.filter(({ resource }) => resource.kind === 'storage-account');
  const waited = 'waited until everything was there.';
  const ofSql =
    sql === undefined
      ? 'RPO: SQL was not moved.'
      : isForced(sql)
        ? 'RPO: SQL was forced over; what was not replicated is lost, and only the database can tell how much.'
        : `RPO 0: SQL ${waited}`;
  const forced = storage.filter(isForced).length;
  const ofStorage =
    storage.length === 0
      ? ''
      : forced > 0
        ? `RPO of storage: ${forced} of ${storage.length} accounts were forced over; what the guard “Storage can follow” said is lost.`
        : `RPO 0 of storage: it ${waited}`;
  const both = sql && storage.length > 0 && ![sql, ...storage].some(isForced);
  const rpo = [both ? `RPO 0: SQL and storage ${waited}` : `${ofSql} ${ofStorage}`.trim(), last].join(' ').trim();
  const marks = [
    { step: clients.at(-1)?.id ?? 'let-dns-expire', says: `until ${to.name} served` },
    { step: 'let-dns-expire', says: 'until the last client could follow' },
  ];
  const loss = data.length === 0 ? 'data stayed' : data.some(isForced) ? 'with loss' : 'RPO 0';
  return report('Tell how long it took', 'hold-lease', marks, rpo, loss);
}
