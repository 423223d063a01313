import { decided } from '../../src/blocks/answers.ts';
import { assessmentCard } from '../../src/blocks/assessment-card.ts';
import { detailsModal } from '../../src/blocks/details-modal.ts';
import { estateCheckCard } from '../../src/blocks/estate-check-card.ts';
import { extendModal } from '../../src/blocks/extend-modal.ts';
import { globalOutage } from '../../src/blocks/global-outage-card.ts';
import { homeView } from '../../src/blocks/home-view.ts';
import {
  assigned,
  declared,
  incidentStanding,
  postmortemWanted,
  resolvedNow,
  tookIt,
} from '../../src/blocks/incident-answers.ts';
import { incidentCard } from '../../src/blocks/incident-card.ts';
import { incidentDetailsModal } from '../../src/blocks/incident-details-modal.ts';
import { incidentUpdateModal } from '../../src/blocks/incident-update-modal.ts';
import { incidentsList } from '../../src/blocks/incidents-list.ts';
import { isolateModal } from '../../src/blocks/isolate-modal.ts';
import { postmortemMade } from '../../src/blocks/postmortem-made.ts';
import { createPresenter } from '../../src/blocks/presenter.ts';
import { problem } from '../../src/blocks/problem.ts';
import { runDetails } from '../../src/blocks/run-details.ts';
import { runsList } from '../../src/blocks/runs-list.ts';
import { statusCard } from '../../src/blocks/status-card.ts';
import type { AlertPlace } from '../../src/domain/alert.ts';
import type { Estate } from '../../src/domain/estate.ts';
import { type Incident, timelineKinds } from '../../src/domain/incident.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Plan, Step } from '../../src/domain/plan.ts';
import type { Lease, Run, RunState, StepReport } from '../../src/domain/run.ts';
import { OpsError } from '../../src/errors.ts';
import type { IncidentView } from '../../src/ports/incident-presenter.ts';
import type { RunView } from '../../src/ports/presenter.ts';
import { faultsOfMessage, faultsOfView } from '../support/block-limits.ts';
import { fc } from '../support/properties.ts';

/** What people and Azure may send: entities, marks that turn text, markup, long text, half characters. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '<!here|x>',
    '<@U0BEN>',
    '<#C1|x>',
    '<http://evil.example|ok>',
    '&lt;!channel&gt;',
    '&',
    '`',
    '```',
    '*',
    '>',
    '<!subteam^S1>',
    '<!date^1^{time}|x>',
    '\u202Eevil',
    'a\u2066b',
    'x\n\n*✅ Done*',
    '\ud83d',
    '|',
    '<',
    '…',
    ':white_check_mark:',
  ),
  fc
    .integer({ min: 100, max: 10_000 })
    .chain((length) => fc.constantFrom('<', '&', '`', 'x', '😀', '<!channel> ').map((unit) => unit.repeat(length))),
);
const list = <T>(of: fc.Arbitrary<T>, maxLength = 30) => fc.array(of, { maxLength });
const moment = fc.oneof(fc.constant('2026-11-24T03:11:00.000Z'), hostile);
const count = fc.integer({ min: 0, max: 1_000_000 });
const counts = fc.dictionary(hostile, count, { maxKeys: 12 });
/** States of resources are hashed and stored, which takes no half characters. */
const wellFormed = hostile.map((text) => text.toWellFormed());
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    count,
    wellFormed,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(wellFormed, tie('value'), { maxKeys: 3 }),
  ),
}));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('change' as const),
  id: hostile,
  says: hostile,
  resource: fc.record({ kind: fc.constantFrom('lease', 'gateway-pool'), id: hostile }),
  before: json,
  after: json,
  timeoutMs: count,
});
const plan: fc.Arbitrary<Plan> = fc.record({
  playbook: hostile,
  title: hostile,
  target: fc.record({ region: hostile, cell: hostile }),
  reason: hostile,
  steps: list(step, 60),
  impact: fc.record({
    tenants: count,
    byTier: counts,
    bySla: counts,
    byCompliance: counts,
    healthyCellsLeft: list(hostile),
    cellsOut: count,
  }),
  locks: list(hostile),
  onFailure: fc.constant('ask' as const),
  undo: hostile,
});
const states: RunState[] = [
  'refused',
  'waiting',
  'queued',
  'running',
  'stopped',
  'succeeded',
  'undone',
  'denied',
  'expired',
  'cancelled',
];
const report = (ids: readonly string[]): fc.Arbitrary<StepReport> =>
  fc.record({
    stepId: ids.length > 0 ? fc.constantFrom(...ids) : hostile,
    state: fc.constantFrom('running', 'done', 'already', 'failed', 'drifted', 'undone', 'skipped'),
    says: hostile,
    startedAt: moment,
    finishedAt: moment,
    found: json,
  });
