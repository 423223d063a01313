import { planHash } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { fakeApp, fakeRevision } from '../support/fake-azure.ts';
import { createFakeWorld, estateText } from '../support/playbook-world.ts';

const input = { cell: 'cell-banking', reason: 'card payments time out', for: '4h' };
const cellNamed = (world: ReturnType<typeof createFakeWorld>, name: string) => {
  const cell = world.estate.cells.find((it) => it.name === name);
  if (!cell) throw new Error(`no ${name}`);
  return cell;
};
const appOf = (world: ReturnType<typeof createFakeWorld>, name: string) => cellNamed(world, name).containerAppId;
const poolOf = (world: ReturnType<typeof createFakeWorld>, name: string) => {
  const { gatewayId, backendPool } = cellNamed(world, name);
  return `${gatewayId}/backendAddressPools/${backendPool}`;
};

describe('isolate-cell', () => {
  it('plans guards, then changes, in the order of the runbook', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(isolateCell, 'r-1', input);
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'cell-is-not-protected',
      'region-keeps-a-healthy-cell',
      'isolations-below-cap',
      'pool-is-not-the-default',
      'fallback-has-capacity',
      'hold-lease',
      'silence-health-alert',
      'route-around-cell',
      'drain',
      'deactivate-app-cell-banking--blue',
    ]);
    expect(plan).toMatchObject({
      title: 'Isolate cell-banking until 07:11 UTC',
      target: { region: 'eastus', cell: 'cell-banking' },
      onFailure: 'ask',
      impact: { cellsOut: 1, healthyCellsLeft: ['cell-retail', 'cell-healthcare'] },
    });
    expect(Object.values(await world.ask(plan)).every(({ ok }) => ok)).toBe(true);
  });

  it('holds the lease for as long as was asked, in whole seconds', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', { ...input, for: '90m' }));
    expect(world.held.get('cell-banking')).toEqual({
      until: '2026-11-24T04:41:00.000Z',
      onExpiry: 'page',
      reason: 'card payments time out',
      runId: 'r-1',
    });
  });

  it('isolates for four hours when nobody says for how long', async () => {
    const plan = await createFakeWorld().plan(isolateCell, 'r-1', { cell: 'cell-banking', reason: input.reason });
    expect(plan.title).toBe('Isolate cell-banking until 07:11 UTC');
  });

  it('names the day when the lease does not end today', async () => {
    const plan = await createFakeWorld().plan(isolateCell, 'r-1', { ...input, for: '1d' });
    expect(plan.title).toBe('Isolate cell-banking until 25 Nov 03:11 UTC');
  });

  it('leaves the cell without traffic, replicas and alert, and its tenants served by the fallback', async () => {
    const world = createFakeWorld();
    await world.apply('r-1', await world.plan(isolateCell, 'r-1', input));
    expect(world.azure.pools.get(poolOf(world, 'cell-banking'))).toEqual(['app-cell-banking-dr.example.net']);
    expect(world.azure.revisions.get(appOf(world, 'cell-banking'))).toMatchObject([{ active: false, replicas: 0 }]);
    expect([...world.azure.suppressions.values()]).toEqual([
      {
        alertRuleId: cellNamed(world, 'cell-banking').healthAlertId,
        scopes: [appOf(world, 'cell-banking'), cellNamed(world, 'cell-banking').gatewayId],
        until: '2026-11-24T07:11:00.000Z',
        description: 'Stamps r-1: cell-banking is isolated until 2026-11-24T07:11:00.000Z',
      },
    ]);
  });

  it('stops every active revision, and leaves inactive ones alone', async () => {
    const world = createFakeWorld();
    const app = appOf(world, 'cell-banking');
    world.azure.revisions.set(app, [
      fakeRevision(app, 'green', true),
      fakeRevision(app, 'blue', true),
      fakeRevision(app, 'old', false),
    ]);
    const plan = await world.plan(isolateCell, 'r-1', input);
    expect(plan.steps.map(({ id }) => id).filter((id) => id.startsWith('deactivate-'))).toEqual([
      'deactivate-app-cell-banking--green',
      'deactivate-app-cell-banking--blue',
    ]);
  });

  it('sends traffic to plain addresses where the estate file names them, and says what tenants will see', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(isolateCell, 'r-1', { ...input, cell: 'retail' });
    expect(plan.steps.find(({ id }) => id === 'route-around-cell')).toMatchObject({
      before: { addresses: ['app-cell-retail.example.net'] },
      after: { addresses: ['maintenance.example.com'] },
    });
    expect((await world.ask(plan))['fallback-has-capacity']?.says).toContain('Tenants will see');
  });

  it('has no drain step where the estate drains nothing', async () => {
    const world = createFakeWorld(estateText.replace('drain: 30s', 'drain: 0s'));
    const plan = await world.plan(isolateCell, 'r-1', input);
    expect(plan.steps.some(({ kind }) => kind === 'wait')).toBe(false);
  });

  it('locks the whole gateway, the app, the silence, the lease, and isolations as such', async () => {
    const world = createFakeWorld();
    const { gatewayId, containerAppId, suppressionId } = cellNamed(world, 'cell-banking');
    const plan = await world.plan(isolateCell, 'r-1', input);
    expect(plan.locks).toEqual([gatewayId, containerAppId, suppressionId, 'lease/cell-banking', 'isolations']);
  });

  it('counts the tenants who are hurt, by tier, SLA and obligation', async () => {
    const world = createFakeWorld();
    const tenant = { cell: 'cell-banking', region: 'eastus', status: 'active' };
    world.azure.tenants.push(
      { ...tenant, tenantId: 'a', tier: 'enterprise', sla: '99.99', compliance: ['PCI-DSS'] },
      { ...tenant, tenantId: 'b', tier: 'startup', sla: 'none', compliance: [] },
      { ...tenant, tenantId: 'c', tier: 'startup', sla: 'none', compliance: [], status: 'suspended' },
      { ...tenant, tenantId: 'd', tier: 'startup', sla: 'none', compliance: [], cell: 'cell-retail' },
    );
    const { impact } = await world.plan(isolateCell, 'r-1', input);
    expect(impact).toMatchObject({ tenants: 2, byTier: { enterprise: 1, startup: 1 }, byCompliance: { 'PCI-DSS': 1 } });
  });

  describe('plans the same', () => {
    it('for an unchanged world, however the load moves', async () => {
      const world = createFakeWorld();
      const first = planHash(await world.plan(isolateCell, 'r-1', input));
      world.azure.loads.set(appOf(world, 'cell-banking'), { requestsPerSecond: 377, replicas: 9 });
      world.azure.loads.delete(appOf(world, 'cell-banking-dr'));
      expect(planHash(await world.plan(isolateCell, 'r-1', input))).toBe(first);
    });

    it.each([0, 1, 2, 3, 4])('after %i of its own changes, so that its approvals hold', async (done) => {
      const world = createFakeWorld();
      const plan = await world.plan(isolateCell, 'r-1', input);
      await world.apply('r-1', plan, done);
      expect(await world.plan(isolateCell, 'r-1', input)).toEqual(plan);
    });

    it('however Azure spells its ids', async () => {
      const world = createFakeWorld();
      const first = planHash(await world.plan(isolateCell, 'r-1', input));
      const app = appOf(world, 'cell-banking');
      world.azure.revisions.set(
        app,
        (world.azure.revisions.get(app) ?? []).map((it) => ({ ...it, id: it.id.toUpperCase() })),
      );
      expect(planHash(await world.plan(isolateCell, 'r-1', input))).toBe(first);
    });

    it('but not after somebody else changed what it had changed', async () => {
      const world = createFakeWorld();
      const plan = await world.plan(isolateCell, 'r-1', input);
      await world.apply('r-1', plan);
      world.azure.pools.set(poolOf(world, 'cell-banking'), ['10.9.9.9']);
      expect(planHash(await world.plan(isolateCell, 'r-1', input))).not.toBe(planHash(plan));
    });
  });

  describe('refuses', () => {
    const refusal = async (world: ReturnType<typeof createFakeWorld>, cell = 'cell-banking', runId = 'r-2') => {
      const error: unknown = await world
        .plan(isolateCell, runId, { ...input, cell })
        .catch((thrown: unknown) => thrown);
      if (!(error instanceof OpsError)) throw new Error(`no refusal: ${JSON.stringify(error)}`);
      return error;
    };

    it('a cell that is isolated, with the run, its reason and its end', async () => {
      const world = createFakeWorld();
      await world.apply('r-1', await world.plan(isolateCell, 'r-1', input));
      const { code, message, hint } = await refusal(world);
      expect(code).toBe('refused');
      expect(message).toBe('cell-banking is isolated already, until 07:11 UTC, by r-1: “card payments time out”.');
      expect(hint).toContain('/stamps restore cell-banking');
    });

    it('a cell whose traffic somebody sent to the fallback by hand', async () => {
      const world = createFakeWorld();
      world.azure.pools.set(poolOf(world, 'cell-banking'), ['app-cell-banking-dr.example.net']);
      expect((await refusal(world)).message).toContain('goes to cell-banking-dr already');
    });

    it('a cell for which the estate file names no fallback, such as the last DR cell', async () => {
      expect((await refusal(createFakeWorld(), 'cell-spare-dr')).message).toContain(
        'Nothing can take over from cell-spare-dr',
      );
    });

    it('a fallback without a host name', async () => {
      const world = createFakeWorld();
      const id = appOf(world, 'cell-banking-dr');
      world.azure.apps.set(id, { ...fakeApp(id), fqdn: '' });
      expect((await refusal(world)).hint).toContain('ingress');
    });

    it.each([
      ['empty', []],
      ['missing', undefined],
    ])('a pool that is %s, for there would be no way back', async (_, addresses) => {
      const world = createFakeWorld();
      if (addresses) world.azure.pools.set(poolOf(world, 'cell-banking'), addresses);
      else world.azure.pools.delete(poolOf(world, 'cell-banking'));
      expect((await refusal(world)).message).toContain('nothing to come back to');
    });

    it('an unknown cell, with the nearest names, and an ambiguous one, with the choices', async () => {
      expect(await refusal(createFakeWorld(), 'cell-bankng')).toMatchObject({
        code: 'not-found',
        hint: expect.stringContaining('cell-banking'),
      });
      expect(await refusal(createFakeWorld(), 'bank')).toMatchObject({ code: 'ambiguous' });
    });

    it('to plan at all when Azure does not answer, in Azure’s own words', async () => {
      const world = createFakeWorld();
      world.azure.failures.set('tenants.onCell', new OpsError('unavailable', 'Azure is away.', { service: 'Azure' }));
      expect(await refusal(world)).toMatchObject({ code: 'unavailable' });
    });
  });

  describe('takes as input', () => {
    const faults = (given: object) =>
      isolateCell.input.safeParse({ ...input, ...given }).error?.issues.map(({ message }) => message);

    it.each([
      ['no cell', { cell: '' }, 'Name a cell.'],
      ['a short reason', { reason: 'because' }, 'Give a reason that others understand, at least 10 characters.'],
      [
        'a reason that only looks long',
        { reason: `${'\u200b'.repeat(20)}no` },
        'Give a reason that others understand, at least 10 characters.',
      ],
      ['an endless reason', { reason: 'a'.repeat(10_240) }, 'Keep the reason under 500 characters.'],
      ['a bad duration', { for: 'a while' }, '“a while” is not a duration. Write it as `30m`, `4h`, `1h30m` or `2d`.'],
      ['a year', { for: '365d' }, '365d is too long. Choose from 1m to 7d.'],
    ])('not %s', (_, given, says) => {
      expect(faults(given)).toEqual([says]);
    });

    it('a reason with whatever is in it, less the marks that hide text, and can store it', async () => {
      const hostile = 'x\u0000\u202e<!channel> `drop` "quoted" \ud800 & https://example.com|label';
      const plan = await createFakeWorld().plan(isolateCell, 'r-1', { ...input, reason: hostile });
      expect(plan.reason).toBe('x <!channel> `drop` "quoted" \ufffd & https://example.com|label');
      expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
    });
  });
});
