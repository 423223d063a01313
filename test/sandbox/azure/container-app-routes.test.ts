import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const app = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production/providers/Microsoft.App/containerApps/app-cell-retail`;
const v57 = `${app}/revisions/app-cell-retail--v57`;

describe('an emulated container app', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    azure = await startRunningAzure({ now: () => now, replicaDelayMs: 2_000 });
    arm = await armOf(azure);
  });
  afterEach(() => azure.close());

  const state = async (path = v57) => (await arm('GET', path)).body.properties;

  it('runs revisions whose weights sum to 100', async () => {
    const { body } = await arm('GET', `${app}/revisions`);
    const weights = body.value.map(
      ({ properties }: { properties: { trafficWeight: number } }) => properties.trafficWeight,
    );
    expect(weights.reduce((sum: number, weight: number) => sum + weight, 0)).toBe(100);
    expect(await state()).toMatchObject({
      active: true,
      replicas: 8,
      runningState: 'Running',
      healthState: 'Healthy',
      provisioningState: 'Provisioned',
    });
  });

  it('stops a revision: off at once, its replicas gone a little later', async () => {
    expect((await arm('POST', `${v57}/deactivate`)).body).toBeUndefined();
    expect(await state()).toMatchObject({ active: false, replicas: 8, provisioningState: 'Deprovisioning' });
    now += 2_000;
    expect(await state()).toMatchObject({
      active: false,
      replicas: 0,
      runningState: 'Stopped',
      provisioningState: 'Deprovisioned',
    });
  });

  it('starts it again, as it was', async () => {
    const before = await state();
    await arm('POST', `${v57}/deactivate`);
    now += 2_000;
    await arm('POST', `${v57}/activate`);
    expect(await state()).toMatchObject({
      active: true,
      replicas: 0,
      runningState: 'Processing',
      provisioningState: 'Provisioning',
    });
    now += 2_000;
    expect(await state()).toEqual({ ...before, lastActiveTime: expect.any(String) });
  });

  it('restarts a revision, unless it is off', async () => {
    expect((await arm('POST', `${v57}/restart`)).status).toBe(200);
    expect(await state()).toMatchObject({ active: true, replicas: 0 });
    await arm('POST', `${v57}/deactivate`);
    expect(await arm('POST', `${v57}/restart`)).toMatchObject({
      status: 400,
      body: { error: { code: 'RevisionInactive' } },
    });
  });

  it('shows that its cell has failed', async () => {
    azure.faults.failCell('cell-retail');
    expect(await state()).toMatchObject({ active: true, healthState: 'Unhealthy', runningState: 'Degraded' });
    const { body } = await arm('GET', `${v57}/replicas`);
    expect(body.value).toHaveLength(8);
    expect(body.value[0].properties.runningState).toBe('NotRunning');
  });

  const traffic = (weights: object[]) => ({
    body: { properties: { configuration: { ingress: { traffic: weights } } } },
  });

  it('shifts traffic between revisions', async () => {
    const split = [
      { revisionName: 'app-cell-retail--v58', weight: 50 },
      { revisionName: 'app-cell-retail--v57', weight: 50 },
    ];
    expect((await arm('PATCH', app, traffic(split))).body.properties.configuration.ingress.traffic).toEqual(split);
    expect(await state()).toMatchObject({ trafficWeight: 50 });
    await arm('PATCH', app, traffic(split));
    expect(azure.accepted.map(({ changed }) => changed)).toEqual([true, false]);
  });

  it('gives the newest revision what is for the latest', async () => {
    await arm('PATCH', app, traffic([{ latestRevision: true, weight: 100 }]));
    expect(await state(`${app}/revisions/app-cell-retail--v58`)).toMatchObject({ trafficWeight: 100 });
  });

  it.each([
    ['weights that do not sum to 100', [{ latestRevision: true, weight: 90 }], 'ContainerAppInvalidTrafficWeight'],
    ['a revision that does not exist', [{ revisionName: 'app-cell-retail--v1', weight: 100 }], 'RevisionNotFound'],
    ['a weight over 100', [{ latestRevision: true, weight: 120 }], 'InvalidRequestContent'],
  ])('refuses %s', async (_, weights, code) => {
    expect(await arm('PATCH', app, traffic(weights))).toMatchObject({ status: 400, body: { error: { code } } });
    expect(azure.accepted).toEqual([]);
  });

  it('is listed with the others of its group', async () => {
    const { body } = await arm('GET', app.replace('/app-cell-retail', ''));
    expect(body.value.map(({ name }: { name: string }) => name)).toEqual([
      'app-cell-banking',
      'app-cell-retail',
      'app-cell-healthcare',
    ]);
  });
});
