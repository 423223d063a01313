import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('telling customers, from Slack to the public page', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const ana = () => world.slack.as('U0ANA');
  const form = () => world.slack.snapshot().views.find(({ userId }) => userId === 'U0ANA');
  const page = () => world.statuspage.snapshot();

  /** Opens a form as somebody does, and hands it in with what stands in it. */
  async function submitForm(open: () => Promise<unknown>, changes: Record<string, string> = {}): Promise<void> {
    await open();
    await world.until(() => form() !== undefined, 'the form');
    const view = form();
    const blocks = (view?.view.blocks ?? []) as {
      block_id?: string;
      element?: { initial_value?: string; initial_option?: { value: string } };
    }[];
    const values = blocks.flatMap(({ block_id, element }) =>
      block_id && element ? [[block_id, element.initial_value ?? element.initial_option?.value ?? ''] as const] : [],
    );
    expect((await ana().submit(view?.id ?? '', { ...Object.fromEntries(values), ...changes })).status).toBe(200);
  }

  it('drafts, publishes, loses an answer, updates and says the last words on one incident', async () => {
    await ana().command(incidents, 'incident declare "Card payments time out" P1 in cell-banking');
    await world.sees('Card payments time out');
    world.statuspage.loseAnswers(1);
    await submitForm(() => ana().command(incidents, 'statuspage draft'));
    await world.sees('Customers were told (investigating)');
    expect(page().incidents).toMatchObject([{ name: 'Problems with Banking', impact: 'major', updates: [{}] }]);
    expect(page().components).toContainEqual({ id: 'bnk7c1d2e3f4', name: 'Banking', status: 'partial_outage' });

    await submitForm(() => ana().command(incidents, 'statuspage update i-1'), {
      status: 'identified',
      body: 'The bank’s side is slow; we are working around it.',
    });
    await world.sees('Customers were told (identified)');

    await ana().command(incidents, 'incident resolve i-1');
    const request = await world.sees('customers still read “identified”');
    await submitForm(() => ana().act(incidents, request.ts, 'statuspage_resolve', 'i-1'));
    await world.sees('Customers were told (resolved)');
    expect(page().incidents).toMatchObject([{ status: 'resolved', updates: [{}, {}, {}] }]);
    expect(page().components).toContainEqual({ id: 'bnk7c1d2e3f4', name: 'Banking', status: 'operational' });
  });
});
