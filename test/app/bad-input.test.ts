import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

const why = 'because card payments time out';

describe('what nobody should have typed', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const forEverybody = () => world.messages().filter(({ ephemeralTo }) => ephemeralTo === undefined).length;

  it.each([
    ['a cell that is not there', `isolate cell-bankin-g ${why}`, 'Did you mean cell-banking'],
    ['a name that several cells have', `isolate cell ${why}`, 'could be cell-banking, cell-retail'],
    ['a quotation mark left open', 'isolate "cell-banking', 'A quotation mark is not closed'],
    ['a name in quotes that nothing has', `isolate "cell banking’s" ${why}`, 'There is no cell “cell banking’s”'],
    ['backticks', `isolate \`cell-banking\` ${why}`, 'There is no cell “ˋcell-bankingˋ”'],
    ['a mention of everybody', `isolate <!channel> ${why}`, 'There is no cell “&lt;!channel&gt;”'],
    ['marks that reverse text', `isolate \u202Egniknab-llec\u202C ${why}`, 'There is no cell “gniknab-llec”'],
    ['marks that nobody sees', `isolate \u200Fcell-banking\u200F ${why}`, 'There are invisible characters in it'],
    ['10 kB of text', `isolate ${'x'.repeat(10_000)}`, '3000 at most'],
    ['a duration that is none', `isolate cell-banking for ever ${why}`, '“ever” is not a duration'],
    ['no time at all', `isolate cell-banking for 0m ${why}`, '0m'],
    ['a duration that is too long', `isolate cell-banking for 400d ${why}`, '400d'],
  ])('%s gets an answer that helps, in private, and asks for nothing', async (_what, text, answer) => {
    const before = forEverybody();
    expect((await world.slack.as('U0ANA').command(incidents, text)).status).toBe(200);
    const said = await world.sees(answer, { to: 'U0ANA' });
    expect(wordsOf(said)).not.toMatch(/<!channel>|\u202E/);
    expect(forEverybody()).toBe(before);
  });

  it('a request that was replayed is one run; forged, old and future ones are turned away', async () => {
    const { runId } = await world.ask('U0ANA', `isolate cell-retail ${why}`);
    const request = world.slack.raw.last();
    if (!request) throw new Error('nothing was sent');
    const send = async ({ url, headers, body }: typeof request) =>
      (await fetch(url, { method: 'POST', headers, body })).status;
    const type = request.headers['content-type'] as string;
    const seconds = Math.floor(Date.now() / 1000);

    expect(await send(request)).toBe(200);
    expect(await send({ ...request, body: `${request.body}&x=1` })).toBe(401);
    expect(await send(world.slack.raw.sign(request.body, type, seconds - 600))).toBe(401);
    expect(await send(world.slack.raw.sign(request.body, type, seconds + 600))).toBe(401);

    // Whatever came after the first is worked on by the time this one is answered.
    await world.slack.as('U0ANA').command(incidents, 'runs');
    const list = await world.sees('*Runs*, newest first', { to: 'U0ANA' });
    expect(new Set(wordsOf(list).match(/\br-\d+\b/g))).toEqual(new Set([runId]));
    expect(world.messages().filter(({ text, threadTs }) => !threadTs && text.endsWith(`(${runId})`))).toHaveLength(1);
  });

  it('an alert that cannot be read is kept, said in the channel once, and shown as it came', async () => {
    const hook = `http://127.0.0.1:${world.app.port}/alerts/azure-monitor?secret=${world.azure.alerts.secret}`;
    const body = JSON.stringify({
      schemaId: 'AzureMonitorMetricAlert',
      data: { context: { name: '<!channel> *high*' } },
    });
    for (let time = 0; time < 2; time += 1) expect((await fetch(hook, { method: 'POST', body })).status).toBe(400);
    await world.sees('An alert from Azure Monitor could not be read');

    await world.slack.as('U0ANA').command(incidents, 'alerts unread');
    const list = wordsOf(await world.sees('2 posted alerts could not be read', { to: 'U0ANA' }));
    const [, number] = /alerts unread (\d+)/.exec(list) ?? [];
    await world.slack.as('U0ANA').command(incidents, `alerts unread ${number}`);
    const one = wordsOf(await world.sees(`Unread alert ${number}`, { to: 'U0ANA' }));
    expect(one).toContain('AzureMonitorMetricAlert');
    await world.slack.as('U0ANA').command(incidents, 'alerts unread 999999');
    await world.sees('There is no unread alert 999999', { to: 'U0ANA' });
  });
});
