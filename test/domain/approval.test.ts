import {
  type ApprovalQuestion,
  type ApprovalRule,
  approvalState,
  type Decision,
  matches,
  mayAskAtAll,
  mayBreakGlass,
  mayDecide,
  mayOperate,
  mayRequest,
  type Policy,
  ruleFor,
} from '../../src/domain/approval.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Member } from '../../src/domain/person.ts';
import { fc } from '../support/properties.ts';

const expiresAt = '2026-11-24T03:41:00.000Z';
const now = '2026-11-24T03:20:00.000Z';
const impact = {
  tenants: 12,
  byTier: { enterprise: 2 },
  bySla: {},
  byCompliance: { 'PCI-DSS': 1 },
  healthyCellsLeft: [],
  cellsOut: 1,
};
const plan: ApprovalQuestion['plan'] = {
  playbook: 'isolate-cell',
  target: { region: 'eastus', cell: 'cell-banking' },
  impact,
};
const rule = (change: Partial<ApprovalRule> = {}): ApprovalRule => ({
  match: {},
  requesters: ['sre'],
  approvals: 1,
  approvers: ['sre', 'managers'],
  fromDifferentGroups: false,
  expiresAfterMs: 1,
  remindBeforeMs: 1,
  ...change,
});
const decision = (personId: string, change: Partial<Decision> = {}): Decision => ({
  personId,
  verdict: 'approve',
  planHash: 'h',
  groups: ['sre'],
  at: '2026-11-24T03:15:00.000Z',
  ...change,
});
const stand = (decisions: Decision[], change: Partial<ApprovalRule> = {}, at = now) =>
  approvalState(rule(change), { plan, planHash: 'h', requesterId: 'ana', decisions, expiresAt, now: at });
const member = (change: Partial<Member> = {}): Member => ({
  id: 'ben',
  teamId: 'T1',
  name: 'Ben',
  groups: ['sre'],
  ...change,
});

