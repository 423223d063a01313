import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

describe('an incident that somebody declares', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const paged = (id: string) => world.pager.incidents.find(({ dedupKey }) => dedupKey === `stamps/${id}`)?.status;
  const cardOf = (id: string) =>
    world
      .messages()
      .find(
        (message) => message.threadTs === undefined && !message.ephemeralTo && wordsOf(message).includes(`\`${id}\`  `),
      );

  const shown = (id: string) => {
    const card = cardOf(id);
    return card ? wordsOf(card) : '';
  };

  it('is a card, pages, is taken by a click and resolved in its thread, and PagerDuty follows', async () => {
    const [ana, ben] = [world.slack.as('U0ANA'), world.slack.as('U0BEN')];
    await ana.command(incidents, 'incident declare "Card payments time out" P1 in cell-banking');
    const { ts } = await world.sees('Nobody has acknowledged it');
    await world.until(() => paged('i-1') === 'triggered', 'a page');

    await ben.act(incidents, ts, 'incident_acknowledge', 'i-1');
    await world.sees('You have', { to: 'U0BEN' });
    await world.until(() => shown('i-1').includes('<@U0BEN> has it'), 'a card that says who has it');
    await world.until(() => paged('i-1') === 'acknowledged', 'PagerDuty to know');

    await ben.act(incidents, ts, 'incident_severity', 'i-1:P2');
    await world.until(() => shown('i-1').includes('🟡 P2 · Card payments'), 'a card of P2');

    await ana.say(incidents, '@stamps note the bank restarted its side', ts);
    await world.sees('Noted in the timeline', { to: 'U0ANA' });
    await ana.say(incidents, '@stamps resolve', ts);
    await world.until(() => paged('i-1') === 'resolved', 'PagerDuty to know the end');
    await world.until(() => shown('i-1').includes('✅ Resolved'), 'a card that is resolved');
    // The card goes first.
    await world.sees('Resolved by <@U0ANA>.');
    // One card all the while; what people must notice stands in its thread.
    expect(world.messages().filter((message) => message.threadTs === undefined && !message.ephemeralTo)).toHaveLength(
      1,
    );
    const thread = world
      .messages()
      .filter(({ threadTs, userId, ephemeralTo }) => threadTs === ts && userId === 'U0STAMPS' && !ephemeralTo);
    expect(thread.map(({ text }) => text)).toEqual(['Acknowledged by <@U0BEN>.', 'Resolved by <@U0ANA>.']);
  });

  it('opens the isolation filled in, and shows its run on the card', async () => {
    const ben = world.slack.as('U0BEN');
    await ben.command(incidents, 'incident declare "Baskets lose items" P2 in cell-retail');
    await world.sees('Baskets lose items');
    await world.until(() => cardOf('i-2') !== undefined, 'a second card');
    await ben.act(incidents, cardOf('i-2')?.ts ?? '', 'incident_isolate', 'i-2');
    await world.until(() => world.slack.snapshot().views.length === 1, 'the form');
    const [view] = world.slack.snapshot().views;
    expect(JSON.stringify(view?.view)).toContain('"initial_value":"i-2: Baskets lose items"');
    await ben.submit(view?.id ?? '', { cell: 'cell-retail', for: '4h', reason: 'i-2: Baskets lose items' });
    await world.card('Isolate cell-retail');
    await world.until(() => shown('i-2').includes('Waiting for approval'), 'the run on the card');
  });

  it('is assigned by name, and asked about once its cell is out of service', async () => {
    const ben = world.slack.as('U0BEN');
    await ben.command(incidents, 'incident assign i-2 @ben');
    await world.until(() => shown('i-2').includes('it is assigned to <@U0BEN>'), 'whose it is');
    const run = await world.card('Isolate cell-retail');
    await world.press('U0ANA', run.ts, 'run_approve');
    const asked = await world.sees('Is the harm over?');
    expect(asked.threadTs).toBe(cardOf('i-2')?.ts);
    await ben.act(incidents, asked.ts, 'incident_mitigated', `i-2 ${/\S+(?= is done)/.exec(asked.text)?.[0]}`);
    await world.sees('says that the harm is over');
    await world.slack.as('U0ANA').act(incidents, asked.threadTs ?? '', 'incident_acknowledge', 'i-2');
    await world.until(() => shown('i-2').includes('mitigated at'), 'a card that says so');
    expect(shown('i-2')).toContain('✅ Done');
    expect(shown('i-2')).not.toContain('*Fits:*');
  });

  it('gets a channel of its own at P0, with whom the policy names, and its card there', async () => {
    await world.slack.as('U0BEN').command(incidents, 'incident declare "Nobody can sign in" P0');
    const own = () => world.slack.snapshot().channels.find(({ name }) => name === 'inc-3-nobody-can-sign-in');
    await world.until(() => (own()?.messages.length ?? 0) > 0, 'its card in a channel of its own');
    expect(own()).toMatchObject({
      members: ['U0STAMPS', 'U0ANA', 'U0DANA', 'U0BEN'],
      topic: 'P0 i-3: Nobody can sign in',
    });
    await world.until(() => shown('i-3').includes(`<#${own()?.id}>`), 'the card to lead there');
    await world.slack.as('U0DANA').command(own()?.id ?? '', 'incident ack');
    await world.until(
      () => own()?.messages.some((one) => wordsOf(one).includes('<@U0DANA> has it')) ?? false,
      'both cards to follow',
    );
  });

  it('keeps a pinned message, and makes a document of it all, as a canvas or as a file', async () => {
    const ben = world.slack.as('U0BEN');
    const { ts = '' } = cardOf('i-2') ?? {};
    await ben.say(incidents, 'baskets are empty since 03:05', ts);
    const said = world.messages().find(({ text }) => text.startsWith('baskets are empty'));
    await ben.pin(incidents, said?.ts ?? '');
    await world.sees('part of the timeline', { to: 'U0BEN' });

    await ben.command(incidents, 'postmortem i-2');
    await world.sees('is being made', { to: 'U0BEN' });
    const answer = await world.sees('is a <http');
    const url = /<(http[^|]+)\|canvas>/.exec(wordsOf(answer))?.[1] ?? '';
    expect(answer.threadTs).toBe(ts);
    const canvas = await (await fetch(url)).text();
    expect(canvas).toContain('· message · `baskets are empty since 03:05` — `Ben Okafor`');
    expect(canvas).toContain('### r-1: isolate-cell');

    world.slack.allowCanvases(false);
    await ben.command(incidents, 'postmortem i-2');
    await world.sees('is a file in this thread');
    const file = world.messages().find(({ threadTs, files }) => threadTs === ts && files?.length);
    expect(file?.files?.[0]?.name).toMatch(/^postmortem-i-2-[0-9a-f]{12}\.md$/);
  });

  it('takes nothing from a guest or a stranger, whatever the way', async () => {
    const before = shown('i-2');
    const { ts = '' } = cardOf('i-2') ?? {};
    for (const who of ['U0GUS', 'U0SAM', 'U0ROB']) {
      const hands = world.slack.as(who);
      await hands.command(incidents, 'incident declare "Everything fails" P0');
      await hands.command(incidents, 'incident resolve i-2');
      await hands.act(incidents, ts, 'incident_acknowledge', 'i-2');
      await hands.act(incidents, ts, 'incident_severity', 'i-2:P0');
      await hands.say(incidents, '@stamps ack', ts);
      await world.until(
        () => world.messages().filter(({ ephemeralTo }) => ephemeralTo === who).length >= 5,
        `five refusals for ${who}`,
      );
    }
    expect(shown('i-2')).toBe(before);
    expect(cardOf('i-4')).toBeUndefined();
  });
});

