import { OpsError } from '../../../src/errors.ts';
import type { Silence, Silences } from '../../../src/ports/incidents.ts';

export const sampleSilence: Silence = {
  id: 's-4',
  match: { cell: 'cell-banking' },
  reason: 'its database is being moved',
  createdBy: 'U0ANA',
  startsAt: '2026-11-24T03:00:00.000Z',
  endsAt: '2026-11-24T05:00:00.000Z',
};

/** Writes down what it was asked; one silence is there. */
export function createFakeSilences() {
  const calls: [keyof Silences, ...unknown[]][] = [];
  const known = (id: string): Silence => {
    if (id !== sampleSilence.id) throw new OpsError('not-found', `There is no silence ${id}.`);
    return sampleSilence;
  };
  const silences: Silences = {
    async silence(wanted, member) {
      calls.push(['silence', wanted, member.id]);
      return { ...sampleSilence, match: wanted.match, reason: wanted.reason };
    },
    async extend(id, byMs, member, key) {
      calls.push(['extend', id, byMs, member.id, key]);
      return known(id);
    },
    async end(id, member) {
      calls.push(['end', id, member.id]);
      return known(id);
    },
    silences: async () => [{ silence: sampleSilence, kept: 3 }],
  };
  return { silences, calls };
}
