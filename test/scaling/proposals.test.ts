import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultScaling, type ScalingPolicy } from '../../src/domain/scaling.ts';
import type { ScalingProposal } from '../../src/domain/scaling-proposal.ts';
import type { Database } from '../../src/engine/database.ts';
import type { MetricAnswer, MetricQuery } from '../../src/ports/monitor.ts';
import { followRuns } from '../../src/scaling/follow-runs.ts';
import { lookAtLoad } from '../../src/scaling/look.ts';
import type { LookParts } from '../../src/scaling/look-parts.ts';
import { createProposalDesk } from '../../src/scaling/proposal-desk.ts';
import { lateProposals, openProposals } from '../../src/scaling/proposal-store.ts';
import { ana, gus, policy as people } from '../support/engine-harness.ts';
import { createFakeAzure } from '../support/fake-azure.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { createFakeOperations } from '../support/fakes/fake-operations.ts';
import { estateText } from '../support/playbook-world.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(60_000);

const cell = 'cell-banking';
const channel = 'C0OPERATIONS';
const slotMs = 5 * 60_000;
const estate = parseEstate(estateText);
const policy: ScalingPolicy & { channel: string } = {
  ...defaultScaling,
  channel,
  in: { ...defaultScaling.in, hits: 3, of: 4 },
};

/** Six replicas that serve 50 requests a second each; CPU and requests are what the test says, window by window. */
async function createScene() {
  const database = await newDatabase();
  const azure = createFakeAzure(estate);
  for (const [id, app] of azure.apps) azure.apps.set(id, { ...app, minReplicas: 6, maxReplicas: 12 });
  const uploads: string[] = [];
  const requests = new Map<number, number>();
  const metrics = {
    async query({ resourceIds, from, to }: MetricQuery): Promise<MetricAnswer> {
      const id = estate.cells.find(({ name }) => name === cell)?.containerAppId ?? '';
      if (!resourceIds.includes(id)) return { series: new Map(), failed: new Map() };
      const points = [...requests].filter(([at]) => at >= from && at < to);
      return {
        series: new Map([
          [
            id,
            new Map([
              ['Requests', points.map(([at, percent]) => ({ at, value: (percent / 100) * 6 * 50 * 300 }))],
              ['Replicas', points.map(([at]) => ({ at, value: 6 }))],
            ]),
          ],
        ]),
        failed: new Map(),
      };
    },
  };
  const parts: LookParts = {
    ...{ database, estate, policy },
    timeZone: 'Europe/Berlin',
    azure: { metrics, containerApps: azure.ports.containerApps, sqlTiers: azure.ports.sqlTiers },
    chat: { uploadPicture: async ({ altText }) => `F${uploads.push(altText)}` },
    logger: createFakeLogger().logger,
  };
  const [now] = await database.query<{ at: string }>('select clock_timestamp() as at');
  let end = Math.floor(Date.parse(now?.at ?? '') / slotMs) * slotMs - 3 * slotMs;
  return {
    ...{ database, azure, parts, uploads },
    look: () => lookAtLoad(parts, new AbortController().signal),
    /** Windows that end at the same moment for everybody; undefined: nothing was known. The last is the newest. */
    async windows(...loads: (number | undefined)[]): Promise<void> {
      const first = end - (loads.length - 1) * slotMs;
      for (const [index, load] of loads.entries()) {
        const at = first + index * slotMs;
        const moment = new Date(at).toISOString();
        await database.query(
          `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'test', $1)
           on conflict (at) do nothing`,
          [moment],
        );
        if (load === undefined) continue;
        requests.set(at - slotMs, load);
        await database.query(
          `insert into stamps.kpi_samples (kpi, scope, at, value) values ('containerCpu', $1, $2, $3)
           on conflict (kpi, scope, at) do update set value = excluded.value`,
          [`cell/${cell}`, moment, load],
        );
      }
    },
    /** Time goes on by one window. */
    next: () => {
      end += slotMs;
    },
  };
}
type Scene = Awaited<ReturnType<typeof createScene>>;

const card = async (database: Database, { id }: Pick<ScalingProposal, 'id'>) => {
  const [row] = await database.query<{ content: { text: string; blocks: unknown } }>(
    'select content from stamps.messages where key = $1',
    [`scaling:${id}`],
  );
  return `${row?.content.text} ${JSON.stringify(row?.content.blocks)}`;
};

async function aRun(database: Database, id: string, requestKey: string, state: string, scale: string | null = 'out') {
  await database.query(
    `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, state_reason, requester_id, channel,
                              target_cell, checks, requested_at, expires_at, finished_at)
     values ($1, $2, $3, 'scale-cell', '{}', $4, 'x', $5, '', 'U0ANA', 'C1', $6, '[]', clock_timestamp(), clock_timestamp(),
             case when $5 in ('waiting', 'running') then null else clock_timestamp() end)
     on conflict (id) do update set state = excluded.state, finished_at = excluded.finished_at`,
    [id, Number(id.slice(2)), requestKey, JSON.stringify({ steps: [], ...(scale && { scale }) }), state, cell],
  );
}

