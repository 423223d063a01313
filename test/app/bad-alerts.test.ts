import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { type AzureAlertOptions, azureAlert } from '../support/azure-alerts.ts';
import { faultsOfMessage, faultsOfView } from '../support/block-limits.ts';
import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(60_000);

const markup = '<!channel> <https://evil.example|ok> `*~_ &lt;!here&gt; \u202Egnp.exe @here <@U0BEN>\n> *✅ Resolved*';
/** What Azure writes from a list of its own: anything else there is another alert, or none. */
const closed = new Set(['schemaId', 'monitorCondition', 'severity', 'firedDateTime', 'resolvedDateTime', 'signalType']);

/** The same with markup behind every text, however deep. */
function marked(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return closed.has(key) ? value : `${value} ${markup}`;
  if (Array.isArray(value)) return value.map((one) => marked(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, marked(one, name)]));
}

describe('alerts as nobody should send them, over HTTP to the channel', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const post = async (body: object): Promise<number> => {
    const hook = `http://127.0.0.1:${world.app.port}/alerts/azure-monitor?secret=${world.azure.alerts.secret}`;
    return (await fetch(hook, { method: 'POST', body: JSON.stringify(body) })).status;
  };
  const now = () => new Date().toISOString();
  const about = (name: string) => `/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/${name}`;
  const fires = (name: string, more: AzureAlertOptions = {}) =>
    azureAlert({ id: name, rule: `Rule of ${name}`, targets: [about(name)], firedDateTime: now(), ...more });
  const cardOf = (name: string) => world.messages().find((one) => !one.threadTs && wordsOf(one).includes(name));
  const everywhere = (): SlackMessage[] => world.slack.snapshot().channels.flatMap(({ messages }) => [...messages]);
  const live = () =>
    everywhere()
      .filter(({ userId }) => userId === world.slack.snapshot().botUserId)
      .flatMap(({ text, blocks = [] }) => faultsOfMessage({ text, blocks }));

  it('markup in every field is dead on the card, in the lists and in the details', async () => {
    const dimensions = [{ name: 'Pool', value: 'a' }];
    const link = { linkToSearchResultsUI: 'https://portal.azure.com' };
    const measured = { metricName: 'M', metricNamespace: 'N', operator: 'GreaterThan', timeAggregation: 'Average' };
    const allOf = [{ ...measured, ...link, threshold: '1', metricValue: 2, dimensions }];
    const body = fires('marked', { description: 'What it says', alertContext: { condition: { allOf } } });
    expect(await post(marked(body) as object)).toBe(200);
    await world.sees('Rule of marked');
    await world.slack.as('U0ANA').command(incidents, 'incidents');
    await world.sees('One open incident', { to: 'U0ANA' });
    await world.slack.as('U0ANA').command(incidents, 'incident');
    await world.until(() => world.slack.snapshot().views.length > 0, 'the details');
    expect(world.slack.snapshot().views.flatMap(({ view }) => faultsOfView(view))).toEqual([]);
    expect(live()).toEqual([]);
  });

  it('256 KB of it are one card that says the beginning', async () => {
    const targets = Array.from({ length: 900 }, (_, n) => about(`huge-${n}`));
    const body = fires('huge', { description: 'x'.repeat(180_000), targets });
    expect(JSON.stringify(body).length).toBeGreaterThan(240_000);
    expect(await post(body)).toBe(200);
    await world.sees('Rule of huge');
    expect(live()).toEqual([]);
  });

  it('what comes again, in another order, or from a clock that is wrong is shown once and as it is', async () => {
    const firedDateTime = '2001-01-01T00:00:00Z';
    const late = fires('late', { firedDateTime });
    expect(await Promise.all([late, late, late].map(post))).toEqual([200, 200, 200]);
    await world.sees('Rule of late');
    const ended = (name: string) =>
      fires(name, { condition: 'Resolved', firedDateTime, resolvedDateTime: '2999-01-01T00:00:00Z' });
    // Its end comes before it.
    expect(await post(ended('early'))).toBe(200);
    expect(await post(ended('late'))).toBe(200);
    expect(await post(fires('early', { firedDateTime }))).toBe(200);
    await world.until(() => wordsOf(cardOf('Rule of late') as SlackMessage).includes('1 alert, over'), 'the end of it');
    expect(cardOf('Rule of early')).toBeUndefined();
  });

  it('what is no alert gets its clear answer, and the next one is taken', async () => {
    const hook = `http://127.0.0.1:${world.app.port}/alerts/azure-monitor?secret=${world.azure.alerts.secret}`;
    const answer = await fetch(hook, { method: 'POST', body: '{"schemaId":"azureMonitorCommonAlertSchema","data":7}' });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('Turn on the common alert schema'),
    ]);
    expect(await post(fires('next'))).toBe(200);
    await world.sees('Rule of next');
  });
});
