import { sameState } from '../domain/plan.ts';
import type { FloorState, ScalingFloor } from '../domain/scaling-floor.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import type { Database, Queries } from './database.ts';

/** The floor of a cell's scaling as a resource, so that plans set it, and undo gives back the one before. Ref id `scaling-floor/<cell>`. */
export function createFloorKind(database: Database): ResourceKind<FloorState> {
  const cellOf = (id: string) => id.slice('scaling-floor/'.length);
  return {
    kind: 'scaling-floor',
    async read(ref) {
      const [row] = await database.query<{ replicas: number }>(
        'select replicas from stamps.scaling_floors where cell = $1',
        [cellOf(ref.id)],
      );
      return { state: row ? { replicas: row.replicas } : null };
    },
    async write(ref, to, { runId }) {
      if (to === null) await releaseFloor(database, cellOf(ref.id));
      else
        await database.query(
          `insert into stamps.scaling_floors (cell, replicas, run_id) values ($1, $2, $3)
           on conflict (cell) do update
           set replicas = excluded.replicas, run_id = excluded.run_id, set_at = clock_timestamp()`,
          [cellOf(ref.id), to.replicas, runId],
        );
      return {};
    },
    equals: (a, b) => sameState(a, b),
    describe: (before, after) => `floor of scaling: ${before?.replicas ?? 'none'} → ${after?.replicas ?? 'none'}`,
  };
}

/** All floors, by cell. */
export function floors(db: Queries): Promise<ScalingFloor[]> {
  return db.query<ScalingFloor>(
    `select f.cell, f.replicas, f.run_id as "runId", r.requester_id as by, f.set_at as "setAt"
     from stamps.scaling_floors f join stamps.runs r on r.id = f.run_id order by f.cell`,
  );
}

/** Answers whether there was one. */
export async function releaseFloor(db: Queries, cell: string): Promise<boolean> {
  return (await db.query('delete from stamps.scaling_floors where cell = $1 returning 1', [cell])).length > 0;
}
