import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(90_000);

describe('a drill', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const region = (name: string) => world.azure.snapshot().regions.find((one) => one.name === name);
  const title = 'Drill: serve eastus from westus for 10m';
  const begin = async () => {
    await world.slack.as('U0ANA').command(incidents, 'drill eastus with data for 10m because it is the monthly test');
    const { ts, runId } = await world.card(`Waiting for approval: ${title}`);
    await world.press('U0BEN', ts, 'run_approve');
    await world.press('U0DANA', ts, 'run_approve');
    await world.until(() => region('westus')?.led === 1, 'clients at westus');
    await world.until(() => region('westus')?.writes.length === 3, 'data at westus');
    return runId;
  };

  it('serves from the other region for its window, puts everything back, and tells what it measured', async () => {
    const before = world.azure.configuration();
    const runId = await begin();
    await world.sees(/▶️ Serve from westus for 10m/);
    world.pass(10 * 60_000);
    await world.sees(`Done: ${title} (${runId})`, { withinMs: 40_000 });
    expect(world.azure.configuration()).toEqual(before);
    expect(region('eastus')).toMatchObject({ led: 1, writes: ['SQL', 'Cosmos', 'storage'] });
    await world.sees(
      /Measured: \d+ s until westus served, \d+ s until the last client could follow\. RPO 0.*Everything is as it was before\./,
    );
    await world.sees(/first of its kind/);
  });

  it('ends early and puts everything back when the other region stops to answer', async () => {
    const before = world.azure.configuration();
    await begin();
    await world.sees(/▶️ Serve from westus for 10m/);
    for (const cell of region('westus')?.cells ?? []) world.azure.faults.failCell(cell.name);
    await world.sees(/window: .*westus/);
    for (const cell of region('westus')?.cells ?? []) world.azure.faults.healCell(cell.name);
    await world.until(
      () => JSON.stringify(world.azure.configuration()) === JSON.stringify(before),
      'all as before',
      40_000,
    );
  });
});
