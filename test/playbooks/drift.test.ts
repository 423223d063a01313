import type { AlertRuleState } from '../../src/domain/alert-rule.ts';
import type { Json } from '../../src/domain/json.ts';
import { type ChangeStep, changes, type Plan } from '../../src/domain/plan.ts';
import { applyChange, type Outcome } from '../../src/engine/change-step.ts';
import { drillRegion } from '../../src/playbooks/drill-region.ts';
import { failbackRegion } from '../../src/playbooks/failback-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import { scaleSql } from '../../src/playbooks/scale-sql.ts';
import { swapData } from '../../src/playbooks/swap-data.ts';
import { syncAlertRules } from '../../src/playbooks/sync-alert-rules.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { tierNamed } from '../support/fakes/fake-sql-tiers.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const planned = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
const signal = new AbortController().signal;

/** A world in which every kind of step of the data layer and of the clients' is needed. */
function open(): FakeWorld {
  const world = createFakeWorld();
  const [cell] = world.estate.cells;
  if (cell) world.azure.disaster.storage.set(cell.storageId, fakeAccount('stcellbanking', 'eastus', 'westus', 0));
  return world;
}

const stories: Readonly<Record<string, (world: FakeWorld) => Promise<Plan>>> = {
  failover: (world) => world.plan(failoverRegion, 'r-2', planned),
  drill: (world) => world.plan(drillRegion, 'r-2', { region: 'eastus', to: 'westus', withData: true }),
  async failback(world) {
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', planned));
    return world.plan(failbackRegion, 'r-2', { region: 'eastus' });
  },
  async swap(world) {
    const asked = { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'a release deleted accounts' };
    await world.apply('r-1', await world.plan(recoverCell, 'r-1', asked));
    return world.plan(swapData, 'r-2', { cell: 'cell-banking', reason: 'the copy has every account' });
  },
  isolation: (world) => world.plan(isolateCell, 'r-2', { cell: 'cell-banking', reason: 'payments time out' }),
  'scaling of SQL'(world) {
    const { links, replicate } = world.azure.sqlTiers;
    if (links.size === 0) replicate(world.estate.cells[0]?.sqlDatabaseId ?? '', 'westus');
    return world.plan(scaleSql, 'r-2', { cell: 'cell-banking', to: 'up' });
  },
  'sync of alert rules'(world) {
    const { alertRules } = world.azure;
    const [changed, ...rest] = alertRules.size === 0 ? world.declared.rules : [];
    for (const { id, wanted } of rest.slice(2)) alertRules.set(id, wanted);
    if (changed) alertRules.set(changed.id, { ...changed.wanted, enabled: false } as AlertRuleState);
    return world.plan(syncAlertRules, 'r-2', {});
  },
};
const regional = [
  'traffic-endpoint',
  'front-door-origin',
  'container-app-scale',
  'sql-failover-group',
  'cosmos-regions',
];
/** Every kind of change that a story makes. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  failover: [...regional, 'storage-account', 'lease'],
  drill: [...regional, 'storage-account', 'lease'],
  failback: [...regional, 'storage-account', 'lease'],
  swap: ['data-revision', 'blob-restore', 'app-traffic', 'container-app-revision'],
  isolation: ['lease', 'alert-suppression', 'gateway-pool', 'container-app-revision'],
  'scaling of SQL': ['sql-floor', 'sql-tier'],
  'sync of alert rules': ['alert-rule'],
};
/** What a person would most likely have moved by hand meanwhile. */
const firstOf: Readonly<Record<string, string>> = {
  ...{ failover: 'traffic-endpoint', drill: 'traffic-endpoint', failback: 'traffic-endpoint' },
  ...{ swap: 'app-traffic', isolation: 'gateway-pool', 'sync of alert rules': 'alert-rule' },
  'scaling of SQL': 'sql-floor',
};

