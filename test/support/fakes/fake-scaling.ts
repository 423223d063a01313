import { defaultScaling } from '../../../src/domain/scaling.ts';
import type { ScalingProposal } from '../../../src/domain/scaling-proposal.ts';
import { OpsError } from '../../../src/errors.ts';
import type { ScalingDesk } from '../../../src/ports/scaling.ts';
import { sampleRun } from '../sample-run.ts';

export const sampleProposal: ScalingProposal = {
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
    async release(cell, member) {
      calls.push(['release', cell, member.id]);
      if (cell !== 'cell-banking') throw new OpsError('not-found', `${cell} has no floor.`);
    },
    standing: async () => ({
      policy: { ...defaultScaling, channel: 'C0OPERATIONS' },
      proposals: [sampleProposal],
      floors: [{ cell: 'cell-banking', replicas: 6, by: 'U0ANA', runId: 'r-17' }],
      cooling: [{ cell: 'cell-retail', until: '2026-11-24T03:40:00.000Z' }],
      lookedAt: '2026-11-24T03:10:00.000Z',
    }),
  };
  return { desk, calls };
}
