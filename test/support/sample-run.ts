import { type Plan, planHash } from '../../src/domain/plan.ts';
import type { Lease, Run } from '../../src/domain/run.ts';
import type { RunView } from '../../src/ports/presenter.ts';

export const ana = 'U0ANA';
export const ben = 'U0BEN';

/** Isolates cell-banking in three changes, with one guard. */
export const samplePlan: Plan = {
  playbook: 'isolate-cell',
  title: 'Isolate cell-banking until 07:11 UTC',
  target: { region: 'eastus', cell: 'cell-banking' },
  reason: 'card payments time out',
  steps: [
    {
      kind: 'check',
      id: 'region-keeps-capacity',
      says: 'eastus keeps a healthy cell',
      check: 'capacity',
      args: {},
      override: 'break-glass',
    },
    {
      kind: 'change',
      id: 'route-around-cell',
      says: 'Send its traffic to cell-banking-dr',
      resource: { kind: 'gateway-pool', id: '/pools/cell-banking' },
      before: { addresses: ['10.0.0.4'] },
      after: { addresses: ['10.1.0.4'] },
      timeoutMs: 60_000,
    },
    {
      kind: 'change',
      id: 'deactivate-blue',
      says: 'Stop revision blue',
      resource: { kind: 'container-app-revision', id: '/revisions/blue' },
      before: { active: true },
      after: { active: false },
      timeoutMs: 60_000,
    },
    {
      kind: 'change',
      id: 'hold-lease',
      says: 'Hold the lease until 07:11 UTC',
      resource: { kind: 'lease', id: 'lease/cell-banking' },
      before: null,
      after: { until: '2026-11-24T07:11:00.000Z', onExpiry: 'page', reason: 'card payments time out' },
      timeoutMs: 1_000,
    },
  ],
  impact: {
    tenants: 42,
    byTier: { enterprise: 2, smb: 40 },
    bySla: { '99.9': 40, '99.99': 2 },
    byCompliance: { 'PCI-DSS': 5 },
    healthyCellsLeft: ['cell-retail', 'cell-healthcare'],
    cellsOut: 1,
  },
  locks: ['/gateways/eastus'],
  onFailure: 'ask',
  undo: 'The pool, the revision and the alert get back what they had.',
};

export function sampleRun(with_: Partial<Run> = {}): Run {
  const plan = with_.plan ?? samplePlan;
  return {
    id: 'r-17',
    playbook: plan.playbook,
    input: {},
    plan,
    planHash: planHash(plan),
    state: 'waiting',
    stateReason: '',
    requesterId: ana,
    channel: 'C0INCIDENTS',
    requestedAt: '2026-11-24T03:11:00.000Z',
    expiresAt: '2026-11-24T03:41:00.000Z',
    checks: [
      { stepId: 'region-keeps-capacity', ok: true, says: 'eastus keeps 2 healthy cells', override: 'break-glass' },
    ],
    steps: [],
    decisions: [],
    behind: [],
    ...with_,
  };
}

export function sampleView(run: Run = sampleRun(), with_: Partial<RunView> = {}): RunView {
  return {
    run,
    approvers: [{ group: 'leads', slackGroup: 'S0LEADS', people: [ben] }],
    approvals: { needed: 1, given: 0 },
    paused: false,
    ...with_,
  };
}

export const sampleLease: Lease = {
  subject: 'cell-banking',
  of: 'cell',
  until: '2026-11-24T07:11:00.000Z',
  onExpiry: 'page',
  runId: 'r-17',
  reason: 'card payments time out',
};
