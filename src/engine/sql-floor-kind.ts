import { sameState } from '../domain/plan.ts';
import type { SqlFloor, SqlFloorState } from '../domain/scaling-floor.ts';
import { tierWords } from '../domain/sql-tier.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import type { Database, Queries } from './database.ts';

/** The floor of a cell's SQL database as a resource, so that plans set it, and undo gives back the one before. Ref id `sql-floor/<cell>`. */
export function createSqlFloorKind(database: Database): ResourceKind<SqlFloorState> {
  const cellOf = (id: string) => id.slice('sql-floor/'.length);
  return {
    kind: 'sql-floor',
    async read(ref) {
      const floor = (await sqlFloors(database)).find(({ cell }) => cell === cellOf(ref.id));
      return { state: floor ? floor.tier : null };
    },
    async write(ref, to, { runId }) {
      if (to === null) await releaseSqlFloor(database, cellOf(ref.id));
      else
        await database.query(
          `insert into stamps.sql_floors (cell, tier, run_id) values ($1, $2, $3)
           on conflict (cell) do update set tier = excluded.tier, run_id = excluded.run_id, set_at = clock_timestamp()`,
          [cellOf(ref.id), JSON.stringify(to), runId],
        );
      return {};
    },
    equals: (a, b) => sameState(a, b),
    describe: (before, after) => `floor of SQL: ${word(before)} → ${word(after)}`,
  };
}

/** All floors of SQL databases, by cell. */
export function sqlFloors(db: Queries): Promise<SqlFloor[]> {
  return db.query<SqlFloor>(
    `select f.cell, f.tier, f.run_id as "runId", r.requester_id as by
     from stamps.sql_floors f join stamps.runs r on r.id = f.run_id order by f.cell`,
  );
}

/** Answers whether there was one. */
export async function releaseSqlFloor(db: Queries, cell: string): Promise<boolean> {
  return (await db.query('delete from stamps.sql_floors where cell = $1 returning 1', [cell])).length > 0;
}

function word(state: SqlFloorState | null): string {
  return state ? tierWords(state) : 'none';
}
