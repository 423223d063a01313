import { defaultScaling } from '../../../src/domain/scaling.ts';
import type { ReplicaProposal, SqlProposal } from '../../../src/domain/scaling-proposal.ts';
import { OpsError } from '../../../src/errors.ts';
import type { ScalingDesk } from '../../../src/ports/scaling.ts';
import { sampleRun } from '../sample-run.ts';

export const sampleProposal: ReplicaProposal = {
  id: 'sc-3',
  cell: 'cell-banking',
  direction: 'out',
  evidence: {
    windows: [
      { at: '2026-11-24T03:00:00.000Z', values: { cpu: 84, memory: 41, requests: 88 } },
      { at: '2026-11-24T03:05:00.000Z', values: { memory: 42 } },
      { at: '2026-11-24T03:10:00.000Z', values: { cpu: 86, memory: 44, requests: 91 } },
    ],
    rule: 'CPU above 80 % in 2 of 3 windows of five minutes',
    ...{ minReplicas: 6, maxReplicas: 12, running: 6, to: 9, each: 50 },
  },
  channel: 'C0OPERATIONS',
  state: 'open',
  createdAt: '2026-11-24T03:15:00.000Z',
};

const dtus = { sku: 'Standard', tier: 'Standard', family: '' };
export const sampleSqlProposal: SqlProposal = {
  ...sampleProposal,
  id: 'sc-4',
  direction: 'up',
  evidence: {
    windows: [
      { at: '2026-11-24T03:00:00.000Z', percent: 88 },
      { at: '2026-11-24T03:05:00.000Z' },
      { at: '2026-11-24T03:10:00.000Z', percent: 91.4 },
    ],
    rule: 'SQL load above 80 % in 2 of 3 windows of five minutes',
    database: 'sql-cell-banking',
    from: { objective: 'S3', ...dtus, capacity: 100 },
    to: { objective: 'S4', ...dtus, capacity: 200 },
    secondaries: [],
  },
};

/** Writes down what it was asked; one proposal is open, and one floor is set. */
export function createFakeScaling() {
  const calls: [keyof ScalingDesk, ...unknown[]][] = [];
  const known = (id: string) => {
    if (id !== sampleProposal.id) throw new OpsError('not-found', `There is no scaling proposal “${id}”.`);
  };
  const desk: ScalingDesk = {
    async propose(id, member) {
      calls.push(['propose', id, member.id]);
      known(id);
      return { ...sampleRun(), requesterId: member.id };
    },
    async snooze(id, forMs, member) {
      calls.push(['snooze', id, forMs, member.id]);
      known(id);
      return { ...sampleProposal, state: 'snoozed', snoozedUntil: '2026-11-24T07:15:00.000Z', byPerson: member.id };
    },
    async dismiss(id, reason, member) {
      calls.push(['dismiss', id, reason, member.id]);
      known(id);
      return { ...sampleProposal, state: 'dismissed', reason, byPerson: member.id };
    },
    async release(cell, what, member) {
      calls.push(['release', cell, what, member.id]);
      if (cell !== 'cell-banking') throw new OpsError('not-found', `${cell} has no floor.`);
    },
    standing: async () => ({
      policy: { ...defaultScaling, channel: 'C0OPERATIONS' },
      proposals: [sampleProposal, sampleSqlProposal],
      floors: [{ cell: 'cell-banking', replicas: 6, by: 'U0ANA', runId: 'r-17' }],
      sqlFloors: [{ cell: 'cell-banking', objective: 'S3', by: 'U0BEN', runId: 'r-18' }],
      cooling: [
        { cell: 'cell-retail', what: 'replicas', until: '2026-11-24T03:40:00.000Z' },
        { cell: 'cell-retail', what: 'sql', until: '2026-11-24T04:10:00.000Z' },
      ],
      lookedAt: '2026-11-24T03:10:00.000Z',
    }),
  };
  return { desk, calls };
}