describe('approvalState', () => {
  it.each<[string, Decision[], Partial<ApprovalRule>, string]>([
    ['waits for the first approval', [], {}, 'waiting'],
    ['is approved by one other person', [decision('ben')], {}, 'approved'],
    ['never counts the requester', [decision('ana')], {}, 'waiting'],
    ['never counts the requester’s denial either', [decision('ana', { verdict: 'deny' })], {}, 'waiting'],
    [
      'never counts a person twice',
      [decision('ben'), decision('ben', { groups: ['managers'] })],
      { approvals: 2 },
      'waiting',
    ],
    ['does not count an approval of another plan', [decision('ben', { planHash: 'other' })], {}, 'waiting'],
    ['does not count who was in no approving group', [decision('ben', { groups: ['support'] })], {}, 'waiting'],
    ['does not count what came at the expiry', [decision('ben', { at: expiresAt })], {}, 'waiting'],
    ['does not count what came at no time', [decision('ben', { at: 'yesterday' })], {}, 'waiting'],
    ['knows a moment however it is written', [decision('ben', { at: '2026-11-24T04:40:59+01:00' })], {}, 'approved'],
    ['is denied by one', [decision('ben'), decision('cleo', { verdict: 'deny' })], {}, 'denied'],
    ['is not denied by somebody who may not decide', [decision('eve', { verdict: 'deny', groups: [] })], {}, 'waiting'],
    ['runs at once where nobody is needed', [], { approvals: 0 }, 'approved'],
    ['never gets anywhere where nobody may approve', [decision('ben')], { approvers: [] }, 'waiting'],
  ])('%s', (_, decisions, change, state) => {
    expect(stand(decisions, change).state).toBe(state);
  });

  it('expires at its moment, not before, and keeps what was approved in time', () => {
    expect(stand([], {}, '2026-11-24T03:40:59.999Z').state).toBe('waiting');
    expect(stand([], {}, expiresAt).state).toBe('expired');
    expect(stand([], {}, '2026-11-24T03:41:00Z').state).toBe('expired');
    expect(stand([decision('ben')], {}, '2026-11-24T09:00:00.000Z').state).toBe('approved');
  });

  it('says how many are missing, and from whom', () => {
    expect(stand([decision('ben')], { approvals: 3 })).toEqual({
      state: 'waiting',
      missing: 2,
      from: ['sre', 'managers'],
    });
  });

  it.each<[string, string[][], boolean]>([
    ['two of one group', [['sre'], ['sre']], false],
    ['one of each', [['sre'], ['managers']], true],
    ['one of both after one of the first', [['sre'], ['sre', 'managers']], true],
    ['one of both before one of the first', [['sre', 'managers'], ['sre']], true],
    [
      'two of both',
      [
        ['sre', 'managers'],
        ['sre', 'managers'],
      ],
      true,
    ],
    ['one person of both', [['sre', 'managers']], false],
  ])('from different groups: %s', (_, groups, approved) => {
    const decisions = groups.map((of, index) => decision(`p${index}`, { groups: of }));
    expect(stand(decisions, { approvals: 2, fromDifferentGroups: true }).state === 'approved').toBe(approved);
  });

  const someDecision = fc.record<Decision>({
    personId: fc.constantFrom('ana', 'ben', 'cleo', 'dana', 'eve'),
    verdict: fc.constantFrom('approve', 'approve', 'approve', 'deny'),
    planHash: fc.constantFrom('h', 'h', 'other'),
    groups: fc.subarray(['sre', 'managers', 'legal', 'support']),
    at: fc.constantFrom('2026-11-24T03:15:00.000Z', '2026-11-24T03:50:00.000Z'),
  });
  const someRule = fc.record({
    approvals: fc.integer({ min: 1, max: 3 }),
    approvers: fc.subarray(['sre', 'managers', 'legal']),
    fromDifferentGroups: fc.boolean(),
  });
  const someMoment = fc.constantFrom(now, expiresAt);

  it('approves only what enough distinct, entitled others approved in time', () => {
    fc.assert(
      fc.property(fc.array(someDecision, { maxLength: 8 }), someRule, someMoment, (decisions, change, at) => {
        const answer = stand(decisions, change, at);
        const entitled = new Set(
          decisions
            .filter(
              (it) => it.personId !== 'ana' && it.planHash === 'h' && it.at < expiresAt && it.verdict === 'approve',
            )
            .filter((it) => it.groups.some((group) => change.approvers.includes(group)))
            .map(({ personId }) => personId),
        );
        if (answer.state !== 'approved') return;
        expect(entitled.size).toBeGreaterThanOrEqual(change.approvals);
        expect([...answer.by].sort()).toEqual([...entitled].sort());
        if (change.fromDifferentGroups) expect(change.approvers.length).toBeGreaterThanOrEqual(change.approvals);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on the order of decisions of different people', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(someDecision, { selector: (it) => it.personId }),
        someRule,
        someMoment,
        (decisions, change, at) => {
          expect(stand([...decisions].reverse(), change, at).state).toBe(stand(decisions, change, at).state);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('matches people to groups as well as can be', () => {
    fc.assert(
      fc.property(
        fc.array(fc.subarray(['a', 'b', 'c'], { minLength: 1 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (groups, approvals) => {
          const decisions = groups.map((of, index) => decision(`p${index}`, { groups: of }));
          const best = (rest: string[][], taken: string[]): number =>
            rest.length === 0
              ? taken.length
              : Math.max(
                  best(rest.slice(1), taken),
                  ...(rest[0] ?? [])
                    .filter((group) => !taken.includes(group))
                    .map((group) => best(rest.slice(1), [...taken, group])),
                );
          const answer = stand(decisions, { approvals, approvers: ['a', 'b', 'c'], fromDifferentGroups: true });
          expect(answer.state === 'approved').toBe(best(groups, []) >= approvals);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('who may', () => {
  const policy: Policy = {
    groups: {},
    rules: [rule()],
    breakGlass: { who: ['oncall'], remindEveryMs: 1 },
    operators: ['managers'],
    incidents: defaultIncidentPolicy,
    caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
  };

  it('ask for an undo alone, by a rule about what is taken back', () => {
    const rules = [rule({ match: { takesBack: ['swap-data'] } })];
    expect(mayAskAtAll({ ...policy, rules }, 'undo-run', member())).toBe(true);
    expect(mayAskAtAll({ ...policy, rules }, 'swap-data', member())).toBe(false);
    expect(mayAskAtAll({ ...policy, rules: [rule()] }, 'swap-data', member())).toBe(true);
  });

  it.each(['bot', 'deactivated', 'guest', 'stranger', 'unknown'] as const)(
    'nothing at all: a %s, whatever groups it is in',
    (barred) => {
      const nobody = member({ barred, groups: ['sre', 'managers', 'oncall'] });
      expect([
        mayRequest(rule(), nobody),
        mayDecide(rule(), 'ana', nobody),
        mayBreakGlass(policy, nobody),
        mayOperate(policy, nobody),
      ]).toEqual([false, false, false, false]);
    },
  );

  it('request, decide, break glass and operate: those of the groups, by the policy', () => {
    expect(mayRequest(rule(), member())).toBe(true);
    expect(mayRequest(rule(), member({ groups: ['managers'] }))).toBe(false);
    expect(mayDecide(rule(), 'ana', member({ groups: ['managers'] }))).toBe(true);
    expect(mayDecide(rule(), 'ben', member({ groups: ['managers'] }))).toBe(false);
    expect([mayBreakGlass(policy, member()), mayBreakGlass(policy, member({ groups: ['oncall'] }))]).toEqual([
      false,
      true,
    ]);
    expect([mayOperate(policy, member()), mayOperate(policy, member({ groups: ['managers'] }))]).toEqual([false, true]);
  });

  it('do anything under no rule, or under empty lists: nobody', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (groups) => {
        const anybody = member({ groups });
        const empty = { ...policy, breakGlass: { who: [], remindEveryMs: 1 }, operators: [] };
        expect([mayRequest(undefined, anybody), mayDecide(undefined, 'ana', anybody)]).toEqual([false, false]);
        expect([
          mayRequest(rule({ requesters: [] }), anybody),
          mayDecide(rule({ approvers: [] }), 'ana', anybody),
        ]).toEqual([false, false]);
        expect([mayBreakGlass(empty, anybody), mayOperate(empty, anybody)]).toEqual([false, false]);
      }),
    );
  });

  it('is decided by the first rule that matches', () => {
    const rules = [
      rule({ match: { cells: ['cell-retail'] }, approvals: 2 }),
      rule({ match: { compliance: ['PCI-DSS'] }, approvals: 3 }),
      rule(),
    ];
    expect(ruleFor({ ...policy, rules }, plan)?.approvals).toBe(3);
    expect(ruleFor({ ...policy, rules: [] }, plan)).toBeUndefined();
  });
});

describe('matches', () => {
  it.each<[ApprovalRule['match'], boolean]>([
    [{}, true],
    [{ playbooks: ['isolate-cell'] }, true],
    [{ playbooks: ['restore-cell'] }, false],
    [{ takesBack: ['isolate-cell'] }, false],
    [{ cells: ['cell-banking'], regions: ['eastus'] }, true],
    [{ cells: ['cell-banking'], regions: ['westus'] }, false],
    [{ tenantsAtLeast: 12 }, true],
    [{ tenantsAtLeast: 13 }, false],
    [{ tiers: ['startup', 'enterprise'] }, true],
    [{ tiers: ['startup'] }, false],
    [{ compliance: ['PCI-DSS'] }, true],
    [{ compliance: ['constructor', 'toString', '__proto__'] }, false],
    [{ cellsOutAtLeast: 1 }, true],
    [{ cellsOutAtLeast: 2 }, false],
    [{ cells: [] }, false],
  ])('%j: %s', (match, expected) => {
    expect(matches(match, plan)).toBe(expected);
  });

  it('knows what a plan takes back', () => {
    const undo = { ...plan, playbook: 'undo-run', takesBack: 'swap-data' };
    expect(matches({ takesBack: ['recover-cell', 'swap-data'] }, undo)).toBe(true);
    expect(matches({ takesBack: ['undo-run'] }, undo)).toBe(false);
    expect(matches({ playbooks: ['swap-data'] }, undo)).toBe(false);
  });

  it('takes a plan without a cell for none of the cells', () => {
    expect(matches({ cells: ['cell-banking'] }, { ...plan, target: {} })).toBe(false);
    expect(matches({}, { ...plan, target: {} })).toBe(true);
  });
});
