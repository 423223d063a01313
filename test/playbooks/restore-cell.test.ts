import { backendPoolId } from '../../src/domain/estate.ts';
import { changes, type Plan } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import { extendLease } from '../../src/playbooks/extend-lease.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { restoreCell } from '../../src/playbooks/restore-cell.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { fakeRevision } from '../support/fake-azure.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';
import { fc } from '../support/properties.ts';

const isolation = { cell: 'cell-banking', reason: 'card payments time out', for: '4h' };
const restoration = { cell: 'cell-banking', reason: 'payments work again' };
const theCell = (world: FakeWorld) => {
  const cell = world.estate.cells.find(({ name }) => name === 'cell-banking');
  if (!cell) throw new Error('the estate lost its cell');
  return cell;
};
const poolId = (world: FakeWorld) => backendPoolId(theCell(world));

async function isolated(): Promise<{ world: FakeWorld; before: unknown; plan: Plan }> {
  const world = createFakeWorld();
  const app = theCell(world).containerAppId;
  world.azure.revisions.set(app, [fakeRevision(app, 'green', true), fakeRevision(app, 'blue', true)]);
  const before = world.snapshot();
  const plan = await world.plan(isolateCell, 'r-1', isolation);
  await world.apply('r-1', plan);
  return { world, before, plan };
}

