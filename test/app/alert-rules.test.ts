import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('alert rules as declared state', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const ana = () => world.slack.as('U0ANA');

  it('are compared, made and mended after approval, and taken back as they were', async () => {
    const before = world.azure.configuration();
    await ana().command(incidents, 'alerts check');
    const check = await world.sees(/declared alert rules are not as declared/, { to: 'U0ANA' });
    expect(wordsOf(check)).toContain('Traffic-Manager-Endpoint-Down');
    expect(wordsOf(check)).toContain('*KPI-Error-Rate*');
    expect(wordsOf(check)).toContain('*Container-Apps-High-Memory*');

    await ana().command(incidents, 'alerts sync because the estate must be watched');
    const { ts, runId } = await world.card('Sync');
    await world.slack.as('U0BEN').command(incidents, 'alerts sync because I see that too');
    await world.sees(`${runId} is open on the whole estate already`, { to: 'U0BEN' });
    await world.press('U0BEN', ts, 'run_approve');
    await world.sees(/Done: Sync \d+ alert rules/, { withinMs: 40_000 });
    await ana().command(incidents, 'alerts check');
    await world.sees(/✅ All \d+ declared alert rules are in Azure as declared/, { to: 'U0ANA' });

    await ana().command(incidents, `undo ${runId}`);
    const back = await world.card(`Take back ${runId}`);
    await world.press('U0BEN', back.ts, 'run_approve');
    await world.sees(new RegExp(`Done: Take back ${runId}`), { withinMs: 40_000 });
    expect(world.azure.configuration()).toEqual(before);
  });
});
