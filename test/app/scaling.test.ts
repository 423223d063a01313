import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(90_000);

describe('scaling a cell', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  it('gives it replicas that really serve, and takes them back', async () => {
    const before = world.azure.configuration();
    const { ts, runId } = await world.ask('U0ANA', 'scale cell-banking to 9 because the sale begins at noon');
    expect(world.cell('cell-banking')).toMatchObject({ replicas: 6, capacity: 300 });
    await world.press('U0BEN', ts, 'run_approve');
    await world.sees(`(${runId})`);
    await world.until(async () => (await world.state(runId)) === 'succeeded', `${runId} is done`, 40_000);
    await world.until(() => world.cell('cell-banking')?.replicas === 9, 'nine replicas are there');
    expect(world.cell('cell-banking')).toMatchObject({ capacity: 450 });

    await world.slack.as('U0ANA').command(incidents, `undo ${runId}`);
    const undo = await world.card(`Take back ${runId}`);
    await world.press('U0BEN', undo.ts, 'run_approve');
    await world.until(async () => (await world.state(runId)) === 'undone', `${runId} is taken back`, 40_000);
    expect(world.azure.configuration()).toEqual(before);
    await world.until(() => world.cell('cell-banking')?.capacity === 300, 'six replicas serve again');
  });

  it('asks two people for fewer, and refuses where the traffic is pinned to revisions', async () => {
    const more = await world.ask('U0ANA', 'scale cell-banking to 9');
    await world.press('U0BEN', more.ts, 'run_approve');
    await world.until(async () => (await world.state(more.runId)) === 'succeeded', `${more.runId} is done`, 40_000);
    const { ts, runId } = await world.ask('U0ANA', 'scale cell-banking by -1');
    await world.press('U0BEN', ts, 'run_approve');
    expect(await world.state(runId)).toBe('waiting');
    await world.press('U0DANA', ts, 'run_approve');
    await world.until(async () => (await world.state(runId)) === 'succeeded', `${runId} is done`, 40_000);
    // The revision before goes when the new one is ready.
    await world.until(() => world.cell('cell-banking')?.replicas === 8, 'eight replicas are left');

    await world.slack.as('U0ANA').command(incidents, 'scale cell-retail by +2');
    await world.sees(/pinned to revisions by name/);
  });
});
