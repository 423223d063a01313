import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultScaling, type ScalingPolicy } from '../../src/domain/scaling.ts';
import type { ScalingProposal } from '../../src/domain/scaling-proposal.ts';
import { OpsError } from '../../src/errors.ts';
import { followRuns } from '../../src/scaling/follow-runs.ts';
import { lookAtLoad } from '../../src/scaling/look.ts';
import type { LookParts } from '../../src/scaling/look-parts.ts';
import { createProposalDesk } from '../../src/scaling/proposal-desk.ts';
import { lateProposals, openProposals } from '../../src/scaling/proposal-store.ts';
import { ana, gus, policy as people } from '../support/engine-harness.ts';
import { createFakeAzure } from '../support/fake-azure.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { createFakeOperations } from '../support/fakes/fake-operations.ts';
import { tierNamed } from '../support/fakes/fake-sql-tiers.ts';
import { estateText } from '../support/playbook-world.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(60_000);

const cell = 'cell-banking';
const channel = 'C0OPERATIONS';
const slotMs = 5 * 60_000;
const policy: ScalingPolicy & { channel: string } = { ...defaultScaling, channel };

/** Nothing is known of replicas; the load of databases is what the test says. */
async function createScene() {
  const database = await newDatabase();
  const estate = parseEstate(estateText);
  const azure = createFakeAzure(estate);
  const uploads: string[] = [];
  const parts: LookParts = {
    ...{ database, estate, policy, timeZone: 'Europe/Berlin' },
    azure: {
      metrics: { query: async () => ({ series: new Map(), failed: new Map() }) },
      ...{ containerApps: azure.ports.containerApps, sqlTiers: azure.ports.sqlTiers },
    },
    chat: { uploadPicture: async ({ altText }) => `F${uploads.push(altText)}` },
    logger: createFakeLogger().logger,
  };
  const [now] = await database.query<{ at: string }>('select clock_timestamp() as at');
  let end = Math.floor(Date.parse(now?.at ?? '') / slotMs) * slotMs - 3 * slotMs;
  const id = estate.cells.find(({ name }) => name === cell)?.sqlDatabaseId ?? '';
  return {
    ...{ database, estate, azure, parts, uploads, id },
    /** One more window is there, and is looked at; the load is so in all that there are. */
    async look(percent: number | undefined): Promise<void> {
      if (percent === undefined) azure.sqlTiers.loads.delete(id);
      else azure.sqlTiers.loads.set(id, percent);
      await database.query(
        `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'test', $1)`,
        [new Date(end).toISOString()],
      );
      end += slotMs;
      await lookAtLoad(parts, new AbortController().signal);
    },
    async open(): Promise<ScalingProposal[]> {
      return openProposals(database);
    },
    async card({ id: proposal }: Pick<ScalingProposal, 'id'>): Promise<string> {
      const [row] = await database.query<{ content: { text: string; blocks: unknown } }>(
        'select content from stamps.messages where key = $1',
        [`scaling:${proposal}`],
      );
      return `${row?.content.text} ${JSON.stringify(row?.content.blocks)}`;
    },
    async run(runId: string, requestKey: string, state: string, scale: string): Promise<void> {
      await database.query(
        `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, state_reason, requester_id, channel,
                                  target_cell, checks, requested_at, expires_at, finished_at)
         values ($1, $2, $3, 'scale-sql', '{}', $4, 'x', $5, '', 'U0ANA', 'C1', $6, '[]', clock_timestamp(), clock_timestamp(),
                 case when $5 = 'waiting' then null else clock_timestamp() end)
         on conflict (id) do update set state = excluded.state, finished_at = excluded.finished_at`,
        [runId, Number(runId.slice(2)), requestKey, JSON.stringify({ steps: [], scale }), state, cell],
      );
    },
  };
}

