import { sameState } from '../domain/plan.ts';
import type { LeaseState } from '../domain/run.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import type { Database } from './database.ts';

/**
 * A lease as a resource, so that plans take, extend and give it back like anything else, and undo is the same.
 * Ref id `lease/<cell>`. An extension keeps the run that took it: its recorded undo is what gives back.
 */
export function createLeaseKind(database: Database): ResourceKind<LeaseState> {
  const subjectOf = (id: string) => id.slice('lease/'.length);
  return {
    kind: 'lease',
    async read(ref) {
      const [row] = await database.query<{ until: string; on_expiry: LeaseState['onExpiry']; reason: string }>(
        'select until, on_expiry, reason from stamps.leases where subject = $1',
        [subjectOf(ref.id)],
      );
      return { state: row ? { until: row.until, onExpiry: row.on_expiry, reason: row.reason } : null };
    },
    async write(ref, to, { runId }) {
      const subject = subjectOf(ref.id);
      if (to === null) {
        await database.query('delete from stamps.leases where subject = $1', [subject]);
      } else {
        await database.query(
          `insert into stamps.leases (subject, until, on_expiry, reason, run_id) values ($1, $2, $3, $4, $5)
           on conflict (subject) do update
           set until = excluded.until, on_expiry = excluded.on_expiry, reason = excluded.reason, reminded_at = null, ended_at = null`,
          [subject, to.until, to.onExpiry, to.reason, runId],
        );
      }
      return {};
    },
    equals: (a, b) => sameState(canonical(a), canonical(b)),
    describe(before, after) {
      if (after === null) return 'lease given back';
      return before === null ? `lease held until ${after.until}` : `lease end: ${before.until} → ${after.until}`;
    },
  };
}

/** The same instant may be written in several ways. */
function canonical(state: LeaseState | null): LeaseState | null {
  return state && { ...state, until: new Date(state.until).toISOString() };
}
