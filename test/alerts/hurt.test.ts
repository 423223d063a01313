import { createHurtWatch } from '../../src/alerts/hurt.ts';
import { getIncident, openIncident } from '../../src/alerts/incident-store.ts';
import type { AlertPlace } from '../../src/domain/alert.ts';
import type { Tenant } from '../../src/domain/impact.ts';
import type { Database } from '../../src/engine/database.ts';
import { OpsError } from '../../src/errors.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { quiet } from '../support/engine-harness.ts';
import { twoRegions } from '../support/incident-world.ts';
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

  const watch = () =>
    createHurtWatch(
      database,
      twoRegions,
      {
        onCell: async (cell) => {
          asked.push(cell);
          if (away) throw new OpsError('unavailable', 'away', { service: 'Azure' });
          return [tenant(cell, 'enterprise'), tenant(cell, 'startup', 'suspended')];
        },
      },
      systemClock,
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
});
