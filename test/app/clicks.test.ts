import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(120_000);

const why = 'because card payments time out';

describe('clicks that must not count, or count once', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  async function asked(cell: string) {
    const card = await world.ask('U0ANA', `isolate ${cell} for 4h ${why}`);
    return { ...card, approve: await world.button(card.ts, 'run_approve') };
  }
  const click = (person: string, { ts, value }: { ts: string; value: string }) =>
    world.slack.as(person).act(incidents, ts, 'run_approve', value);

  it('the requester, a guest, a stranger, and whoever left the group a minute ago are told why not', async () => {
    const run = await asked('cell-banking');
    await click('U0ANA', run.approve);
    await world.sees(/somebody else must decide/, { to: 'U0ANA' });
    await click('U0GUS', run.approve);
    await world.sees(/Guests may not use Stamps/, { to: 'U0GUS' });
    await click('U0SAM', run.approve);
    await world.sees(/members of its own workspace only/, { to: 'U0SAM' });

    await world.slack.as('U0BEN').command(incidents, 'status');
    await world.sees('cell-banking', { to: 'U0BEN' });
    const engineers = world.slack.snapshot().groups.find(({ id }) => id === 'S0SRE')?.users ?? [];
    world.slack.setGroup(
      'S0SRE',
      engineers.filter((id) => id !== 'U0BEN'),
    );
    await click('U0BEN', run.approve);
    await world.sees(/managers|sre/, { to: 'U0BEN' });
    world.slack.setGroup('S0SRE', engineers);
    expect(world.azure.accepted).toEqual([]);

    await world.slack.as('U0ANA').command(incidents, `isolate cell-banking ${why}`);
    await world.sees(`${run.runId} is open on cell-banking already`, { to: 'U0ANA' });

    await world.slack.as('U0ANA').command(incidents, `cancel ${run.runId}`);
    await world.sees('Cancelled by');
    await click('U0BEN', run.approve);
    await world.sees('no longer waits for approval: it is cancelled', { to: 'U0BEN' });
    expect(world.azure.accepted).toEqual([]);
  });

  it('after the plan expired', async () => {
    const run = await asked('cell-banking');
    await world.expire(run.runId);
    await click('U0BEN', run.approve);
    await world.sees(/ran out|it is expired/, { to: 'U0BEN' });
    expect(world.azure.accepted).toEqual([]);
  });

  it('an old card after the world has drifted: its plan is not the one that is asked for now', async () => {
    const run = await asked('cell-retail');
    // Somebody adds a backend by hand between the plan and its approval.
    world.azure.faults.setPool('cell-retail', ['cell-retail', '10.9.9.9']);
    await click('U0BEN', run.approve);
    await world.sees(/Changed since the plan/);
    const renewed = await world.button(run.ts, 'run_approve', { not: run.approve.value });
    await click('U0CHLOE', run.approve);
    await world.sees(/The plan has changed since you saw it/, { to: 'U0CHLOE' });

    await click('U0CHLOE', renewed);
    await world.sees('Done: Isolate cell-retail');
    expect(world.cell('cell-retail')?.servedBy).toEqual(['cell-retail-dr']);

    // The way back is what the new plan found, the backend added by hand included.
    const restore = await world.ask('U0ANA', 'restore cell-retail');
    await world.press('U0BEN', restore.ts, 'run_approve');
    await world.sees('Done: Restore cell-retail');
    expect(world.cell('cell-retail')?.servedBy).toContain('10.9.9.9');
  });

  it('twice, and two people at once: one run', async () => {
    const run = await asked('cell-banking');
    const before = world.azure.accepted.length;
    await Promise.all([click('U0BEN', run.approve), click('U0BEN', run.approve), click('U0CHLOE', run.approve)]);
    await world.sees('Done: Isolate cell-banking');
    const accepted = world.azure.accepted.slice(before);
    expect(accepted).toHaveLength(3);
    expect(accepted.every(({ changed }) => changed)).toBe(true);
  });
});
