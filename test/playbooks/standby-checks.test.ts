import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import type { OpenIncident } from '../../src/playbooks/standby-checks.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

const planned = { from: 'eastus', to: 'westus', reason: 'the power is out in two zones' };
const dayMs = 86_400_000;
const answer = async (guard: string, arrange: (world: FakeWorld) => void = () => undefined) => {
  const world = createFakeWorld();
  arrange(world);
  return (await world.ask(await world.plan(failoverRegion, 'r-1', planned)))[guard];
};

describe('the cores of the region that takes over', () => {
  it('are said, with what more would be needed', async () => {
    // 300 requests a second at 40 a replica are 8 replicas; one is kept running already.
    expect(await answer('target-has-quota')).toEqual({
      ok: true,
      says: 'cae-dr uses 5 of 100 cores, and 7 more would be needed.',
    });
  });

  it('are too few when what is needed goes beyond the limit', async () => {
    const refused = await answer('target-has-quota', ({ azure }) => {
      azure.readiness.quota = { environment: 'cae-dr', coresPerReplica: 2, cores: { used: 90, limit: 100 } };
    });
    expect(refused).toEqual({ ok: false, says: 'cae-dr uses 90 of 100 cores, and 14 more would be needed.' });
  });

  it('are no matter where Azure sets no limit, and not known where the app is silent', async () => {
    const unlimited = await answer('target-has-quota', ({ azure }) => {
      azure.readiness.quota = { environment: 'cae-dr', coresPerReplica: 1 };
    });
    expect(unlimited).toEqual({ ok: true, says: 'Azure sets no limit of cores on cae-dr.' });
    const silent = await answer('target-has-quota', ({ azure }) => {
      azure.readiness.quota = { environment: 'cae-dr', cores: { used: 1, limit: 100 } };
    });
    expect(silent).toMatchObject({ ok: false, says: expect.stringContaining('nobody knows whether they fit') });
  });
});

describe('the certificates of the region that takes over', () => {
  const shown = (leftMs: number | undefined) => (world: FakeWorld) => {
    const expiresAt = leftMs === undefined ? {} : { expiresAt: Date.now() + leftMs };
    world.azure.readiness.gateway = [{ name: 'stamps-tls', ...expiresAt }];
  };

  it.each([
    [200.5 * dayMs, true, 'stamps-tls of the gateway of westus holds for 200d.'],
    [9.51 * dayMs, true, 'holds for only 9d 12h'],
    [0.5 * dayMs, false, 'The certificate stamps-tls of the gateway of westus ends in 1'],
    [-1, false, 'has ended'],
    [undefined, true, 'Azure does not say when stamps-tls of the gateway of westus ends.'],
  ])('with %s ms left: %s', async (leftMs, ok, says) => {
    const told = await answer('target-has-certificates', shown(leftMs));
    expect(told?.ok).toBe(ok);
    expect(told?.says).toContain(says);
  });

  it('are Front Door’s too', async () => {
    const told = await answer('target-has-certificates', ({ azure }) => {
      azure.readiness.frontDoor = [{ name: 'www', expiresAt: 0 }];
    });
    expect(told).toEqual({
      ok: false,
      says: 'The certificate www of Front Door has ended: browsers and apps would refuse it.',
    });
  });
});

describe('trouble of its own', () => {
  const incident = (change: Partial<OpenIncident>): OpenIncident => ({
    id: 'i-7',
    title: 'Payments are slow',
    severity: 'P1',
    place: { scope: 'region', region: 'westus' },
    cells: [],
    ...change,
  });

  it.each([
    ['of the region', incident({}), false],
    ['of one of its cells', incident({ place: { scope: 'global' }, cells: ['cell-banking-dr'] }), false],
    ['of the region that is left', incident({ place: { scope: 'region', region: 'eastus' } }), true],
    ['of the whole estate', incident({ place: { scope: 'global' } }), true],
    ['that is small', incident({ severity: 'P3' }), true],
  ])('counts %s: %s', async (_, open, ok) => {
    const told = await answer('target-has-no-incident', ({ openIncidents }) => void openIncidents.push(open));
    expect(told?.ok).toBe(ok);
    if (!ok) expect(told?.says).toContain('i-7 (P1, Payments are slow)');
  });

  it('is told when it is small', async () => {
    const told = await answer(
      'target-has-no-incident',
      ({ openIncidents }) => void openIncidents.push(incident({ severity: 'P3' })),
    );
    expect(told?.says).toContain('only small trouble: i-7 (P3');
  });
});