describe('restore-cell', () => {
  it('starts revisions first, then sends traffic, then gives back the silence and the lease', async () => {
    const { world } = await isolated();
    const plan = await world.plan(restoreCell, 'r-2', restoration);
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'restored-cell-can-serve',
      'undo-deactivate-app-cell-banking--blue',
      'undo-deactivate-app-cell-banking--green',
      'undo-route-around-cell',
      'undo-silence-health-alert',
      'undo-hold-lease',
    ]);
    expect(plan).toMatchObject({
      title: 'Restore cell-banking',
      impact: { cellsOut: 0, healthyCellsLeft: expect.arrayContaining(['cell-banking']) },
    });
  });

  it('brings back exactly what was there', async () => {
    const { world, before } = await isolated();
    await world.apply('r-2', await world.plan(restoreCell, 'r-2', restoration));
    expect(world.snapshot()).toEqual(before);
  });

  it('takes the locks of the isolation, so that the two never write side by side', async () => {
    const { world, plan } = await isolated();
    expect((await world.plan(restoreCell, 'r-2', restoration)).locks).toEqual(plan.locks);
  });

  it('leaves out what somebody put back by hand', async () => {
    const { world, before } = await isolated();
    world.azure.pools.set(poolId(world), ['app-cell-banking.example.net']);
    const plan = await world.plan(restoreCell, 'r-2', restoration);
    expect(plan.steps.map(({ id }) => id)).not.toContain('undo-route-around-cell');
    await world.apply('r-2', plan);
    expect(world.snapshot()).toEqual(before);
  });

  it('says where somebody changed something meanwhile, and still brings back what was there', async () => {
    const { world, before } = await isolated();
    world.azure.pools.set(poolId(world), ['10.9.9.9']);
    const plan = await world.plan(restoreCell, 'r-2', restoration);
    expect(plan.steps.find(({ id }) => id === 'undo-route-around-cell')?.says).toBe(
      'Put back cell-banking-backend: backends: 10.9.9.9 → app-cell-banking.example.net. ' +
        'Changed since by somebody: backends: app-cell-banking-dr.example.net → 10.9.9.9.',
    );
    await world.apply('r-2', plan);
    expect(world.snapshot()).toEqual(before);
  });

  it('gives back an isolation that was extended', async () => {
    const { world, before } = await isolated();
    await world.apply(
      'r-2',
      await world.plan(extendLease, 'r-2', { cell: 'cell-banking', for: '2h', reason: 'it takes longer' }),
    );
    await world.apply('r-3', await world.plan(restoreCell, 'r-3', restoration));
    expect(world.snapshot()).toEqual(before);
  });

  it.each([0, 1, 2, 3, 4])('plans the same after %i of its own changes', async (done) => {
    const { world } = await isolated();
    const plan = await world.plan(restoreCell, 'r-2', restoration);
    await world.apply('r-2', plan, done);
    expect(await world.plan(restoreCell, 'r-2', restoration)).toEqual(plan);
  });

  it('needs no reason, and takes a short one', async () => {
    const { world } = await isolated();
    expect((await world.plan(restoreCell, 'r-2', { cell: 'cell-banking' })).reason).toBe('The isolation is over.');
    expect((await world.plan(restoreCell, 'r-2', { cell: 'cell-banking', reason: ' ' })).reason).toBe(
      'The isolation is over.',
    );
    expect((await world.plan(restoreCell, 'r-2', { cell: 'cell-banking', reason: 'fixed' })).reason).toBe('fixed');
  });

  it('refuses a cell that is not isolated by us', async () => {
    const world = createFakeWorld();
    await expect(world.plan(restoreCell, 'r-2', restoration)).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('/stamps status'),
    });
  });

  it('fails when what it has to read cannot be read', async () => {
    const { world } = await isolated();
    world.azure.failures.set('gateways.read', new OpsError('throttled', 'Azure asks for a pause.'));
    await expect(world.plan(restoreCell, 'r-2', restoration)).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('undo after apply', () => {
  const address = fc.stringMatching(/^10\.[1-9]\.[1-9]\.[1-9]$/);
  const someAzure = fc.record({
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 4 }),
    active: fc.array(fc.boolean(), { maxLength: 5 }),
    silence: fc.option(
      fc.record({
        until: fc.constantFrom('2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'),
        description: fc.string(),
      }),
    ),
    done: fc.nat(10),
    drift: fc.option(address),
  });

  const arranged = ({
    addresses,
    active,
    silence,
  }: {
    addresses: string[];
    active: boolean[];
    silence: { until: string; description: string } | null;
  }) => {
    const world = createFakeWorld();
    const cell = theCell(world);
    world.azure.pools.set(poolId(world), addresses);
    world.azure.revisions.set(
      cell.containerAppId,
      active.map((on, index) => fakeRevision(cell.containerAppId, `v${index}`, on)),
    );
    if (silence)
      world.azure.suppressions.set(cell.suppressionId, { alertRuleId: cell.healthAlertId, scopes: [], ...silence });
    return world;
  };

  it('is the state before, wherever the run stopped and whatever was there', async () => {
    await fc.assert(
      fc.asyncProperty(someAzure, fc.constantFrom('restore', 'undo'), async (state, way) => {
        const world = arranged(state);
        const before = world.snapshot();
        await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation), Math.max(1, state.done));
        if (state.drift !== null) world.azure.pools.set(poolId(world), [state.drift]);
        const touched = state.done >= 3;
        const back =
          way === 'restore'
            ? await world.plan(restoreCell, 'r-2', restoration)
            : await world.plan(undoRun, 'r-2', { run: 'r-1' });
        await world.apply('r-2', back);
        // A pool that the run never reached is not its to put back.
        if (state.drift !== null && !touched) world.azure.pools.set(poolId(world), state.addresses);
        expect(world.snapshot()).toEqual(before);
      }),
    );
  });

  it('is the isolated state again when the restoration itself is undone', async () => {
    await fc.assert(
      fc.asyncProperty(someAzure, async (state) => {
        const world = arranged(state);
        await world.apply('r-1', await world.plan(isolateCell, 'r-1', isolation));
        const { azure } = world.snapshot() as { azure: unknown };
        await world.apply('r-2', await world.plan(restoreCell, 'r-2', restoration));
        const again = await world.plan(undoRun, 'r-3', { run: 'r-2' });
        expect(changes(again).map(({ id }) => id)).toContain('hold-lease');
        await world.apply('r-3', again);
        expect(world.snapshot()).toMatchObject({ azure });
        expect(world.held.get('cell-banking')).toMatchObject({ runId: 'r-3' });
      }),
    );
  });
});
