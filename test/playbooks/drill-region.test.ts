import { readFileSync } from 'node:fs';
import { hourMs } from '../../src/domain/duration.ts';
import { changes, type WaitStep } from '../../src/domain/plan.ts';
import { parsePolicy } from '../../src/domain/policy-file.ts';
import { drillRegion } from '../../src/playbooks/drill-region.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld, estateText, type FakeWorld } from '../support/playbook-world.ts';

const monthly = { region: 'eastus', to: 'westus', withData: true };

describe('drill-region', () => {
  it('puts back everything that it changed, in the order data, clients, capacity', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(drillRegion, 'r-1', monthly);
    const ids = changes(plan).map(({ id }) => id);
    expect(ids.slice(0, ids.length / 2)).toEqual([
      'hold-lease',
      'scale-cell-banking-dr',
      'fail-over-sql',
      'move-cosmos-writes',
      'disable-source-endpoint',
      'disable-source-origin',
    ]);
    expect(ids.slice(ids.length / 2)).toEqual([
      'put-back-move-cosmos-writes',
      'put-back-fail-over-sql',
      'put-back-disable-source-origin',
      'put-back-disable-source-endpoint',
      'put-back-scale-cell-banking-dr',
      'give-back-lease',
    ]);
    const before = world.snapshot();
    await world.apply('r-1', plan);
    expect(world.snapshot()).toEqual(before);
    expect(plan.onFailure).toBe('undo');
  });

  it('says of each step of the way back what it takes back, in the words of the way there', async () => {
    const plan = await createFakeWorld().plan(drillRegion, 'r-1', monthly);
    const says = plan.steps.filter(({ id }) => id.startsWith('put-back-')).map((step) => step.says);
    expect(says).toContain('Take back “Switch eastus-endpoint off”');
    expect(says).toContain('Take back “Fail SQL over to sql-stamps-westus”');
    expect(says.every((words) => /^Take back “[^“”]+”$/.test(words))).toBe(true);
  });

  it('is put back by undo from wherever it stopped', async () => {
    const count = changes(await createFakeWorld().plan(drillRegion, 'r-1', monthly)).length;
    for (let done = 1; done < count; done += 1) {
      const world = createFakeWorld();
      const before = world.snapshot();
      await world.apply('r-1', await world.plan(drillRegion, 'r-1', monthly), done);
      await world.apply('r-2', await world.plan(undoRun, 'r-2', { run: 'r-1' }));
      expect({ done, left: world.snapshot() }).toEqual({ done, left: before });
    }
  });

  it.each([0, 1, 3, 5, 6])('plans the same after %i of its own changes on the way there', async (done) => {
    const world = createFakeWorld();
    const plan = await world.plan(drillRegion, 'r-1', monthly);
    await world.apply('r-1', plan, done);
    expect(await world.plan(drillRegion, 'r-1', monthly)).toEqual(plan);
  });

  it('holds a lease that outlasts it, and is undone at its end', async () => {
    const plan = await createFakeWorld().plan(drillRegion, 'r-1', { ...monthly, for: '30m' });
    // Asked at 03:11, half an hour of window, ninety minutes around it.
    expect(changes(plan)[0]?.after).toMatchObject({ until: '2026-11-24T05:11:00.000Z', onExpiry: 'undo' });
    expect(plan.title).toBe('Drill: serve eastus from westus for 30m');
  });

  it('holds it for as long as its approval may take besides, by the rules or by the calendar', async () => {
    const text = (file: string) => readFileSync(`${file}.example.yml`, 'utf8');
    const { rules, drills = [] } = parsePolicy(text('policy'));
    const [calendar] = drills;
    const plan = await createFakeWorld(estateText, {}, { rules, drills }).plan(drillRegion, 'r-1', monthly);
    expect([calendar?.region, calendar?.windowMs]).toEqual(['eastus', 2 * hourMs]);
    // Two hours more than a quarter and ninety minutes.
    expect(changes(plan)[0]?.after).toMatchObject({ until: '2026-11-24T06:56:00.000Z' });
    const byHand = await createFakeWorld(estateText, {}, { rules }).plan(drillRegion, 'r-1', monthly);
    expect(changes(byHand)[0]?.after).toMatchObject({ until: '2026-11-24T05:26:00.000Z' });
  });

  it('watches DNS, the probe and what clients get while it lasts', async () => {
    const plan = await createFakeWorld().plan(drillRegion, 'r-1', monthly);
    const window = plan.steps.find(({ id }) => id === 'window');
    expect(window).toMatchObject({
      kind: 'wait',
      forMs: 900_000,
      watch: expect.arrayContaining(
        ['clients-are-led-there', 'region-answers', 'clients-are-served'].map((check) =>
          expect.objectContaining({ check }),
        ),
      ),
    });
  });

  const errors = (percent: number, tookMs: number) => (world: FakeWorld) =>
    void world.azure.regionServices.state.metrics.set('Percentage5XX', percent).set('TotalLatency', tookMs);

  it.each<[string, (world: FakeWorld) => void, string[]]>([
    ['nothing while all is well', () => undefined, []],
    ['nothing while clients get what they may', errors(1, 2_000), []],
    ['too many errors', errors(1.2, 100), ['1.2 % of requests fail at Front Door; 1 % is the most.']],
    ['slow answers', errors(0, 2_100), ['Front Door takes 2100 ms; 2000 ms is the most.']],
    [
      'a region that gets slow',
      ({ azure }) => void azure.disaster.probeTookMs.set('westus', 2_500),
      ['westus took 2500 ms to answer; 2000 ms is the most.'],
    ],
    [
      'a region that fails',
      ({ azure }) => void azure.disaster.probeStatus.set('westus', 503),
      ['westus answers its probe with 503.', 'westus answers its probe with 503.'],
    ],
  ])('is ended early by %s', async (_, breakIt, says) => {
    const world = createFakeWorld();
    const plan = await world.plan(drillRegion, 'r-1', monthly);
    const upTo = changes(plan).findIndex(({ id }) => id.startsWith('put-back'));
    await world.apply('r-1', plan, upTo);
    breakIt(world);
    const window = plan.steps.find(({ id }) => id === 'window') as WaitStep;
    const answers = await Promise.all(
      window.watch.map(({ check, args }) => world.checks[check]?.(args, new AbortController().signal)),
    );
    expect(answers.flatMap((answer) => (answer?.ok ? [] : [answer?.says]))).toEqual(says);
  });

  it('leaves data alone unless it is told to move it', async () => {
    const plan = await createFakeWorld().plan(drillRegion, 'r-1', { region: 'eastus' });
    const ids = plan.steps.map(({ id }) => id);
    expect(ids).not.toContain('fail-over-sql');
    expect(ids).not.toContain('sql-can-follow');
    expect(plan.steps.at(-1)).toMatchObject({
      act: 'report-times',
      args: { also: expect.stringContaining('not moved') },
    });
  });

  it('lets nobody go past its guards', async () => {
    const plan = await createFakeWorld().plan(drillRegion, 'r-1', monthly);
    const checks = plan.steps.flatMap((step) => (step.kind === 'check' ? [step.override] : []));
    expect(new Set(checks)).toEqual(new Set(['never']));
  });

  it.each([
    [
      'a region in trouble',
      (world: FakeWorld) => void world.azure.disaster.probeStatus.set('eastus', 503),
      'source-is-well',
    ],
    [
      'a target that does not answer',
      (world: FakeWorld) => void world.azure.disaster.probeStatus.set('westus', 503),
      'target-answers',
    ],
  ])('is stopped by %s', async (_, breakIt, guard) => {
    const world = createFakeWorld();
    breakIt(world);
    expect((await world.ask(await world.plan(drillRegion, 'r-1', monthly)))[guard]?.ok).toBe(false);
  });

  it('refuses while one of the regions is held, too long a window, and data that cannot move', async () => {
    const world = createFakeWorld();
    await expect(world.plan(drillRegion, 'r-1', { ...monthly, for: '1d' })).rejects.toMatchObject({ code: 'refused' });
    await world.apply(
      'r-0',
      await world.plan(failoverRegion, 'r-0', { from: 'eastus', to: 'westus', reason: 'it is dark there' }),
    );
    await expect(world.plan(drillRegion, 'r-1', monthly)).rejects.toMatchObject({ code: 'refused' });
    const other = createFakeWorld();
    other.azure.disaster.sql = { ...other.azure.disaster.sql, replicationState: 'SEEDING' };
    await expect(other.plan(drillRegion, 'r-1', monthly)).rejects.toMatchObject({ code: 'refused' });
  });

  it('asks which region when several stand by', async () => {
    const world = createFakeWorld(
      estateText
        .replace('fallback: { addresses: [maintenance.example.com] }', 'fallback: { cell: cell-retail-eu }')
        .concat(
          '  - name: northeurope\n    resourceGroup: rg-eu\n    cells:\n      - { name: cell-retail-eu, role: standby, requestsPerSecondPerReplica: 50 }\n',
        ),
    );
    await expect(world.plan(drillRegion, 'r-1', { region: 'eastus' })).rejects.toMatchObject({ code: 'ambiguous' });
    await expect(world.plan(drillRegion, 'r-1', { region: 'westus' })).rejects.toMatchObject({ code: 'refused' });
  });
});
