import { mayAskAtAll, type Policy } from '../domain/approval.ts';
import { formatDuration } from '../domain/duration.ts';
import { shown } from '../domain/estate.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Member } from '../domain/person.ts';
import { defaultScaling } from '../domain/scaling.ts';
import { isAboutSql, type ScalingProposal } from '../domain/scaling-proposal.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Database, Queries } from '../engine/database.ts';
import { floors, releaseFloor } from '../engine/floor-kind.ts';
import { releaseSqlFloor, sqlFloors } from '../engine/sql-floor-kind.ts';
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

  function mustScale(member: Member, ...playbooks: readonly string[]): void {
    if (playbooks.some((playbook) => mayAskAtAll(policy, playbook, member))) return;
    throw new OpsError('not-allowed', 'The policy does not let you decide about scaling.', {
      hint: `It is for those who may ask for ${playbooks.join(' or ')}.`,
    });
  }

  async function open(tx: Queries, id: string, member: Member): Promise<ScalingProposal> {
    const proposal = await lockProposal(tx, id);
    mustScale(member, playbookOf(proposal));
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
      mustScale(member, 'scale-cell', 'scale-sql');
      const asked = await database.transaction(async (tx) => {
        const [run] = await tx.query<{ id: string }>('select id from stamps.runs where request_key = $1', [keyOf(id)]);
        return run ? run.id : open(tx, id, member);
      });
      if (typeof asked === 'string') return operations.run(asked);
      const run = await operations.request({
        requestKey: keyOf(id),
        playbook: playbookOf(asked),
        input: inputOf(asked),
        requester: member,
        channel: asked.channel,
      });
      await database.transaction(async (tx) => {
        const { state } = await lockProposal(tx, id);
        if (state === 'open' || state === 'snoozed')
          await moveProposal(tx, id, { state: 'proposed', runId: run.id, by: member.id });
      });
      return run;
    },

    async snooze(id, forMs, member) {
      mustScale(member, 'scale-cell', 'scale-sql');
      if (forMs > longestSnoozeMs)
        throw new OpsError('bad-input', `That is longer than ${formatDuration(longestSnoozeMs)}.`, {
          hint: 'Dismiss it, with the reason.',
        });
      return database.transaction(async (tx) => {
        await open(tx, id, member);
        return moveProposal(tx, id, { state: 'snoozed', by: member.id, snoozeMs: forMs });
      });
    },

    async dismiss(id, reason, member) {
      mustScale(member, 'scale-cell', 'scale-sql');
      return database.transaction(async (tx) => {
        await open(tx, id, member);
        return moveProposal(tx, id, { state: 'dismissed', by: member.id, reason });
      });
    },

    async release(cell, what, member) {
      mustScale(member, what === 'sql' ? 'scale-sql' : 'scale-cell');
      await database.transaction(async (tx) => {
        if (!(await (what === 'sql' ? releaseSqlFloor : releaseFloor)(tx, cell)))
          throw new OpsError('not-found', `${shown(cell)} has no floor${what === 'sql' ? ' of SQL' : ''}.`, {
            hint: '`/stamps scaling` lists them.',
          });
        await appendAudit(tx, [{ kind: 'scaling-floor-released', actor: member.id, body: { cell, what } }]);
      });
    },

    async standing() {
      const [proposals, own, ofSql, cooling, sqlCooling, [looked]] = await Promise.all([
        lateProposals(database),
        floors(database),
        sqlFloors(database),
        coolingCells(database, scaling, 'replicas'),
        coolingCells(database, scaling, 'sql'),
        database.query<{ at: string | null }>('select max(at) as at from stamps.scaling_looks'),
      ]);
      return {
        policy: scaling,
        proposals,
        floors: own,
        sqlFloors: ofSql.map(({ cell, tier, by, runId }) => ({ cell, objective: tier.objective, by, runId })),
        cooling: [
          ...[...cooling].map(([cell, until]) => ({ cell, what: 'replicas' as const, until })),
          ...[...sqlCooling].map(([cell, until]) => ({ cell, what: 'sql' as const, until })),
        ],
        ...(looked?.at && { lookedAt: looked.at }),
      };
    },
  };
}

const playbookOf = (proposal: ScalingProposal): string => (isAboutSql(proposal) ? 'scale-sql' : 'scale-cell');

/** Throws `refused` where there is nothing that could be asked for. */
function inputOf(proposal: ScalingProposal): JsonObject {
  const { id, cell } = proposal;
  const base = { cell, proposal: id, reason: `${id}: ${proposal.evidence.rule}.` };
  if (!isAboutSql(proposal)) return { ...base, to: proposal.evidence.to };
  const { from, to, why } = proposal.evidence;
  if (to) return { ...base, from: from.objective, to: to.objective };
  throw new OpsError('refused', `Stamps cannot scale this database. ${why ?? ''}`.trim(), {
    hint: 'docs/runbooks/scale-sql.md says how it is done by hand.',
  });
}

/** One run comes of a proposal, whoever asks and however often. */
const keyOf = (id: string): string => `scaling/${id}`;

function settled(id: string, why: string): OpsError {
  return new OpsError('conflict', `${id} is settled: ${why}.`, { hint: '`/stamps scaling` shows what is open.' });
}