describe('proposals about SQL databases', () => {
  let scene: Awaited<ReturnType<typeof createScene>>;
  beforeEach(async () => {
    scene = await createScene();
  });
  afterEach(() => scene.database.close());
  const desk = () => {
    const operations = createFakeOperations();
    const made = createProposalDesk({ database: scene.database, policy: people, operations: operations.operations });
    return { ...made, acts: operations.acts };
  };
  const only = async () => {
    const [proposal, ...others] = await scene.open();
    expect(others).toEqual([]);
    if (!proposal) throw new Error('nothing was proposed');
    return proposal;
  };

  it('stand as one card with the load, the step up and what it means, and a picture', async () => {
    await scene.look(91.4);
    const proposal = await only();
    expect(proposal).toMatchObject({
      ...{ cell, direction: 'up', channel },
      evidence: { from: tierNamed('S3'), to: tierNamed('S4'), database: 'sql-cell-banking' },
    });
    const card = await scene.card(proposal);
    for (const words of [
      ...[
        'Scale SQL of cell-banking up to S4?',
        '*DTUs:* 91.4 % · 91.4 % · 91.4 %',
        'S4 (200 DTUs), not S3 (100 DTUs)',
      ],
      ...[
        'about 46 %',
        '100 DTUs more paid for',
        'connections are dropped once',
        'scaling_propose',
        'scaling_snooze',
        '"id":"F1"',
      ],
    ])
      expect(card).toContain(words);
    expect(scene.uploads[0]).toMatch(/^SQL load of sql-cell-banking, .*Europe\/Berlin\..*step up: 80 %/);
  });

  it('are made a step down where the load is low, less would suffice, and nobody wants as much', async () => {
    await scene.look(20);
    const proposal = await only();
    expect(proposal).toMatchObject({ direction: 'down', evidence: { to: { objective: 'S2' } } });
    expect(await scene.card(proposal)).toContain('never goes below what a person set');
  });

  it('are made below no floor, and only by a step that takes what the database may grow to', async () => {
    await scene.run('r-1', 'x', 'succeeded', 'none');
    await scene.database.query(`insert into stamps.sql_floors (cell, tier, run_id) values ($1, $2, 'r-1')`, [
      cell,
      JSON.stringify(tierNamed('S3')),
    ]);
    await scene.look(20);
    expect(await scene.open()).toEqual([]);
    await desk().release(cell, 'sql', ana);
    scene.azure.sqlTiers.change(scene.id, { mostBytes: 500 * 1024 ** 3 });
    await scene.look(20);
    expect(await scene.open()).toEqual([]);
    scene.azure.sqlTiers.change(scene.id, { mostBytes: 100 * 1024 ** 3 });
    await scene.look(20);
    expect(await scene.open()).toHaveLength(1);
  });

  it('are not made of what is not known, and not of a standby that has little to do', async () => {
    await scene.look(undefined);
    const standby = scene.estate.cells.find(({ name }) => name === 'cell-banking-dr')?.sqlDatabaseId ?? '';
    scene.azure.sqlTiers.loads.set(standby, 3);
    await scene.look(undefined);
    expect(await scene.open()).toEqual([]);
  });

  it.each([
    ['is in a pool', { poolId: '/x/elasticPools/pool-a' }, 'the elastic pool pool-a'],
    ['is serverless', { kind: 'v12.0,user,vcore,serverless' }, 'It is serverless'],
    ['is the largest of its kind', { tier: tierNamed('S6') }, 'is the largest of its kind'],
  ])('say why they cannot be carried out where the database %s, and offer no run', async (_, change, why) => {
    scene.azure.sqlTiers.change(scene.id, change);
    await scene.look(95);
    const proposal = await only();
    const card = await scene.card(proposal);
    expect(card).toContain('SQL of cell-banking is full, and Stamps cannot scale it');
    expect(card).toContain(why);
    expect(card).not.toContain('scaling_propose');
    expect(card).toContain('scaling_dismiss');
    await expect(desk().propose(proposal.id, ana)).rejects.toThrow(why);
  });

  it('keep to what the policy allows, and say so', async () => {
    const parts = { ...scene.parts, policy: { ...policy, sql: { ...policy.sql, most: { dtus: 100 } } } };
    scene.azure.sqlTiers.loads.set(scene.id, 95);
    await scene.look(50);
    await lookAtLoad(parts, new AbortController().signal);
    expect(await scene.open()).toEqual([]);
    Object.assign(scene.parts, parts);
    await scene.look(95);
    expect(await scene.card(await only())).toContain('The policy allows a database 100 DTUs; S4 has 200.');
  });

  it('are never two for one database, though another may be about the replicas of the cell', async () => {
    await scene.look(95);
    await scene.look(95);
    const first = await only();
    await scene.database.query(
      `insert into stamps.scaling_proposals (id, cell, direction, evidence, channel, state)
       values ('sc-90', $1, 'out', '{"windows": [], "to": 9}', 'C1', 'open')`,
      [cell],
    );
    await scene.look(95);
    expect((await scene.open()).map(({ id }) => id).sort()).toEqual([first.id, 'sc-90'].sort());
    await expect(
      scene.database.query(
        `insert into stamps.scaling_proposals (id, cell, direction, evidence, channel, state)
         values ('sc-91', $1, 'down', '{}', 'C1', 'open')`,
        [cell],
      ),
    ).rejects.toThrow(/unique/);
  });

  it('become one run, whoever clicks how often, of exactly what the card shows', async () => {
    await scene.look(95);
    const proposal = await only();
    const { propose, acts } = desk();
    await propose(proposal.id, ana).catch(() => undefined);
    await scene.run('r-7', `scaling/${proposal.id}`, 'waiting', 'up');
    await propose(proposal.id, ana).catch(() => undefined);
    expect(acts().filter(([act]) => act === 'request')).toEqual([
      [
        'request',
        expect.objectContaining({
          requestKey: `scaling/${proposal.id}`,
          playbook: 'scale-sql',
          input: expect.objectContaining({ cell, from: 'S3', to: 'S4', proposal: proposal.id }),
        }),
      ],
    ]);
    await expect(desk().dismiss(proposal.id, 'too late for that', ana)).rejects.toThrow('r-7 was asked for already');
    await scene.run('r-7', `scaling/${proposal.id}`, 'succeeded', 'up');
    await followRuns(scene.database);
    expect(await lateProposals(scene.database)).toMatchObject([{ state: 'done', runId: 'r-7' }]);
    expect(await scene.card(proposal)).toContain('The database was scaled by `r-7`');
  });

  it('are settled by another scaling of the database, not by one of the replicas', async () => {
    await scene.look(95);
    await scene.run('r-8', 'somebody', 'succeeded', 'out');
    await followRuns(scene.database);
    expect(await scene.open()).toHaveLength(1);
    await scene.run('r-9', 'somebody else', 'succeeded', 'up');
    await followRuns(scene.database);
    expect(await lateProposals(scene.database)).toMatchObject([{ state: 'done', runId: 'r-9' }]);
  });

  it('wait for the cool-down of the database, and not for that of the replicas', async () => {
    await scene.run('r-1', 'x', 'succeeded', 'up');
    await scene.look(95);
    expect(await scene.open()).toEqual([]);
    expect((await desk().standing()).cooling).toMatchObject([{ cell, what: 'sql' }]);
    await scene.database.query(`update stamps.runs set plan = '{"steps": [], "scale": "in"}'`);
    await scene.look(95);
    expect(await scene.open()).toHaveLength(1);
  });

  it('are withdrawn when the load goes away, and stay while it is near or not known', async () => {
    await scene.look(95);
    await scene.look(78);
    await scene.look(undefined);
    const proposal = await only();
    await scene.look(60);
    expect(await scene.open()).toEqual([]);
    expect(await scene.card(proposal)).toContain('Withdrawn');
  });

  it('are not for guests, nor for who may not ask for the playbook', async () => {
    await scene.look(95);
    const { id } = await only();
    await expect(desk().propose(id, gus)).rejects.toThrow('policy does not let you');
    await expect(desk().dismiss(id, 'because I say so', { ...ana, groups: [] })).rejects.toThrow('does not let you');
    await expect(desk().release(cell, 'sql', gus)).rejects.toThrow('does not let you');
    await expect(desk().release(cell, 'sql', ana)).rejects.toThrow('has no floor of SQL');
  });

  it('are not made while Azure does not answer, and the replicas are looked at all the same', async () => {
    scene.azure.failures.set('sqlTiers.database', new OpsError('timeout', 'Azure did not answer.'));
    await scene.look(95);
    expect(await scene.open()).toEqual([]);
    expect(await scene.database.query('select 1 from stamps.scaling_looks')).toHaveLength(1);
    scene.azure.failures.clear();
    await scene.look(95);
    expect(await scene.open()).toHaveLength(1);
  });
});