const run: fc.Arbitrary<Run> = plan.chain((planned) =>
  fc
    .record({
      id: hostile,
      planHash: hostile,
      state: fc.constantFrom(...states),
      stateReason: hostile,
      requesterId: hostile,
      channel: hostile,
      requestedAt: moment,
      expiresAt: moment,
      finishedAt: moment,
      checks: list(
        fc.record({
          stepId: hostile,
          ok: fc.boolean(),
          says: hostile,
          override: fc.constantFrom('break-glass', 'never'),
        }),
        20,
      ),
      steps: list(report(planned.steps.map(({ id }) => id)), 60),
      decisions: list(
        fc.record({
          personId: hostile,
          verdict: fc.constantFrom('approve', 'deny'),
          planHash: hostile,
          groups: list(hostile, 2),
          at: moment,
        }),
      ),
      behind: list(hostile),
    })
    .map((parts) => ({ ...parts, playbook: planned.playbook, input: {}, plan: planned }) as Run),
);
const glass = fc.record({ by: hostile, reason: hostile, at: moment });
const view: fc.Arbitrary<RunView> = fc
  .record({
    run,
    glass: maybe(glass),
    approvers: list(fc.record({ group: hostile, slackGroup: hostile, people: list(hostile) })),
    approvals: fc.record({ needed: count, given: count }),
    paused: fc.boolean(),
  })
  .map(({ run, glass, ...rest }) => ({ ...rest, run: glass ? { ...run, breakGlass: glass } : run }));
const lease: fc.Arbitrary<Lease> = fc.record({
  subject: hostile,
  of: fc.constantFrom('cell', 'region', 'recovery'),
  until: moment,
  onExpiry: fc.constantFrom('remind', 'page', 'undo'),
  runId: hostile,
  reason: hostile,
});
const finding = fc.record(
  {
    id: hostile,
    region: hostile,
    cell: hostile,
    state: fc.constantFrom('unavailable' as const, 'degraded' as const),
    cause: fc.constantFrom('platform' as const, 'customer' as const),
    planned: fc.boolean(),
    since: hostile,
    says: hostile,
  },
  { requiredKeys: ['id', 'state'] },
);
const health = fc.record({ watched: count, available: count, unknown: count, bad: list(finding, 20) });
const apiGateway = fc.record(
  {
    location: hostile,
    enabled: fc.boolean(),
    unreachable: list(hostile, 5),
  },
  { requiredKeys: ['location', 'enabled'] },
);
const status = fc.record({
  cells: list(
    fc.record({
      name: hostile,
      region: fc.oneof(fc.constantFrom('eastus', 'westus'), hostile),
      role: fc.constantFrom('active' as const, 'standby' as const),
      servedBy: list(hostile),
      tenants: count,
    }),
    120,
  ),
  traffic: fc.record({ endpoints: list(fc.record({ name: hostile, enabled: fc.boolean(), monitorStatus: hostile })) }),
  global: fc.record({
    dns: fc.record({ host: hostile, leadsTo: hostile, tookMs: count }),
    apim: fc.record({ provisioningState: hostile, gateways: list(apiGateway, 10) }),
    cache: fc.record({ hitPercent: count }),
    apiUse: fc.record({
      windowMs: count,
      calls: count,
      failed: count,
      tooMany: count,
      tenants: list(fc.record({ name: hostile, calls: count, failed: count, tooMany: count }), 60),
    }),
  }),
  tenants: fc.record({ found: list(fc.record({ tenant: hostile, requests: count, failed: count, p95Ms: count }), 30) }),
  health: fc.record({ found: health }),
  leases: list(lease, 60),
  runs: list(run, 3),
  paused: fc.record({ by: hostile, reason: hostile, at: moment }),
  troubles: list(hostile, 60),
});