/** What somebody makes of a resource by hand: neither what it is nor what it shall be. */
const byHand: Readonly<Record<string, (world: FakeWorld, id: string) => void>> = {
  'traffic-endpoint'({ azure: { disaster } }, id) {
    const [region, endpoint] = [...disaster.endpoints].find(([, one]) => one.id === id) ?? [];
    if (region !== undefined && endpoint) disaster.endpoints.set(region, { ...endpoint, weight: 77 });
  },
  'front-door-origin'({ azure: { disaster } }, id) {
    // It is on or off: what is neither is that it is gone.
    disaster.origins.splice(
      disaster.origins.findIndex((one) => one.id === id),
      1,
    );
  },
  'container-app-scale'({ azure }, id) {
    azure.apps.set(id, { ...(azure.apps.get(id) as NonNullable<ReturnType<typeof azure.apps.get>>), maxReplicas: 99 });
  },
  'sql-failover-group'({ azure: { disaster } }) {
    disaster.sql = { ...disaster.sql, primary: 'sql-stamps-elsewhere' };
  },
  'cosmos-regions'({ azure: { disaster } }) {
    disaster.cosmos = { ...disaster.cosmos, regions: ['northeurope', 'eastus', 'westus'] };
  },
  'storage-account'({ azure: { disaster } }, id) {
    const account = disaster.storage.get(id);
    if (account) disaster.storage.set(id, { ...account, redundancy: 'Standard_GRS' });
  },
  'data-revision'({ azure }, id) {
    const name = id.split('/').at(-1) ?? '';
    const [list] = [...azure.revisions].flatMap(([app, list]) => (id.startsWith(app) ? [list] : []));
    const [first] = list ?? [];
    if (!list || !first) return;
    if (!list.some((it) => it.name === name)) list.push({ ...first, id, name, active: true });
    azure.recovery.pointers.set(name, { database: 'sql-other', account: 'cosmos-other' });
  },
  'blob-restore'({ azure: { recovery } }, id) {
    recovery.blobs.set(id, { restoreId: 'somebody’s' });
  },
  'app-traffic'({ azure: { recovery } }, id) {
    recovery.routes.set(id, { single: false, weights: [{ revision: 'theirs', weight: 100 }] });
  },
  'container-app-revision'({ azure }, id) {
    // It is on or off: what is neither is that it is gone.
    for (const list of azure.revisions.values()) {
      const index = list.findIndex((it) => id.endsWith(`/${it.name}`));
      if (index >= 0) list.splice(index, 1);
    }
  },
  'gateway-pool'({ azure: { pools } }, id) {
    pools.set(id, ['10.9.9.9']);
  },
  'alert-suppression'({ azure: { suppressions } }, id) {
    suppressions.set(id, { alertRuleId: 'theirs', scopes: [], until: '2027-02-03T04:05:06.000Z', description: 'x' });
  },
  'alert-rule'({ azure: { alertRules } }, id) {
    alertRules.set(id, { signal: 'foreign', says: 'made by hand', body: '{}' });
  },
  'sql-tier'({ azure: { sqlTiers } }, id) {
    sqlTiers.change(id, { tier: tierNamed('S0') });
  },
  'sql-floor'({ sqlFloorOf }, id) {
    sqlFloorOf.set(id.slice('sql-floor/'.length), tierNamed('S0'));
  },
  lease({ held }, id) {
    const subject = id.slice('lease/'.length);
    const lease = held.get(subject) ?? { runId: 'r-9', onExpiry: 'page' as const, reason: 'x' };
    held.set(subject, { ...lease, until: '2027-02-03T04:05:06.000Z' });
  },
};

/**
 * Applies a plan's changes with the engine's own step, until one does not go well; somebody is at it before one of
 * them, or while one of them waits at the gate, between its read and its write.
 */
async function applied(
  world: FakeWorld,
  steps: readonly ChangeStep[],
  { before, atTheGate }: { before?: number; atTheGate?: number },
  meddle: () => Promise<void>,
) {
  const { clock } = createFakeClock();
  const ends: Outcome[] = [];
  const withdrawn: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (index === before) await meddle();
    const kind = world.kinds[step.resource.kind] as ResourceKind;
    const records = {
      earlier: async () => ({ intended: false }),
      intend: async () => {
        if (index === atTheGate) await meddle();
        return 'go' as const;
      },
      holds: () => true,
      withdraw: async () => void withdrawn.push(step.id),
      operation: async () => undefined,
    };
    const end = await applyChange(step, kind, records, { clock, signal, runId: 'r-2' });
    ends.push(end);
    if (end.state !== 'done' && end.state !== 'already') break;
  }
  return { ends, withdrawn };
}