describe('scaling proposals', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.database.close());

  async function proposed(): Promise<ScalingProposal> {
    await scene.windows(90, 90, 90);
    await scene.look();
    const [proposal] = await openProposals(scene.database);
    if (!proposal) throw new Error('nothing was proposed');
    return proposal;
  }
  const desk = () => {
    const operations = createFakeOperations();
    const made = createProposalDesk({ database: scene.database, policy: people, operations: operations.operations });
    return { ...made, acts: operations.acts };
  };

  it('stands as one card with evidence, picture, plan and buttons', async () => {
    const proposal = await proposed();
    expect(proposal).toMatchObject({
      cell,
      direction: 'out',
      state: 'open',
      evidence: { to: 9, minReplicas: 6 },
      channel,
    });
    const shown = await card(scene.database, proposal);
    for (const words of [
      'Scale out cell-banking to 9 replicas?',
      '*CPU:* 90 % · 90 % · 90 %',
      'keeps 9 to 12 replicas',
      'not 6 to 12',
      '3 replicas more',
      'scaling_propose',
      'scaling_snooze',
      'scaling_dismiss',
      '"id":"F1"',
    ])
      expect(shown).toContain(words);
    expect(scene.uploads[0]).toContain('scale out: CPU, requests: 80 %');
    expect(scene.uploads[0]).toMatch(
      /^Load of cell-banking, windows of five minutes, mean, Europe\/Berlin\. CPU: last 90 % at \S+ \S+ \d\d:\d\d CES?T/,
    );
  });

  it('show by how little a figure is above its threshold', async () => {
    await scene.windows(80.4, 80.4, 80.4);
    await scene.look();
    const [proposal] = await openProposals(scene.database);
    expect(await card(scene.database, proposal as ScalingProposal)).toContain('*CPU:* 80.4 % · 80.4 % · 80.4 %');
  });

  it('are looked for once a window, and once over replicas that race', async () => {
    await scene.windows(90, 90, 90);
    const ends = await Promise.all([scene.look(), scene.look(), scene.look()]);
    expect(ends.filter((end) => end !== undefined)).toHaveLength(1);
    expect(await scene.look()).toBeUndefined();
    expect(await openProposals(scene.database)).toHaveLength(1);
    const [cards] = await scene.database.query<{ n: number }>(
      `select count(*) as n from stamps.messages where key like 'scaling:%'`,
    );
    expect(cards?.n).toBe(1);
  });

  it('are never two for one cell', async () => {
    const first = await proposed();
    scene.next();
    await scene.windows(90, 90, 90);
    expect(await scene.look()).toBeDefined();
    expect(await openProposals(scene.database)).toMatchObject([{ id: first.id }]);
  });

  it.each([
    ['one window alone', [50, 50, 90]],
    ['nothing that is known', [undefined, undefined, undefined]],
    ['what was low and then not known', [20, 20, undefined, undefined]],
  ])('do not come of %s', async (_what, loads) => {
    await scene.windows(...loads);
    expect(await scene.look()).toBeDefined();
    expect(await openProposals(scene.database)).toEqual([]);
  });

  it('go in as well as out, and not below the floor', async () => {
    await aRun(scene.database, 'r-1', 'x', 'succeeded', null);
    await scene.database.query(`insert into stamps.scaling_floors (cell, replicas, run_id) values ($1, 5, 'r-1')`, [
      cell,
    ]);
    await scene.windows(20, 20, 20, 20);
    await scene.look();
    const [proposal] = await openProposals(scene.database);
    expect(proposal).toMatchObject({ direction: 'in', evidence: { to: 5 } });

    await desk().dismiss(proposal?.id ?? '', 'tenants come at noon', ana);
    await scene.database.query('update stamps.scaling_floors set replicas = 6');
    await scene.database.query(`update stamps.scaling_proposals set settled_at = settled_at - interval '1 day'`);
    scene.next();
    await scene.windows(20, 20, 20, 20);
    await scene.look();
    expect(await openProposals(scene.database)).toEqual([]);
  });

  it('are withdrawn when the load goes away, and stay while it is not known or near', async () => {
    const proposal = await proposed();
    for (const loads of [
      [90, undefined, undefined],
      [78, 78, 78],
    ]) {
      scene.next();
      await scene.windows(...loads);
      await scene.look();
      expect(await openProposals(scene.database)).toMatchObject([{ id: proposal.id, state: 'open' }]);
    }
    scene.next();
    await scene.windows(60, 60, 60);
    await scene.look();
    expect(await openProposals(scene.database)).toEqual([]);
    const shown = await card(scene.database, proposal);
    expect(shown).toContain('Withdrawn');
    expect(shown).not.toContain('scaling_propose');
  });

  it('wait for the cool-down after a dismissal, with its reason on the card', async () => {
    const proposal = await proposed();
    await desk().dismiss(proposal.id, 'a load test, it ends at noon', ana);
    expect(await card(scene.database, proposal)).toContain('a load test, it ends at noon');
    expect((await desk().standing()).cooling).toMatchObject([{ cell }]);
    scene.next();
    await scene.windows(95, 95, 95);
    await scene.look();
    expect(await openProposals(scene.database)).toEqual([]);
    await scene.database.query(`update stamps.scaling_proposals set settled_at = settled_at - interval '31 minutes'`);
    scene.next();
    await scene.windows(95, 95, 95);
    await scene.look();
    expect(await openProposals(scene.database)).toHaveLength(1);
  });

  it('wait for the cool-down after a scaling, by whomever', async () => {
    await aRun(scene.database, 'r-1', 'x', 'succeeded');
    await scene.windows(95, 95, 95);
    await scene.look();
    expect(await openProposals(scene.database)).toEqual([]);
  });

  it('are not made for a cell that is out of service, or on which a run is open', async () => {
    await aRun(scene.database, 'r-1', 'x', 'waiting', null);
    await scene.windows(95, 95, 95);
    await scene.look();
    expect(await openProposals(scene.database)).toEqual([]);
  });

  it('become one run, whoever clicks how often', async () => {
    const proposal = await proposed();
    const { propose, acts } = desk();
    await propose(proposal.id, ana).catch(() => undefined);
    expect(acts()).toEqual([
      [
        'request',
        expect.objectContaining({
          requestKey: `scaling/${proposal.id}`,
          playbook: 'scale-cell',
          requester: 'U0ANA',
          channel,
          input: expect.objectContaining({ cell, to: 9, proposal: proposal.id }),
        }),
      ],
    ]);
    await aRun(scene.database, 'r-7', `scaling/${proposal.id}`, 'waiting');
    await propose(proposal.id, ana).catch(() => undefined);
    expect(acts().filter(([act]) => act === 'request')).toHaveLength(1);
    await expect(desk().dismiss(proposal.id, 'too late for that', ana)).rejects.toThrow('r-7 was asked for already');
  });

  it.each([
    ['succeeded', 'done', 'The cell was scaled by `r-7`'],
    ['denied', 'ended', 'It was denied.'],
    ['refused', 'ended', 'A guard refused it.'],
    ['expired', 'ended', 'Nobody approved it in time.'],
  ])('follow their run: %s → %s, even if the link was lost in a crash', async (state, end, words) => {
    const proposal = await proposed();
    await aRun(scene.database, 'r-7', `scaling/${proposal.id}`, 'waiting');
    await Promise.all([followRuns(scene.database), followRuns(scene.database)]);
    expect(await openProposals(scene.database)).toMatchObject([{ state: 'proposed', runId: 'r-7' }]);
    await aRun(scene.database, 'r-7', `scaling/${proposal.id}`, state);
    await followRuns(scene.database);
    expect(await lateProposals(scene.database)).toMatchObject([{ state: end, runId: 'r-7' }]);
    expect(await card(scene.database, proposal)).toContain(words);
  });

  it('are settled by another scaling of the cell', async () => {
    await proposed();
    await aRun(scene.database, 'r-8', 'somebody', 'succeeded');
    await followRuns(scene.database);
    expect(await lateProposals(scene.database)).toMatchObject([{ state: 'done', runId: 'r-8' }]);
  });

  it('come back after a snooze, and say so in the thread', async () => {
    const proposal = await proposed();
    await desk().snooze(proposal.id, 3_600_000, ana);
    await followRuns(scene.database);
    expect(await openProposals(scene.database)).toMatchObject([{ state: 'snoozed' }]);
    await scene.database.query(
      `update stamps.scaling_proposals set snoozed_until = clock_timestamp() - interval '1 second'`,
    );
    await followRuns(scene.database);
    await followRuns(scene.database);
    expect(await openProposals(scene.database)).toMatchObject([{ state: 'open' }]);
    const notes = await scene.database.query(`select 1 from stamps.messages where thread_of = $1`, [
      `scaling:${proposal.id}`,
    ]);
    expect(notes).toHaveLength(1);
  });

  it('are not for guests, and not for who may not ask for the playbook', async () => {
    const proposal = await proposed();
    await expect(desk().propose(proposal.id, gus)).rejects.toThrow('policy does not let you');
    await expect(desk().dismiss(proposal.id, 'because I say so', { ...ana, groups: [] })).rejects.toThrow(
      'does not let you',
    );
    await expect(desk().release(cell, 'replicas', gus)).rejects.toThrow('does not let you');
    await expect(desk().propose('sc-999', ana)).rejects.toThrow('no scaling proposal');
  });

  it('go without a picture when it cannot be uploaded', async () => {
    const parts = { ...scene.parts, chat: { uploadPicture: async () => Promise.reject(new Error('no')) } };
    await scene.windows(90, 90, 90);
    await lookAtLoad(parts, new AbortController().signal);
    const [proposal] = await openProposals(scene.database);
    expect(proposal?.picture).toBeUndefined();
  });
});
