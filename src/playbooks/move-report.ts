import type { Region } from '../domain/estate.ts';
import type { ActStep, ChangeStep } from '../domain/plan.ts';
import type { CosmosMove, RegionMove } from './move-region.ts';
import { report } from './steps.ts';

type Moved = Pick<RegionMove, 'clients' | 'data' | 'storageLeft' | 'cosmos'>;

const waited = 'waited until everything was there.';
const ofCosmos: Record<CosmosMove, string> = {
  'by-step': 'Cosmos was moved, without loss.',
  everywhere: 'Cosmos takes writes in every region.',
  'by-azure':
    'Cosmos was not moved by this run: out of a region that is lost Azure moves its writes by itself, without what was not copied.',
  stays: 'Cosmos was not moved: its writes stay where they were, and Azure does not move them by itself.',
};

/** RTO as measured; of RPO what is known without asking the database itself. */
export function moveReport(to: Region, move: Moved, last = ''): ActStep {
  const { clients, data, storageLeft, cosmos } = move;
  const sql = data.find(({ id }) => id === 'fail-over-sql');
  const storage = data.filter(({ resource }) => resource.kind === 'storage-account');
  const loses = storageLeft > 0 || data.some(isForced);
  const says = [
    ...(sql && storage.length > 0 && !loses
      ? [`RPO 0: SQL and storage ${waited}`]
      : [ofSql(sql), ...ofStorage(storage, storageLeft)]),
    ...(cosmos ? [ofCosmos[cosmos]] : []),
    ...(last === '' ? [] : [last]),
  ];
  const marks = [
    { step: clients.at(-1)?.id ?? 'let-dns-expire', says: `until ${to.name} served` },
    { step: 'let-dns-expire', says: 'until the last client could follow' },
  ];
  const apart = cosmos === 'by-azure' || cosmos === 'stays';
  const kept = data.length === 0 ? 'data stayed' : apart ? 'RPO 0, Cosmos apart' : 'RPO 0';
  return report('Tell how long it took', 'hold-lease', marks, says.join(' '), loses ? 'with loss' : kept);
}

function ofSql(step: ChangeStep | undefined): string {
  if (!step) return 'RPO: SQL was not moved.';
  return isForced(step)
    ? 'RPO: SQL was forced over; what was not replicated is lost, and only the database can tell how much.'
    : `RPO 0: SQL ${waited}`;
}

function ofStorage(moved: readonly ChangeStep[], left: number): string[] {
  const all = moved.length + left;
  const forced = moved.filter(isForced).length;
  return [
    ...(left > 0 ? [`With loss: ${left} of ${all} storage accounts stayed behind, and what is in them.`] : []),
    ...(forced > 0
      ? [
          `RPO of storage: ${forced} of ${all} accounts were forced over; what the guard “Storage can follow” said is lost.`,
        ]
      : []),
    ...(moved.length > 0 && forced === 0
      ? [left > 0 ? `RPO 0 of the other storage: it ${waited}` : `RPO 0 of storage: it ${waited}`]
      : []),
  ];
}

function isForced({ after }: ChangeStep): boolean {
  return (after as { dataLossAllowed?: true } | null)?.dataLossAllowed === true;
}