describe.each(Object.keys(stories))('what somebody changes behind the back of a %s', (story) => {
  it('is seen at every place and every moment before it is written, and left as it is', async () => {
    const steps = changes(await (stories[story] as NonNullable<(typeof stories)[string]>)(open()));
    const counted = { detected: 0, nothingLeftToWrite: 0 };
    const resources = [...new Map(steps.map(({ resource }) => [resource.id, resource])).values()];
    expect(new Set(resources.map(({ kind }) => kind))).toEqual(new Set(kindsOf[story]));
    for (const resource of resources) {
      for (let before = 0; before < steps.length; before += 1) {
        const world = open();
        const plan = await (stories[story] as NonNullable<(typeof stories)[string]>)(world);
        const kind = world.kinds[resource.kind] as ResourceKind;
        const now = async (): Promise<Json> => (await kind.read(resource, signal)).state;
        let theirs: Json = null;
        const { ends } = await applied(world, changes(plan), { before }, async () => {
          byHand[resource.kind]?.(world, resource.id);
          theirs = await now();
        });
        const next = steps.findIndex((step, index) => index >= before && step.resource.id === resource.id);
        const case_ = { resource: resource.id, before: steps[before]?.id };
        if (next < 0) {
          expect({ ...case_, ends: ends.length }).toEqual({ ...case_, ends: steps.length });
          counted.nothingLeftToWrite += 1;
        } else {
          expect({ ...case_, at: ends.length - 1, state: ends.at(-1)?.state }).toEqual({
            ...case_,
            at: next,
            state: 'drifted',
          });
          counted.detected += 1;
        }
        expect({ ...case_, left: await now() }).toEqual({ ...case_, left: theirs });
      }
    }
    expect(counted.detected + counted.nothingLeftToWrite).toBe(resources.length * steps.length);
    // Every resource is changed before every step; a drill writes each twice.
    const places = {
      failover: 28,
      failback: 28,
      drill: 77,
      swap: 10,
      isolation: 10,
      'sync of alert rules': 6,
      'scaling of SQL': 6,
    };
    expect(counted.detected).toBe(places[story as keyof typeof places]);
  });

  it('is seen between the read and the write too, with an ETag or without, and nothing is recorded as ours', async () => {
    const make = stories[story] as NonNullable<(typeof stories)[string]>;
    const steps = changes(await make(open()));
    const seen = new Set<string>();
    for (const [index, step] of steps.entries()) {
      // The way back of a drill finds what its way there recorded.
      if (steps.findIndex(({ resource }) => resource.id === step.resource.id) < index) continue;
      const world = open();
      const plan = await make(world);
      const { resource } = step;
      const kind = world.kinds[resource.kind] as ResourceKind;
      const now = async (): Promise<Json> => (await kind.read(resource, signal)).state;
      let theirs: Json = null;
      const { ends, withdrawn } = await applied(world, changes(plan), { atTheGate: index }, async () => {
        byHand[resource.kind]?.(world, resource.id);
        theirs = await now();
      });
      const case_ = { step: step.id };
      expect({ ...case_, state: ends.at(-1)?.state, withdrawn, left: await now() }).toEqual({
        ...case_,
        state: 'drifted',
        withdrawn: [step.id],
        left: theirs,
      });
      seen.add(resource.kind);
    }
    expect(seen).toEqual(new Set(kindsOf[story]));
  });

  it('makes a new plan that asks again, or is refused', async () => {
    const world = open();
    const make = stories[story] as NonNullable<(typeof stories)[string]>;
    const plan = await make(world);
    const kind = firstOf[story] as string;
    const [first] = changes(plan).filter(({ resource }) => resource.kind === kind);
    byHand[kind]?.(world, first?.resource.id ?? '');
    const again =
      story === 'failback' ? await world.plan(failbackRegion, 'r-2', { region: 'eastus' }) : await make(world);
    expect(again).not.toEqual(plan);
  });
});