const touch = fc.oneof(
  fc.record({ by: fc.constant('run' as const), runId: hostile, reason: hostile, held: fc.boolean() }),
  fc.record({ by: fc.constant('person' as const), caller: hostile, at: moment }),
);
const verdict = fc.record({
  facts: fc.record(
    {
      name: hostile,
      serves: fc.boolean(),
      endpoint: fc.record({ name: hostile, enabled: fc.boolean(), monitorStatus: hostile }),
      led: fc.boolean(),
      probe: fc.record({ ok: fc.boolean(), says: hostile }),
      origin: fc.record({ name: hostile, enabled: fc.boolean() }),
      backends: fc.record({ up: fc.nat(), down: fc.nat(), all: fc.nat() }),
      load: fc.record({
        at: moment,
        requestsPerSecond: fc.nat(),
        replicas: fc.nat(),
        cells: fc.record({ known: fc.nat(), all: fc.nat() }),
      }),
    },
    { requiredKeys: ['name', 'serves'] },
  ),
  standing: fc.constantFrom(
    'well' as const,
    'impaired' as const,
    'broken' as const,
    'off' as const,
    'not-known' as const,
  ),
  disagreements: fc.array(hostile, { maxLength: 6 }),
  touch,
  health,
});
const assessment = fc.record({
  verdicts: fc.array(verdict, { maxLength: 90 }),
  proposals: fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constant('failover' as const),
        from: hostile,
        to: hostile,
        because: hostile,
        losesData: fc.boolean(),
        says: list(hostile),
      }),
      fc.record({ kind: fc.constant('failback' as const), region: hostile }),
    ),
    { maxLength: 20 },
  ),
  routing: hostile,
  ttlSeconds: fc.nat(),
  replicates: fc.boolean(),
  azureSays: list(finding, 10),
  switchedOff: list(
    fc.record({
      of: fc.constantFrom('Traffic Manager' as const, 'Front Door' as const),
      id: fc.array(hostile, { maxLength: 12 }).map((parts) => parts.join('/')),
      touch,
    }),
  ),
  troubles: list(hostile, 60),
});

const presenter = createPresenter();
const holds = <T>(of: fc.Arbitrary<T>, faults: (value: T) => string[]) =>
  fc.assert(
    fc.property(of, (value) => expect(faults(value)).toEqual([])),
    { numRuns: 60 },
  );

const place: fc.Arbitrary<AlertPlace> = fc.oneof(
  fc.record({ scope: fc.constant('cell' as const), region: hostile, cell: hostile }),
  fc.record({ scope: fc.constant('region' as const), region: hostile }),
  fc.record({ scope: fc.constantFrom('global' as const, 'unknown' as const) }),
);
const incident: fc.Arbitrary<Incident> = fc.record({
  // Made by us: no stranger chooses it.
  id: fc.nat().map((number) => `i-${number}`),
  title: hostile,
  state: fc.constantFrom('open', 'acknowledged', 'resolved', 'merged'),
  severity: fc.constantFrom('P0', 'P1', 'P2', 'P3'),
  severityBy: hostile,
  severitySince: moment,
  place,
  cells: list(hostile),
  channel: hostile,
  ownChannel: hostile,
  declaredBy: hostile,
  startedAt: moment,
  detectedAt: moment,
  acknowledgedAt: moment,
  acknowledgedBy: hostile,
  mitigatedAt: moment,
  resolvedAt: moment,
  resolvedBy: hostile,
  assigneeId: hostile,
  mergedInto: hostile,
  escalation: count,
  hurt: fc.record({ tenants: count, byTier: counts, bySla: counts }),
  alerts: fc.record({ firing: count, total: count }),
});
const alertLine = fc.record({
  rule: hostile,
  description: hostile,
  place,
  azureSeverity: count,
  firedAt: moment,
  resolvedAt: moment,
  measured: hostile,
  link: hostile,
});
const incidentView: fc.Arbitrary<IncidentView> = fc.record({
  incident,
  tell: list(fc.record({ group: hostile, slackGroup: hostile, people: list(hostile, 8) }), 8),
  mentionChannel: fc.constant(false),
  clock: fc.record({ until: moment, calls: list(hostile, 3) }),
  alerts: list(alertLine, 10),
  joined: hostile,
  lately: list(fc.record({ at: moment, says: hostile }), 10),
  runs: list(run, 5),
  fits: fc.oneof(
    fc.record({ playbook: fc.constant('isolate-cell' as const), cell: hostile }),
    fc.record({ playbook: fc.constant('failover-region' as const), region: hostile }),
  ),
  page: hostile,
  statusPage: fc.boolean(),
});

