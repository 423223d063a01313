import { sameState } from '../domain/plan.ts';
import type { LeaseState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';
import type { Database } from './database.ts';

/**
 * A lease as a resource, so that plans take, extend and give it back like anything else, and undo is the same.
 * One that has ended by then, because the approval came late, is not taken: `refused`.
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
        const taken = await database.query(
          `insert into stamps.leases (subject, until, on_expiry, reason, run_id)
           select $1, $2::timestamptz, $3, $4, $5
           where $2::timestamptz > clock_timestamp() or exists (select 1 from stamps.leases where subject = $1)
           on conflict (subject) do update
           set until = excluded.until, on_expiry = excluded.on_expiry, reason = excluded.reason, reminded_at = null, ended_at = null
           returning 1`,
          [subject, to.until, to.onExpiry, to.reason, runId],
        );
        if (taken.length === 0)
          throw new OpsError('refused', `The lease on ${subject} would have ended at ${to.until} already.`, {
            hint: 'Nothing was taken. Ask for it anew: it gets an end of its own.',
          });
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
