import { mayAskAtAll, type Policy } from '../domain/approval.ts';
import { formatDuration } from '../domain/duration.ts';
import { shown } from '../domain/estate.ts';
import type { Member } from '../domain/person.ts';
import { defaultScaling } from '../domain/scaling.ts';
import type { ScalingProposal } from '../domain/scaling-proposal.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Database, Queries } from '../engine/database.ts';
import { floors, releaseFloor } from '../engine/floor-kind.ts';
import { OpsError } from '../errors.ts';
import type { Operations } from '../ports/operations.ts';
import type { ScalingDesk } from '../ports/scaling.ts';
import { coolingCells, lateProposals, lockProposal, moveProposal } from './proposal-store.ts';

export interface DeskParts {
  readonly database: Database;
  readonly policy: Policy;
  readonly operations: Pick<Operations, 'request' | 'run'>;
}

const longestSnoozeMs = 7 * 24 * 3_600_000;

/** What people do with proposals. */
export function createProposalDesk({ database, policy, operations }: DeskParts): ScalingDesk {
  const scaling = policy.scaling ?? defaultScaling;

  function mustScale(member: Member): void {
    if (mayAskAtAll(policy, 'scale-cell', member)) return;
    throw new OpsError('not-allowed', 'The policy does not let you decide about scaling.', {
      hint: 'It is for those who may ask for scale-cell.',
    });
  }

  async function open(tx: Queries, id: string): Promise<ScalingProposal> {
    const proposal = await lockProposal(tx, id);
    if (proposal.state === 'open' || proposal.state === 'snoozed') {
      const [run] = await tx.query<{ id: string }>('select id from stamps.runs where request_key = $1', [keyOf(id)]);
      if (!run) return proposal;
      throw settled(id, `${run.id} was asked for already`);
    }
    if (proposal.state === 'proposed') throw settled(id, `${proposal.runId} was asked for already`);
    throw settled(
      id,
      { done: 'the cell was scaled', ended: 'its run has ended' }[proposal.state as string] ??
        `it was ${proposal.state}`,
    );
  }

  return {
    async propose(id, member) {
      mustScale(member);
      const asked = await database.transaction(async (tx) => {
        const [run] = await tx.query<{ id: string }>('select id from stamps.runs where request_key = $1', [keyOf(id)]);
        return run ? run.id : open(tx, id);
      });
      if (typeof asked === 'string') return operations.run(asked);
      const { cell, channel, evidence } = asked;
      const run = await operations.request({
        requestKey: keyOf(id),
        playbook: 'scale-cell',
        input: { cell, to: evidence.to, proposal: id, reason: `${id}: ${evidence.rule}.` },
        requester: member,
        channel,
      });
      await database.transaction(async (tx) => {
        const { state } = await lockProposal(tx, id);
        if (state === 'open' || state === 'snoozed')
          await moveProposal(tx, id, { state: 'proposed', runId: run.id, by: member.id });
      });
      return run;
    },

    async snooze(id, forMs, member) {
      mustScale(member);
      if (forMs > longestSnoozeMs)
        throw new OpsError('bad-input', `That is longer than ${formatDuration(longestSnoozeMs)}.`, {
          hint: 'Dismiss it, with the reason.',
        });
      return database.transaction(async (tx) => {
        await open(tx, id);
        return moveProposal(tx, id, { state: 'snoozed', by: member.id, snoozeMs: forMs });
      });
    },

    async dismiss(id, reason, member) {
      mustScale(member);
      return database.transaction(async (tx) => {
        await open(tx, id);
        return moveProposal(tx, id, { state: 'dismissed', by: member.id, reason });
      });
    },

    async release(cell, member) {
      mustScale(member);
      await database.transaction(async (tx) => {
        if (!(await releaseFloor(tx, cell)))
          throw new OpsError('not-found', `${shown(cell)} has no floor.`, { hint: '`/stamps scaling` lists them.' });
        await appendAudit(tx, [{ kind: 'scaling-floor-released', actor: member.id, body: { cell } }]);
      });
    },

    async standing() {
      const [proposals, own, cooling, [looked]] = await Promise.all([
        lateProposals(database),
        floors(database),
        coolingCells(database, scaling),
        database.query<{ at: string | null }>('select max(at) as at from stamps.scaling_looks'),
      ]);
      return {
        policy: scaling,
        proposals,
        floors: own,
        cooling: [...cooling].map(([cell, until]) => ({ cell, until })),
        ...(looked?.at && { lookedAt: looked.at }),
      };
    },
  };
}

/** One run comes of a proposal, whoever asks and however often. */
const keyOf = (id: string): string => `scaling/${id}`;

function settled(id: string, why: string): OpsError {
  return new OpsError('conflict', `${id} is settled: ${why}.`, { hint: '`/stamps scaling` shows what is open.' });
}
