import type { Rung } from '../../src/domain/incident-policy.ts';
import { ladderFaults } from '../../src/domain/ladder-faults.ts';

const facts = {
  targets: [
    { kind: 'policy', id: 'PPLATFM', name: 'Platform' },
    { kind: 'policy', id: 'PDATABS', name: 'Databases' },
    { kind: 'person', id: 'PUDAN04', name: 'Dana Levi' },
  ],
  ownPolicyId: 'PPLATFM',
} as const;
const managers = (page?: Rung['page']): Rung[] => [{ tell: 'oncall' }, { tell: 'managers', ...(page && { page }) }];

describe('what is wrong with a ladder', () => {
  it.each([
    ['rungs that only mention', undefined],
    ['another policy', { policy: 'PDATABS' }],
    ['a person', { person: 'PUDAN04' }],
  ])('is nothing for %s', (_, page) => {
    expect(ladderFaults(managers(page), facts)).toEqual([]);
  });

  it('is the policy of the paged service itself, where that is known', () => {
    const rungs = managers({ policy: 'PPLATFM' });
    expect(ladderFaults(rungs, facts)).toEqual([
      expect.stringMatching(/rung “managers” pages Platform.*will be woken twice\. .*write `managers` alone/),
    ]);
    expect(ladderFaults(rungs, { ...facts, ownPolicyId: undefined })).toEqual([]);
  });

  it.each([
    ['policy', { policy: 'PGONE00' }],
    ['person', { person: 'PGONE00' }],
    // A person's id where a policy's belongs wakes nobody either.
    ['policy', { policy: 'PUDAN04' }],
  ] as const)('is a %s that PagerDuty does not have', (kind, page) => {
    const [says, ...more] = ladderFaults(managers(page), facts);
    expect(more).toEqual([]);
    expect(says).toContain(`pages the ${kind} ${Object.values(page)[0]}, and PagerDuty has none of that id`);
  });
});
