import { readFileSync } from 'node:fs';
import { parseAlertRules } from '../../src/domain/alert-rules-file.ts';
import type { Policy } from '../../src/domain/approval.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { findHeld } from '../../src/domain/find-held.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Json } from '../../src/domain/json.ts';
import { changes, type Plan, planHash, sameState } from '../../src/domain/plan.ts';
import type { Lease, LeaseState, Run } from '../../src/domain/run.ts';
import type { FloorState, SqlFloorState } from '../../src/domain/scaling-floor.ts';
import { OpsError } from '../../src/errors.ts';
import { definitionsOf } from '../../src/kpis/definitions.ts';
import { createChecks } from '../../src/playbooks/checks.ts';
import { createRecoveryChecks } from '../../src/playbooks/recovery-checks.ts';
import { createRegionChecks } from '../../src/playbooks/region-checks.ts';
import { createScalingChecks } from '../../src/playbooks/scaling-checks.ts';
import { createSqlScalingChecks } from '../../src/playbooks/sql-scaling-checks.ts';
import type { OpenIncident } from '../../src/playbooks/standby-checks.ts';
import type { CheckAnswer } from '../../src/ports/checks.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { PlanContext, Playbook, RecordedChange } from '../../src/ports/playbook.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';
import { createFakeAzure, type FakeAzure } from './fake-azure.ts';

/** Two regions, three active cells and two standbys, one maintenance backend. */
export const estateText = `
version: 1
subscriptionId: 11111111-2222-3333-4444-555555555555
tenants: { endpoint: https://cosmos.example.net, database: globaldb, container: tenants }
drain: 30s
publicHost: stamps.example.net
originGroup: stamps-origins
cosmosAccount: cosmos-global-stamps
regions:
  - name: eastus
    resourceGroup: rg-stamps-production
    probe: https://eastus.example.net/health
    origin: eastus-origin
    sqlServer: sql-stamps-eastus
    keyVault: kv-stamps-eastus
    automation: aa-stamps-eastus
    cells:
      - { name: cell-banking, role: active, requestsPerSecondPerReplica: 50, fallback: { cell: cell-banking-dr }, data: { cosmosAccount: cosmos-cell-banking, sqlVariable: SQL_DATABASE, cosmosVariable: COSMOS_ENDPOINT } }
      - { name: cell-retail, role: active, requestsPerSecondPerReplica: 50, fallback: { addresses: [maintenance.example.com] } }
      - { name: cell-healthcare, role: active, requestsPerSecondPerReplica: 50, fallback: { cell: cell-banking-dr }, protected: Patients depend on it. }
  - name: westus
    resourceGroup: rg-stamps-dr
    probe: https://westus.example.net/health
    origin: westus-origin
    sqlServer: sql-stamps-westus
    cells:
      - { name: cell-banking-dr, role: standby, requestsPerSecondPerReplica: 50, fallback: { cell: cell-spare-dr } }
      - { name: cell-spare-dr, role: standby, requestsPerSecondPerReplica: 50 }
`;

export const requestedAt = '2026-11-24T03:11:00.412Z';

export const policy: Policy = {
  groups: {},
  rules: [],
  breakGlass: { who: [], remindEveryMs: 1 },
  operators: [],
  incidents: defaultIncidentPolicy,
  caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
};

export type FakeWorld = ReturnType<typeof createFakeWorld>;

/** Every cell that serves has a standby of its own in the other region. */
export const pairedEstate = estateText
  .replace('fallback: { addresses: [maintenance.example.com] }', 'fallback: { cell: cell-spare-dr }')
  .replace('fallback: { cell: cell-banking-dr }, protected', 'fallback: { cell: cell-health-dr }, protected')
  .replace(
    '      - { name: cell-spare-dr',
    '      - { name: cell-health-dr, role: standby, requestsPerSecondPerReplica: 50 }\n      - { name: cell-spare-dr',
  );

