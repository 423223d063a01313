import { createHurtWatch } from '../../src/alerts/hurt.ts';
import { getIncident, openIncident } from '../../src/alerts/incident-store.ts';
import type { AlertPlace } from '../../src/domain/alert.ts';
import type { Tenant } from '../../src/domain/impact.ts';
import type { Database } from '../../src/engine/database.ts';
import { OpsError } from '../../src/errors.ts';
import { type Clock, systemClock } from '../../src/ports/clock.ts';
import { quiet } from '../support/engine-harness.ts';
import { estateOf, twoRegions } from '../support/incident-world.ts';
import { newDatabase } from '../support/test-database.ts';

const tenant = (cell: string, tier: string, status = 'active'): Tenant => ({
  tenantId: `${cell}-${tier}`,
  cell,
  region: 'r1',
  tier,
  sla: '99.9',
  compliance: [],
  status,
});

describe('who is hurt', () => {
  let database: Database;
  let asked: string[];
  let away: boolean;
  beforeEach(async () => {
    database = await newDatabase();
    asked = [];
    away = false;
  });
  afterEach(() => database.close());

  const watch = (estate = twoRegions, clock: Clock = systemClock) =>
    createHurtWatch(
      database,
      estate,
      {
        onCell: async (cell) => {
          asked.push(cell);
          if (away) throw new OpsError('unavailable', 'away', { service: 'Azure' });
          return [tenant(cell, 'enterprise'), tenant(cell, 'startup', 'suspended')];
        },
        counts: async () => {
          asked.push('all');
          if (away) throw new OpsError('timeout', 'away', { service: 'Azure' });
          return estate.cells.flatMap(({ name }) => [
            { cell: name, tier: 'enterprise', sla: '99.99', status: 'active', count: 3 },
            { cell: name, tier: 'startup', sla: 'none', status: 'active', count: 2 },
            { cell: name, tier: 'startup', sla: 'none', status: 'suspended', count: 5 },
          ]);
        },
      },
      clock,
      quiet,
    );
  const open = (place: AlertPlace, cells: readonly string[], declaredBy?: string) =>
    openIncident(database, {
      requestKey: `k-${cells.length}-${place.scope}`,
      title: 't',
      severity: 'P2',
      severityBy: 'evidence',
      place,
      cells,
      channel: 'C0',
      startedAt: new Date().toISOString(),
      ...(declaredBy !== undefined && { declaredBy }),
    });

  it('are the active tenants of the cells, asked once', async () => {
    await open({ scope: 'region', region: 'r1' }, ['r1-cell-1', 'r1-cell-2']);
    const hurt = watch();
    await hurt.look();
    await hurt.look();
    expect(asked).toEqual(['r1-cell-1', 'r1-cell-2']);
    expect((await getIncident(database, 'i-1')).hurt).toEqual({
      tenants: 2,
      byTier: { enterprise: 2 },
      bySla: { '99.9': 2 },
    });
  });

  it('are those of every cell when the region itself is in trouble', async () => {
    await open({ scope: 'region', region: 'r1' }, [], 'U0ANA');
    await watch().look();
    expect((await getIncident(database, 'i-1')).hurt?.tenants).toBe(3);
  });

  it('are not known when the registry is away, and asked for again later', async () => {
    await open({ scope: 'cell', region: 'r1', cell: 'r1-cell-1' }, ['r1-cell-1']);
    away = true;
    const hurt = watch();
    await hurt.look();
    expect((await getIncident(database, 'i-1')).hurt).toBeUndefined();
    away = false;
    await database.query(`update stamps.incidents set hurt_stale_at = now()`);
    await hurt.look();
    expect((await getIncident(database, 'i-1')).hurt?.tenants).toBe(1);
  });

  describe('in thousands of cells', () => {
    const vast = estateOf(5, 1_000);

    it('are counted by one query, for every incident within five minutes', async () => {
      let now = 0;
      const clock: Clock = { ...systemClock, now: () => now };
      await open({ scope: 'global' }, [], 'U0ANA');
      await open({ scope: 'region', region: 'r2' }, [], 'U0ANA');
      const hurt = watch(vast, clock);
      await hurt.look();
      expect(asked).toEqual(['all']);
      expect((await getIncident(database, 'i-1')).hurt).toEqual({
        tenants: 25_000,
        byTier: { enterprise: 15_000, startup: 10_000 },
        bySla: { '99.99': 15_000, none: 10_000 },
      });
      expect((await getIncident(database, 'i-2')).hurt?.tenants).toBe(5_000);

      now = 299_999;
      await database.query(`update stamps.incidents set hurt_stale_at = now()`);
      await hurt.look();
      expect(asked).toEqual(['all']);
      now = 300_000;
      await database.query(`update stamps.incidents set hurt_stale_at = now()`);
      await hurt.look();
      expect(asked).toEqual(['all', 'all']);
    });

    it('are asked for again when the count did not come in time', async () => {
      await open({ scope: 'global' }, [], 'U0ANA');
      away = true;
      const hurt = watch(vast);
      await hurt.look();
      expect((await getIncident(database, 'i-1')).hurt).toBeUndefined();
      away = false;
      await database.query(`update stamps.incidents set hurt_stale_at = now()`);
      await hurt.look();
      expect((await getIncident(database, 'i-1')).hurt?.tenants).toBe(25_000);
    });
  });
});
