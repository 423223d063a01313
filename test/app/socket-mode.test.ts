import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('the app over Socket Mode', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ socket: true });
  });
  afterAll(() => world.stop());

  it('isolates a cell', async () => {
    await world.slack.as('U0ANA').command(incidents, 'isolate cell-retail for 2h because the basket loses items');
    const { ts } = await world.card('Isolate cell-retail');
    const button = await world.button(ts, 'run_approve');
    await world.slack.as('U0BEN').act(incidents, button.ts, 'run_approve', button.value);
    await world.sees('Done: Isolate cell-retail');
    // Both revisions are stopped, the pool and the silence written.
    expect(world.azure.accepted).toHaveLength(4);
  });
});
