import { escapeText } from '../blocks/escape-text.ts';
import { say } from '../blocks/message.ts';
import type { RunState } from '../domain/run.ts';
import { isOfSql } from '../domain/scaling.ts';
import { openProposalStates } from '../domain/scaling-proposal.ts';
import type { Database } from '../engine/database.ts';
import { wantMessage } from '../engine/messages.ts';
import { lockProposal, moveProposal, proposalKey } from './proposal-store.ts';

interface Due {
  id: string;
  run_id: string | null;
  run_state: RunState | null;
  over: boolean;
}

/** How a proposal stands against what happened since: its own run, another scaling of the cell, the end of a snooze. */
const due = `
  select p.id, r.id as run_id, r.state as run_state, p.state = 'snoozed' and p.snoozed_until <= clock_timestamp() as over
  from stamps.scaling_proposals p
  left join lateral (
    select r.id, r.state from stamps.runs r
    where r.request_key = 'scaling/' || p.id
       or (p.state <> 'proposed' and r.target_cell = p.cell
           and (r.plan->>'scale' in ('up', 'down')) = (p.direction in ('up', 'down'))
           and r.state = 'succeeded' and r.finished_at > p.created_at)
    order by (r.request_key = 'scaling/' || p.id) desc, r.number desc limit 1
  ) r on true
  where p.state in ('open', 'snoozed', 'proposed')
    and ((r.id is not null and (p.run_id is null or r.state in ('succeeded', 'undone', 'refused', 'denied', 'expired', 'cancelled')))
         or (p.state = 'snoozed' and p.snoozed_until <= clock_timestamp()))`;

const endings: Partial<Record<RunState, string>> = {
  refused: 'A guard refused it.',
  denied: 'It was denied.',
  expired: 'Nobody approved it in time.',
  cancelled: 'It was cancelled.',
};

/** Moves proposals on with their runs and with time, each once over all replicas. */
export async function followRuns(database: Database): Promise<void> {
  for (const { id } of await database.query<Due>(due)) {
    await database.transaction(async (tx) => {
      const { state, snoozedUntil } = await lockProposal(tx, id);
      const [now] = await tx.query<Due>(`${due} and p.id = $1`, [id]);
      if (!now || !openProposalStates.includes(state)) return;
      const { run_id: runId, run_state: runState } = now;
      if (runId !== null && runState !== null) {
        const reason = endings[runState];
        if (runState === 'succeeded' || runState === 'undone') await moveProposal(tx, id, { state: 'done', runId });
        else if (reason !== undefined) await moveProposal(tx, id, { state: 'ended', runId, reason });
        else await moveProposal(tx, id, { state: 'proposed', runId });
        return;
      }
      const { cell, direction, channel } = await moveProposal(tx, id, { state: 'open' });
      await wantMessage(tx, {
        key: `${proposalKey(id)}:again:${snoozedUntil}`,
        channel,
        threadOf: proposalKey(id),
        content: say(
          `The load of ${escapeText(cell)}${isOfSql(direction) ? '’s database' : ''} is still so: the proposal is open again.`,
        ),
      });
    });
  }
}
