import { maturityEvidence } from '../../src/digests/maturity-evidence.ts';
import { dayMs, minuteMs } from '../../src/domain/duration.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import { kpiDefinition } from '../../src/kpis/definitions.ts';
import { storeHours } from '../support/kpi-history.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
const to = Date.UTC(2026, 10, 25);
const iso = (ms: number) => new Date(ms).toISOString();
let database: Awaited<ReturnType<typeof newDatabase>>;
beforeEach(async () => {
  database = await newDatabase();
});
afterEach(() => database.close());

async function incident(
  n: number,
  at: number,
  more: { declared?: string; ackedAfterMs?: number; severity?: string; cell?: string } = {},
) {
  const acked = more.ackedAfterMs === undefined ? null : iso(at + more.ackedAfterMs);
  await database.query(
    `insert into stamps.incidents (id, number, request_key, title, state, severity, severity_by, place, cells, channel, declared_by, started_at, detected_at, acknowledged_at, resolved_at)
     values ($1, $2, $1, 'x', 'resolved', $3, 'evidence', '{}', $4, 'C', $5, $6, $6, $7, $8)`,
    [
      `i-${n}`,
      n,
      more.severity ?? 'P1',
      [more.cell ?? 'cell-a'],
      more.declared ?? null,
      iso(at),
      acked,
      iso(at + 60 * minuteMs),
    ],
  );
}
async function run(n: number, at: number, { by = 'U0ANA', state = 'succeeded', plan = {} } = {}) {
  await database.query(
    `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel, checks, requested_at, expires_at, target_cell)
     values ($1, $2, $1, 'isolate-cell', '{}', $6, '', $3, $4, 'C', '[]', $5, $5, 'cell-a')`,
    [`r-${n}`, n, state, by, iso(at), JSON.stringify(plan)],
  );
}
const evidence = () => maturityEvidence(database, defaultIncidentPolicy, 85, iso(to - 30 * dayMs), iso(to));

describe('the evidence of maturity', () => {
  it('counts who found incidents, and acknowledgements by each severity’s own time', async () => {
    await incident(1, to - dayMs, { ackedAfterMs: 20 * minuteMs, severity: 'P1' });
    await incident(2, to - 2 * dayMs, { ackedAfterMs: 20 * minuteMs, severity: 'P0' });
    await incident(3, to - 3 * dayMs, { declared: 'U0ANA' });
    await incident(4, to - 40 * dayMs);
    expect(await evidence()).toMatchObject({ incidents: 3, foundByAlerts: 2, acknowledged: 2, acknowledgedInTime: 1 });
  });

  it('tells runs before trouble from those after it, and Stamps’ own; what was not applied counts for nothing', async () => {
    await incident(1, to - 2 * dayMs);
    await run(1, to - 2 * dayMs + 10 * minuteMs);
    await run(2, to - 3 * dayMs);
    await run(3, to - dayMs, { by: 'stamps' });
    await run(4, to - dayMs, { state: 'denied' });
    expect(await evidence()).toMatchObject({ runs: 3, beforeTrouble: 2, byStamps: 1 });
  });

  it('tells a scale-out before CPU passed its alert from one after it; where CPU was not known it counts for nothing', async () => {
    const cpu = (at: number, value: number | undefined) =>
      storeHours(
        database,
        { definition: kpiDefinition('containerCpu'), scope: 'cell/cell-a' },
        at,
        at + 1,
        () => value,
      );
    const plan = { scale: 'out' };
    await cpu(to - 10 * dayMs, 82);
    await run(1, to - 10 * dayMs + minuteMs, { plan });
    await cpu(to - 8 * dayMs - 60 * minuteMs, 93);
    await cpu(to - 8 * dayMs, 82);
    await run(2, to - 8 * dayMs + minuteMs, { plan });
    await run(3, to - 6 * dayMs, { plan });
    await cpu(to - 4 * dayMs, undefined);
    await run(4, to - 4 * dayMs + minuteMs, { plan });
    await run(5, to - 10 * dayMs + minuteMs, { plan: { scale: 'in' } });
    await run(6, to - 10 * dayMs + minuteMs, { plan, state: 'denied' });
    expect(await evidence()).toMatchObject({ scaleOuts: 2, scaledBefore: 1 });
  });

  it('counts the scalings that were proposed, and those that were taken and done', async () => {
    await run(1, to - dayMs);
    for (const [n, state, at] of [
      [1, 'done', to - dayMs],
      [2, 'dismissed', to - dayMs],
      [3, 'done', to - 40 * dayMs],
    ] as const)
      await database.query(
        `insert into stamps.scaling_proposals (id, cell, direction, evidence, channel, state, created_at, settled_at)
         values ($1, 'cell-a', 'out', '{"to": 9}', 'C', $2, $3, $3)`,
        [`sc-${n}`, state, iso(at)],
      );
    expect(await evidence()).toMatchObject({ proposed: 2, taken: 1 });
  });

  it('is all zeros of an empty month', async () => {
    expect(Object.values(await evidence()).every((count) => count === 0)).toBe(true);
  });
});
