import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('Azure’s alerts in the incident channel', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ alertMinuteMs: 40 });
  });
  afterAll(() => world.stop());

  const cards = () => world.messages().filter((one) => one.threadTs === undefined && one.ephemeralTo === undefined);

  it('become one card that grows with the trouble, says who is hurt and why it grew', async () => {
    world.azure.faults.failCell('cell-banking');
    const card = await world.sees('cell-banking-Health-Alert');
    expect(card.text).toContain('🟡 P2');
    await world.until(() => /enterprise|startup|smb/i.test(wordsOf(cards()[0] as never)), 'tenants by tier');

    world.azure.faults.failCell('cell-retail');
    await world.until(() => cards()[0]?.text.includes('🟠 P1') === true, 'the card of a region');
    await world.sees('joined because it is in eastus too');
    expect(cards()).toHaveLength(1);

    world.azure.faults.healCell('cell-banking');
    world.azure.faults.healCell('cell-retail');
    await world.until(() => /, all over|, over/.test(wordsOf(cards()[0] as never)), 'the end of its alerts');
  });

  it('are kept silent when somebody says so, and everybody sees it', async () => {
    await world.slack.as('U0ANA').command(incidents, 'silence cell-healthcare for 1h because its app is replaced');
    await world.sees('cell-healthcare* is silent until');
    world.azure.faults.failCell('cell-healthcare');
    await world.until(async () => {
      await world.slack.as('U0ANA').command(incidents, 'silences');
      return world.messages().some((one) => wordsOf(one).includes('1 alert so far'));
    }, 'a silenced alert');
    expect(world.messages().some((one) => wordsOf(one).includes('cell-healthcare-Health-Alert'))).toBe(false);

    await world.slack.as('U0BEN').command(incidents, 'silence end s-1');
    await world.sees('“cell-healthcare-Health-Alert” joined because');
  });
});