/** An Azure, leases and runs in memory, and an engine just clever enough to apply a plan. */
export function createFakeWorld(text = estateText, caps: Partial<Policy['caps']> = {}, more: Partial<Policy> = {}) {
  const estate = parseEstate(text);
  /** As Stamps has read the file since it was last started. */
  let known = estate;
  const azure: FakeAzure = createFakeAzure(estate);
  const openIncidents: OpenIncident[] = [];
  const held = new Map<string, LeaseState & { runId: string }>();
  const runs = new Map<string, Run>();
  const recorded = new Map<string, RecordedChange[]>();
  const leases = async (): Promise<Lease[]> =>
    [...held].map(([subject, lease]) => ({
      subject,
      of: findHeld(estate, subject).of,
      ...lease,
    }));

  const leaseKind: ResourceKind<LeaseState> = {
    kind: 'lease',
    async read({ id }) {
      const lease = held.get(id.slice('lease/'.length));
      return { state: lease ? { until: lease.until, onExpiry: lease.onExpiry, reason: lease.reason } : null };
    },
    async write({ id }, to, { runId }) {
      const subject = id.slice('lease/'.length);
      if (to) held.set(subject, { ...to, runId: held.get(subject)?.runId ?? runId });
      else held.delete(subject);
      return {};
    },
    equals: sameState,
    describe: (before, after) => `lease: ${before?.until ?? 'none'} → ${after?.until ?? 'none'}`,
  };
  const floorOf = new Map<string, number>();
  const floorKind: ResourceKind<FloorState> = {
    kind: 'scaling-floor',
    async read({ id }) {
      const replicas = floorOf.get(id.slice('scaling-floor/'.length));
      return { state: replicas === undefined ? null : { replicas } };
    },
    async write({ id }, to) {
      if (to) floorOf.set(id.slice('scaling-floor/'.length), to.replicas);
      else floorOf.delete(id.slice('scaling-floor/'.length));
      return {};
    },
    equals: sameState,
    describe: (before, after) => `floor: ${before?.replicas ?? 'none'} → ${after?.replicas ?? 'none'}`,
  };
  const sqlFloorOf = new Map<string, SqlFloorState>();
  const sqlFloorKind: ResourceKind<SqlFloorState> = {
    kind: 'sql-floor',
    read: async ({ id }) => ({ state: sqlFloorOf.get(id.slice('sql-floor/'.length)) ?? null }),
    async write({ id }, to) {
      if (to) sqlFloorOf.set(id.slice('sql-floor/'.length), to);
      else sqlFloorOf.delete(id.slice('sql-floor/'.length));
      return {};
    },
    equals: sameState,
    describe: (before, after) => `floor: ${before?.objective ?? 'none'} → ${after?.objective ?? 'none'}`,
  };
  const declared = parseAlertRules(readFileSync('alert-rules.yml', 'utf8'), estate, definitionsOf(estate));
  const kinds = Object.fromEntries(
    [
      azure.ports.gateways,
      azure.ports.containerApps,
      azure.ports.suppressions,
      azure.ports.alertRules,
      ...azure.disaster.kinds,
      ...azure.recovery.kinds,
      leaseKind,
      floorKind,
      azure.ports.sqlTiers,
      sqlFloorKind,
    ].map((kind) => [kind.kind, kind as ResourceKind]),
  );
  const withCaps = { ...policy, ...more, caps: { ...policy.caps, ...caps } };

  const context = (runId: string, at = requestedAt): PlanContext => ({
    estate: known,
    policy: withCaps,
    azure: azure.ports,
    alertRules: declared,
    kinds,
    leases,
    async run(id) {
      const run = runs.get(id);
      if (!run) throw new OpsError('not-found', `There is no run “${id}”.`);
      return run;
    },
    recordedUndo: async (id) => recorded.get(id) ?? [],
    runId,
    requestedAt: at,
    signal: new AbortController().signal,
  });

  const allChecks = () => {
    const parts = { estate: known, policy: withCaps, azure: azure.ports, leases };
    return {
      ...createChecks(parts),
      ...createRegionChecks({
        ...parts,
        probes: azure.disaster.probes,
        clock: systemClock,
        openIncidents: async () => openIncidents,
      }),
      ...createScalingChecks({
        ...parts,
        floors: async () => [...floorOf].map(([cell, replicas]) => ({ cell, replicas })),
      }),
      ...createSqlScalingChecks({
        ...parts,
        clock: systemClock,
        sqlFloors: async () => [...sqlFloorOf].map(([cell, tier]) => ({ cell, tier })),
      }),
      ...createRecoveryChecks(parts),
    };
  };

  return {
    estate,
    declared,
    azure,
    held,
    openIncidents,
    /** Floors of scaling, by cell. */
    floorOf,
    sqlFloorOf,
    kinds,
    checks: allChecks(),

    /** Stamps is started again with another estate file; Azure is as it was. */
    restartWith(file: string): void {
      known = parseEstate(file);
    },

    /** Plans as the engine does, input through the schema. */
    async plan(playbook: Playbook, runId: string, input: Json, at = requestedAt): Promise<Plan> {
      return playbook.plan(playbook.input.parse(input), context(runId, at));
    },

    /** Does the first `most` changes of a plan, comparing first and recording what was found. */
    async apply(runId: string, plan: Plan, most = Number.POSITIVE_INFINITY): Promise<void> {
      runs.set(runId, fakeRun(runId, plan));
      const mine = recorded.get(runId) ?? [];
      recorded.set(runId, mine);
      for (const step of changes(plan).slice(0, most)) {
        const kind = kinds[step.resource.kind] as ResourceKind;
        const { state } = await kind.read(step.resource, new AbortController().signal);
        if (kind.equals(state, step.after)) continue;
        if (!kind.equals(state, step.before))
          throw new OpsError('drift', `${step.id}: ${kind.describe(step.before, state)}`);
        // As the engine does: the first thing found is what is given back.
        const earlier = mine.findIndex(
          ({ resource: it }) => it.kind === step.resource.kind && it.id === step.resource.id,
        );
        const own = { stepId: step.id, resource: step.resource, before: step.before, after: step.after };
        if (earlier < 0) mine.push(own);
        else mine[earlier] = { ...(mine[earlier] as RecordedChange), after: step.after };
        await kind.write(step.resource, step.after, { runId, signal: new AbortController().signal });
      }
    },

    /** The answers of the plan's checks, by step. */
    async ask(plan: Plan): Promise<Record<string, CheckAnswer>> {
      const checks = allChecks();
      const asked = plan.steps.flatMap((step) => (step.kind === 'check' ? [step] : []));
      const answers = await Promise.all(
        asked.map(
          async (step) =>
            [
              step.id,
              await (checks[step.check] as NonNullable<(typeof checks)[string]>)(
                step.args,
                new AbortController().signal,
              ),
            ] as const,
        ),
      );
      return Object.fromEntries(answers);
    },

    /** All that plans change: Azure's configuration and the leases. */
    snapshot: (): Json =>
      structuredClone({
        azure: azure.configuration(),
        leases: Object.fromEntries(held),
        floors: Object.fromEntries(floorOf),
        sqlFloors: Object.fromEntries(sqlFloorOf),
      }),
  };
}

function fakeRun(id: string, plan: Plan): Run {
  return {
    id,
    playbook: plan.playbook,
    input: null,
    plan,
    planHash: planHash(plan),
    state: 'succeeded',
    stateReason: '',
    requesterId: 'U0ANA',
    channel: 'C1',
    requestedAt,
    expiresAt: requestedAt,
    checks: [],
    steps: [],
    decisions: [],
    behind: [],
  };
}
