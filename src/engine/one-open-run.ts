import { shown } from '../domain/estate.ts';
import type { Plan } from '../domain/plan.ts';
import type { Run, RunState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { Queries } from './database.ts';
import { getRun } from './run-store.ts';

/** What is known of a run that is to be opened, beside its plan. */
export interface Opening {
  /** The same request that comes twice is not in its own way. */
  readonly requestKey?: string | undefined;
  /** The run that it takes back. */
  readonly undoes?: string | undefined;
  /** It comes by itself, as the plan that was approved says: that waits for nobody's own undo. */
  readonly declared?: boolean | undefined;
}

const open: readonly RunState[] = ['waiting', 'queued', 'running', 'stopped'];

/**
 * A second click plans nothing: `conflict`, with the run that is open. On a cell one run is open, whatever it does; on a
 * region or the whole estate one of each playbook, and what is for the whole estate is for every part of it too; of what
 * takes back a run, one. Taking back a run is not in that run's way.
 *
 * Within the caller's transaction, which files the run: whoever asks at the same moment waits until it has ended.
 */
export async function refuseSecond(
  tx: Queries,
  { playbook, target }: Plan,
  { requestKey, undoes, declared = false }: Opening,
): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('stamps.request'))`);
  const [rival] = await tx.query<{ id: string }>(
    `select id from stamps.runs
     where state = any($1) and request_key is distinct from $2 and ($3::text is null or id <> $3)
       and (target_cell = $4
            or (undoes = $3 and not $5)
            or ($3 is null and undoes is null and playbook = $6
                and (plan->'target' = $7 or plan->'target' = '{}' or $7 = '{}'::jsonb)))
     order by number desc limit 1`,
    [open, requestKey ?? null, undoes ?? null, target.cell ?? null, declared, playbook, JSON.stringify(target)],
  );
  if (!rival) return;
  const run = await getRun(tx, rival.id);
  const { id, plan, state } = run;
  const place = plan.target.cell ?? plan.target.region ?? 'the whole estate';
  throw new OpsError('conflict', `${id} is open on ${place} already: “${shown(plan.title)}”, ${state}.`, {
    hint: whatNow(run),
  });
}

function whatNow({ id, state, undoes }: Run): string {
  if (state !== 'stopped') return `See \`/stamps run ${id}\`.`;
  return undoes === undefined
    ? `Retry or undo ${id} first, or \`/stamps cancel ${id}\`.`
    : `Retry ${id}, or \`/stamps cancel ${id}\` and ask again: then what is left is planned anew.`;
}
