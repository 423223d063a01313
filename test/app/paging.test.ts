import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('paging, from Slack to PagerDuty and back', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const ana = () => world.slack.as('U0ANA');
  const pagerIncident = (words: string) => world.pager.incidents.find(({ summary }) => summary.includes(words));

  it('wakes the on-call for a P1, and an acknowledgement there is one here', async () => {
    await ana().command(incidents, 'incident declare "Card payments time out" P1');
    await world.until(() => pagerIncident('Card payments time out') !== undefined, 'a page in PagerDuty');
    const page = pagerIncident('Card payments time out');
    expect(page).toMatchObject({ assignees: ['Ana Ruiz'], triggers: 1, status: 'triggered' });
    world.pager.as('PUBEN02').acknowledge(page?.id ?? '');
    await world.sees(/<@U0BEN>/);
    await world.pager.replayWebhook();

    await world.slack.as('U0BEN').command(incidents, 'incident resolve i-1');
    await world.until(() => pagerIncident('Card payments time out')?.status === 'resolved', 'the end in PagerDuty');
    expect(world.pager.incidents).toHaveLength(1);
  });

  it('shows who is on call, pages whom one chooses, and shows what becomes of it', async () => {
    await ana().command(incidents, 'oncall');
    await world.sees('Platform', { to: 'U0ANA' });
    await ana().command(incidents, 'page databases the registry answers slowly because its disk is full');
    // The card of the incident before says “Paged through PagerDuty.” as well.
    await world.until(() => pagerIncident('the registry answers slowly') !== undefined, 'the page in PagerDuty');
    await world.sees(/the registry answers slowly[\s\S]*Paged through PagerDuty\./);
    const page = pagerIncident('the registry answers slowly');
    expect(page).toMatchObject({ assignees: ['Eva Brandt'], policy: 'Databases' });
    world.pager.as('PUEVA05').acknowledge(page?.id ?? '');
    await world.sees('Acknowledged in PagerDuty by Eva Brandt.');
  });
});