describe('whatever people and Azure send, nothing comes alive and no limit is passed', () => {
  it.each(['runCard', 'approvalRequest', 'reviewRequest'] as const)('in %s', (name) => {
    holds(view, (value) => faultsOfMessage(presenter[name](value)));
  });

  it('in the details of a run, as a message and as a modal', () => {
    holds(run, (value) => [...faultsOfMessage(runDetails(value)), ...faultsOfView(detailsModal(value))]);
  });

  it('in a notice', () => {
    const part = fc.oneof(hostile, fc.record({ person: hostile }), fc.record({ slackGroup: hostile }));
    holds(list(part), (parts) => faultsOfMessage(presenter.notice(parts)));
  });

  it('in the reminder of a lease and in the modal that extends it', () => {
    holds(fc.tuple(lease, fc.boolean()), ([held, ended]) =>
      faultsOfMessage(presenter.leaseReminder({ ...held, ended })),
    );
    holds(lease, (held) => faultsOfView(extendModal(held, { of: 'region' }, 'C1')));
    holds(fc.tuple(lease, hostile), ([held, name]) =>
      faultsOfView(extendModal(held, { of: 'recovery', cell: { name } }, 'C1')),
    );
  });

  it('in an assessment, and when a global outage is called', () => {
    holds(fc.tuple(assessment, moment), ([value, at]) => faultsOfMessage(assessmentCard(value, at)));
    holds(fc.tuple(assessment, moment, hostile, list(hostile)), ([value, readAt, title, problems]) =>
      faultsOfMessage(
        globalOutage({
          ...{ incident: { id: 'i-1', title }, page: 'wanted', assessment: value, readAt },
          ...{ planned: ['r-1'], problems, statusPage: true },
        }),
      ),
    );
  });

  it('in the status and in App Home', () => {
    holds(fc.tuple(status, hostile, moment), ([value, scope, at]) => faultsOfMessage(statusCard(value, scope, at)));
    holds(fc.tuple(status, list(run, 12), list(incident, 12)), ([value, awaiting, incidents]) =>
      faultsOfView(homeView({ awaiting, incidents, status: value, mayIsolate: true, readAt: '2026-11-24T03:11:00Z' })),
    );
  });

  it('on the card of an incident, in its details, its form and the list', () => {
    holds(incidentView, (value) => faultsOfMessage(incidentCard(value)));
    const entry = fc.record({ at: moment, kind: fc.constantFrom(...timelineKinds), actor: hostile, says: hostile });
    holds(fc.tuple(incidentView, list(entry, 60), count), ([view, timeline, page]) =>
      faultsOfView(incidentDetailsModal({ view, alerts: { page, pages: 1_000, lines: view.alerts }, timeline })),
    );
    holds(incident, (value) => faultsOfView(incidentUpdateModal(value, 'C1')));
    holds(list(incident, 60), (incidents) => faultsOfMessage(incidentsList(incidents, false)));
    holds(fc.tuple(incident, hostile), ([value, who]) => [
      ...faultsOfMessage(declared(value)),
      ...faultsOfMessage(tookIt(value, who)),
      ...faultsOfMessage(assigned(value)),
      ...faultsOfMessage(resolvedNow(value, [who, value.title])),
      ...faultsOfMessage(incidentStanding(value)),
      ...faultsOfMessage(postmortemWanted(value)),
      ...faultsOfMessage(postmortemMade(value, { graphs: [{ fileId: 'F0GRAPH0001', altText: who }] })),
    ]);
  });

  it('in lists, findings, answers and errors', () => {
    holds(list(run, 20), (runs) => faultsOfMessage(runsList(runs)));
    holds(
      list(fc.record({ kind: fc.constantFrom('missing' as const, 'extra' as const), says: hostile }), 100),
      (findings) => faultsOfMessage(estateCheckCard(findings, 3, '2026-11-24T03:11:00Z')),
    );
    holds(run, (value) => faultsOfMessage(decided(value, 'approve', 2)));
    holds(fc.tuple(hostile, hostile), ([message, hint]) =>
      faultsOfMessage(problem(new OpsError('bad-input', message, { hint }))),
    );
  });

  it('in the picker of cells, however many there are', () => {
    const cells = list(fc.record({ name: hostile, region: fc.constantFrom('eastus', 'westus') }), 250);
    holds(cells, (named) => {
      const estate = {
        regions: [{ name: 'eastus' }, { name: 'westus' }],
        cells: named.map((cell) => ({ ...cell, role: 'active' })),
      } as unknown as Estate;
      return faultsOfView(isolateModal(estate, 'C1'));
    });
  });
});
