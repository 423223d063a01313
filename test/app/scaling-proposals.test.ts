import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { buttonOf, openScalingWorld, type ScalingWorld, slotMs } from '../support/scaling-world.ts';
import { type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(120_000);
const cell = 'cell-banking';

/** From the load in the simulated estate to replicas that serve it, all of it over HTTP. */
describe('a scaling that Stamps proposes', () => {
  let scaling: ScalingWorld;
  let world: World;
  let database: ScalingWorld['database'];

  beforeAll(async () => {
    scaling = await openScalingWorld();
    ({ world, database } = scaling);
  });
  afterAll(() => scaling.stop());

  const replicas = () => world.cell(cell)?.replicas;
  const proposals = async () =>
    (
      await database.query<{ id: string; state: string; direction: string }>(
        // At a busy hour of the day other cells get theirs too.
        `select id, state, direction from stamps.scaling_proposals where cell = $1 and direction in ('out', 'in')
         order by created_at`,
        [cell],
      )
    ).rows;

  it('comes of a load that rises, becomes one run however often it is clicked, and gives the cell replicas', async () => {
    world.azure.faults.setDemand(cell, 2);
    // The first window that is all of it.
    world.pass(slotMs);
    await scaling.window();
    const proposal = await scaling.card(/📈 Scale out cell-banking to \d+ replicas\?/);
    const picture = ((proposal.blocks ?? []) as { type: string; slack_file?: { id: string } }[]).find(
      ({ type }) => type === 'image',
    );
    expect(world.slack.file(picture?.slack_file?.id ?? '')?.type).toBe('image/png');
    const wanted = Number(/to (\d+) replicas/.exec(wordsOf(proposal))?.[1]);
    expect(wanted).toBeGreaterThan(6);

    // A double click, and another person at the same moment.
    await Promise.all(['U0ANA', 'U0ANA', 'U0BEN'].map((person) => scaling.press(person, proposal, 'scaling_propose')));
    await scaling.card(/▶️ `r-\d+` was asked for/);
    const { rows } = await database.query<{ id: string; requester_id: string }>(
      `select id, requester_id from stamps.runs where playbook = 'scale-cell'`,
    );
    expect(rows).toHaveLength(1);
    const [run] = rows;
    const runCard = await scaling.card(`(${run?.id})`);
    const asks = () =>
      scaling
        .messages()
        .findLast((one) => [one.ts, one.threadTs].includes(runCard.ts) && buttonOf(one, 'run_approve') !== undefined);
    await world.until(() => asks() !== undefined, 'who approves');
    const approval = asks() as SlackMessage;
    await scaling.press(run?.requester_id ?? '', approval, 'run_approve');
    expect(await world.state(run?.id ?? '')).toBe('waiting');
    expect(replicas()).toBe(6);
    await scaling.press(run?.requester_id === 'U0BEN' ? 'U0DANA' : 'U0BEN', approval, 'run_approve');
    await world.until(async () => (await world.state(run?.id ?? '')) === 'succeeded', 'it is done', 40_000);
    await scaling.card(`✅ The cell was scaled by \`${run?.id}\``);
    await world.until(() => replicas() === wanted, `${wanted} replicas`);
    expect(await proposals()).toMatchObject([{ state: 'done' }]);
  });

  it('is not made again within the cool-down, however high the load', async () => {
    world.azure.faults.setDemand(cell, 6);
    await scaling.window();
    expect(await proposals()).toHaveLength(1);
  });

  it('comes of a low load too, not below the floor that a person set, and is declined with a reason', async () => {
    world.azure.faults.setDemand(cell, 0.2);
    // Windows that began before; the cell is still left alone.
    await scaling.window();
    await scaling.window();
    await database.query(`update stamps.runs set finished_at = finished_at - interval '1 hour'`);
    const [run] = (await database.query<{ id: string }>(`select id from stamps.runs limit 1`)).rows;
    await database.query(`insert into stamps.scaling_floors (cell, replicas, run_id) values ($1, 5, $2)`, [
      cell,
      run?.id,
    ]);
    await scaling.window({ cell, percent: 9 });
    await scaling.window({ cell, percent: 9 });
    const proposal = await scaling.card(/📉 Scale in cell-banking to \d+ replicas\?/);
    expect(Number(/to (\d+) replicas/.exec(wordsOf(proposal))?.[1])).toBeGreaterThanOrEqual(5);
    const ana = world.slack.as('U0ANA');
    const { viewId } = await opened('U0ANA', proposal, 'scaling_dismiss');
    await ana.submit(viewId, { reason: 'tenants come back at noon' });
    const settled = await scaling.card('tenants come back at noon');
    expect(buttonOf(settled, 'scaling_propose')).toBeUndefined();
    expect((await proposals()).map(({ direction, state }) => `${direction} ${state}`)).toEqual([
      'out done',
      'in dismissed',
    ]);
    // The card as it was is still on somebody's screen.
    await scaling.press('U0BEN', proposal, 'scaling_propose');
    await world.until(
      () => scaling.messages().some((one) => one.ephemeralTo === 'U0BEN' && wordsOf(one).includes('is settled')),
      'that it is settled',
    );
    expect((await database.query('select 1 from stamps.runs')).rows).toHaveLength(1);
  });

  async function opened(person: string, message: SlackMessage, actionId: string): Promise<{ viewId: string }> {
    await scaling.press(person, message, actionId);
    const view = () => world.slack.snapshot().views.findLast(({ userId }) => userId === person);
    await world.until(() => view() !== undefined, 'a form');
    return { viewId: view()?.id ?? '' };
  }
});