describe('an incident that alerts open', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ alertMinuteMs: 40 });
  });
  afterAll(() => world.stop());

  const card = () =>
    world
      .messages()
      .find((message) => message.threadTs === undefined && !message.ephemeralTo && wordsOf(message).includes('`i-1`'));
  const shown = () => {
    const found = card();
    return found ? wordsOf(found) : '';
  };

  it('is one card with the evidence, who is hurt and what changed, is taken, isolated from, and resolved', async () => {
    world.azure.faults.setRevision('cell-banking', 'app-cell-banking--v41', false);
    world.azure.faults.setRevision('cell-banking', 'app-cell-banking--v41', true);
    world.azure.faults.failCell('cell-banking');
    await world.until(() => shown().includes('cell-banking-Health-Alert'), 'a card with its alert');
    await world.until(() => /\*Tenants: \d+\*/.test(shown()), 'who is hurt');
    await world.until(() => shown().includes('What changed there lately'), 'what somebody changed by hand before');
    expect(shown()).toContain('*Where:* cell-banking, eastus');
    expect(shown()).toContain('*Fits:* isolate cell-banking');
    const { ts = '' } = card() ?? {};

    const ana = world.slack.as('U0ANA');
    await ana.act(incidents, ts, 'incident_acknowledge', 'i-1');
    await world.until(() => shown().includes('<@U0ANA> has it'), 'a card that says who has it');
    world.azure.faults.healCell('cell-banking');
    await world.until(() => shown().includes(', over'), 'the end of its alerts');
    await ana.act(incidents, ts, 'incident_resolve', 'i-1');
    await world.until(() => shown().includes('✅ Resolved'), 'a resolved card');
    expect(world.messages().filter((message) => message.threadTs === undefined && !message.ephemeralTo)).toHaveLength(
      1,
    );
  });

  it('stands in App Home while it is open', async () => {
    await world.slack.as('U0BEN').command(incidents, 'incident declare "Baskets lose items" P2 in cell-retail');
    await world.until(() => world.messages().some((one) => wordsOf(one).includes('Baskets lose items')), 'its card');
    const ana = world.slack.as('U0ANA');
    await ana.openHome();
    const home = () => JSON.stringify(world.slack.snapshot().homes.U0ANA ?? {});
    await world.until(() => home().includes('Baskets lose items'), 'the incident in App Home');
    await ana.actInView('home', 'incident_acknowledge', 'i-2');
    await world.until(() => home().includes('<@U0ANA> has it'), 'App Home to follow');
  });
});
