import type { Rung } from '../../src/domain/incident-policy.ts';
import { ladderFaults, type PagerTurn } from '../../src/domain/ladder-faults.ts';

const turn = (policyId: string, name: string, from?: string, until?: string): PagerTurn => ({
  policyId,
  person: { id: `PU${name.slice(0, 3).toUpperCase()}00`, name },
  ...(from !== undefined && { from: `${from}T00:00:00.000Z` }),
  ...(until !== undefined && { until: `${until}T00:00:00.000Z` }),
});
const facts = {
  targets: [
    { kind: 'policy', id: 'PPLATFM', name: 'Platform' },
    { kind: 'policy', id: 'PDATABS', name: 'Databases' },
    { kind: 'policy', id: 'PMANAGE', name: 'Managers' },
    { kind: 'person', id: 'PUDAN00', name: 'Dana Levi' },
    { kind: 'person', id: 'PUBEN00', name: 'Ben Okafor' },
  ],
  own: { id: 'PPLATFM', name: 'Platform' },
  turns: [
    turn('PPLATFM', 'Ana Ruiz', '2026-11-19', '2026-11-26'),
    turn('PPLATFM', 'Ben Okafor', '2026-11-26', '2026-12-03'),
    turn('PPLATFM', 'Ana Ruiz'),
    turn('PDATABS', 'Ana Ruiz', '2026-11-19', '2026-11-26'),
    turn('PDATABS', 'Ben Okafor', '2026-12-01', '2026-12-08'),
    turn('PMANAGE', 'Dana Levi'),
    turn('PMANAGE', 'Ben Okafor', '2026-12-03', '2026-12-10'),
  ],
} as const;
const managers = (page?: Rung['page']): Rung[] => [{ tell: 'oncall' }, { tell: 'managers', ...(page && { page }) }];

describe('what is wrong with a ladder', () => {
  it.each([
    ['rungs that only mention', undefined],
    ['a policy whose people have no turn in the paged one at the same time', { policy: 'PMANAGE' }],
    ['a person who has none there', { person: 'PUDAN00' }],
  ])('is nothing for %s', (_, page) => {
    expect(ladderFaults(managers(page), facts)).toEqual([]);
  });

  it.each([
    ['the policy of the paged service itself', { policy: 'PPLATFM' }, 'Platform, the policy of'],
    ['people on call there too', { policy: 'PDATABS' }, 'Databases, with Ana Ruiz, Ben Okafor, on call at the same'],
    [
      'a person on call there',
      { person: 'PUBEN00' },
      'Ben Okafor, on call at the same time for Platform, the policy of',
    ],
  ] as const)('is %s, where that is known', (_, page, whom) => {
    const [says, ...more] = ladderFaults(managers(page), facts);
    expect(more).toEqual([]);
    expect(says).toContain(`rung “managers” pages ${whom}`);
    expect(says).toMatch(/will be woken twice\. .*write `managers` alone/);
    expect(ladderFaults(managers(page), { ...facts, own: undefined })).toEqual([]);
  });

  it('names three of those who would be woken twice', () => {
    const both = ['Ada', 'Bea', 'Cem', 'Dov', 'Eli'].flatMap((name) => [turn('PPLATFM', name), turn('PDATABS', name)]);
    const [says] = ladderFaults(managers({ policy: 'PDATABS' }), { ...facts, turns: both });
    expect(says).toContain('Databases, with Ada, Bea, Cem and 2 more, on call');
  });

  it.each([
    ['policy', { policy: 'PGONE00' }],
    ['person', { person: 'PGONE00' }],
    // A person's id where a policy's belongs wakes nobody either.
    ['policy', { policy: 'PUDAN00' }],
  ] as const)('is a %s that PagerDuty does not have', (kind, page) => {
    const [says, ...more] = ladderFaults(managers(page), facts);
    expect(more).toEqual([]);
    expect(says).toContain(`pages the ${kind} ${Object.values(page)[0]}, and PagerDuty has none of that id`);
  });
});
