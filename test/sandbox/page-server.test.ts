import { request } from 'node:http';
import { type PageServer, startPageServer } from '../../sandbox/page-server.ts';
import { type FakeWorld, fakeWorld } from '../support/page-world.ts';

let world: FakeWorld;
let server: PageServer;

beforeEach(async () => {
  world = fakeWorld();
  server = await startPageServer(world, new Map([['/', { type: 'text/html', body: '<p>page</p>' }]]), 0);
});

afterEach(() => server.close());

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = json) =>
  fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

/** `fetch` sets Host and Origin by itself. */
function statusOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the page server', () => {
  it('serves the page so that it may load nothing from elsewhere', async () => {
    const response = await fetch(`${server.url}/`);
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('answers with the whole state', async () => {
    const state = (await (await fetch(`${server.url}/api/state`)).json()) as object;
    expect(Object.keys(state)).toEqual([
      'slack',
      'estate',
      'writes',
      'alerts',
      'incidents',
      'pagerAccount',
      'publicPage',
      'app',
      'switches',
    ]);
  });

  it('has nothing elsewhere', async () => {
    expect((await fetch(`${server.url}/../package.json`)).status).toBe(404);
  });

  it.each([
    ['command', { do: 'command', as: 'UANA', channel: 'CINC', text: 'help' }, ['CINC', 'help']],
    ['say', { do: 'say', as: 'UANA', channel: 'CINC', text: 'hi', thread: '1' }, ['CINC', 'hi', '1']],
    [
      'act',
      { do: 'act', as: 'UANA', channel: 'CINC', ts: '1', actionId: 'go', value: 'r-1' },
      ['CINC', '1', 'go', 'r-1'],
    ],
    ['actInView', { do: 'act-in-view', as: 'UANA', view: 'home', actionId: 'go' }, ['home', 'go', undefined]],
    ['submit', { do: 'submit', as: 'UANA', view: 'V1', values: { cell: 'x' } }, ['V1', { cell: 'x' }]],
    ['closeView', { do: 'close-view', as: 'UANA', view: 'V1' }, ['V1']],
    ['openHome', { do: 'open-home', as: 'UANA' }, []],
  ])('uses a person’s hands: %s', async (what, body, args) => {
    expect((await post('/api/hands', body)).status).toBe(200);
    expect(world.slack.asked).toEqual([{ as: 'UANA', what, args }]);
  });

  it.each([
    ['failCell', { do: 'fail-cell', cell: 'cell-banking' }, ['cell-banking']],
    ['gatewayHangs', { do: 'gateway-hangs', on: true }, [true]],
    ['throttlingPager', { do: 'pager-throttles', on: true }, [true]],
    ['replayWebhook', { do: 'replay-webhook' }, []],
    ['switchWebhooksOn', { do: 'switch-webhooks-on' }, []],
    ['loseStatuspageAnswers', { do: 'lose-statuspage-answers', times: 1 }, [1]],
    ['throttleStatuspage', { do: 'throttle-statuspage', times: 3, seconds: 5 }, [3, 420, 5]],
    ['setPool', { do: 'set-pool', cell: 'cell-banking', addresses: ['192.0.2.10'] }, ['cell-banking', ['192.0.2.10']]],
    ['gatewayDelay', { do: 'gateway-delay', ms: 30_000 }, [30_000]],
    [
      'setRevision',
      { do: 'set-revision', cell: 'cell-banking', revision: 'v41', active: false },
      ['cell-banking', 'v41', false],
    ],
    ['throttle', { do: 'throttle-azure', times: 3, seconds: 5 }, [3, 5]],
    ['kill', { do: 'kill-bot' }, []],
    ['restart', { do: 'restart-bot' }, []],
  ])('breaks the world: %s', async (what, body, args) => {
    expect((await post('/api/faults', body)).status).toBe(200);
    expect(world.asked).toEqual([{ what, args }]);
  });

  it.each([
    ['throttle', { do: 'throttle-slack', method: 'chat.update', times: 5, seconds: 5 }, ['chat.update', 5, 5]],
    ['down', { do: 'slack-down', on: true }, [true]],
    ['loseAnswers', { do: 'lose-slack-answers', method: 'chat.postMessage', times: 1 }, ['chat.postMessage', 1]],
  ])('breaks Slack: %s', async (what, body, args) => {
    expect((await post('/api/faults', body)).status).toBe(200);
    expect(world.slack.asked).toMatchObject([{ what, args }]);
  });

  it('remembers which switches are on', async () => {
    await post('/api/faults', { do: 'slack-down', on: true });
    const state = (await (await fetch(`${server.url}/api/state`)).json()) as { switches: object };
    expect(state.switches).toMatchObject({ slackDown: true });
  });

  it.each([
    ['an unknown deed', { do: 'format-disk' }, 400],
    ['a missing field', { do: 'fail-cell' }, 400],
    ['a gateway slower than any', { do: 'gateway-delay', ms: 1e12 }, 400],
    ['a throttle without a method', { do: 'throttle-slack', times: 5, seconds: 5 }, 400],
    ['a delay that is no number', { do: 'gateway-delay', ms: '30000' }, 400],
    ['no times', { do: 'throttle-slack', method: 'chat.postMessage', times: 0, seconds: 5 }, 400],
    ['a revision that is neither on nor off', { do: 'set-revision', cell: 'c', revision: 'r', active: 'no' }, 400],
    ['a field too many', { do: 'kill-bot', really: true }, 400],
    ['a text beyond any bound', { do: 'command', as: 'U', channel: 'C', text: 'x'.repeat(300_000) }, 413],
  ])('refuses %s with a sentence', async (_, body, status) => {
    const response = await post('/api/faults', body);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).not.toBe('');
    expect([...world.asked, ...world.slack.asked]).toEqual([]);
  });

  it.each(['throttle-slack', 'lose-slack-answers'])('refuses %s of a method that Slack does not have', async (what) => {
    const fault = { do: what, method: 'chat.postMesage', times: 1, ...(what === 'throttle-slack' && { seconds: 5 }) };
    const response = await post('/api/faults', fault);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: string };
    expect(error).toMatch(/Slack has no method “chat\.postMesage” here\. There are .*chat\.postMessage, chat\.update/);
    expect(world.slack.asked).toEqual([]);
  });

  it('refuses a body that is no JSON', async () => {
    const response = await fetch(`${server.url}/api/faults`, { method: 'POST', headers: json, body: '{' });
    expect(response.status).toBe(400);
  });

  it('gives a file of a message as a download', async () => {
    const file = { id: 'F1', name: 'räume "1".txt', title: 'x', type: 'text/plain', size: 7, text: 'content' };
    world.slack.post('CINC', { ts: '1', userId: 'UBOT', text: '', files: [file] });
    const response = await fetch(`${server.url}/api/files/F1`);
    expect(await response.text()).toBe('content');
    expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''r%C3%A4ume%20%221%22.txt");
    expect((await fetch(`${server.url}/api/files/F2`)).status).toBe(404);
  });

  it('shows a picture as a picture', async () => {
    const file = { id: 'F1', name: 'kpis.png', title: 'x', type: 'image/png', size: 3, text: 'png' };
    world.slack.post('CINC', { ts: '1', userId: 'UBOT', text: '', files: [file] });
    const { headers } = await fetch(`${server.url}/api/files/F1`);
    expect(headers.get('content-type')).toBe('image/png');
    expect(headers.get('content-disposition')).toMatch(/^inline/);
  });
});

describe('the page server, asked by a page elsewhere,', () => {
  it.each([
    ['another host name', '/api/state', { host: 'evil.example' }],
    ['another host name with our port', '/', { host: `evil.example:4600` }],
    ['another origin', '/api/state', { origin: 'https://evil.example' }],
    ['a script of another site', '/api/state', { 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed frame', '/api/state', { origin: 'null' }],
  ])('refuses %s', async (_, path, headers) => {
    expect(await statusOf(path, headers)).toBe(403);
  });

  it('refuses a form post, which needs no permission of the browser', async () => {
    expect((await post('/api/faults', { do: 'kill-bot' }, { 'content-type': 'text/plain' })).status).toBe(403);
    expect(world.asked).toEqual([]);
  });

  it('lets a link lead to the page', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' };
    expect(await statusOf('/', headers)).toBe(200);
  });
});

describe('the events', () => {
  it('carry everything at first, and then only what changed', async () => {
    const response = await fetch(`${server.url}/api/events`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let heard = '';
    const next = async (): Promise<Record<string, unknown>> => {
      while (true) {
        const end = heard.indexOf('\n\n');
        const event = end < 0 ? undefined : heard.slice(0, end);
        if (event !== undefined) heard = heard.slice(end + 2);
        if (event?.startsWith('event: change')) return JSON.parse(event.slice(event.indexOf('data: ') + 6));
        if (event === undefined) heard += decoder.decode((await reader.read()).value, { stream: true });
      }
    };
    expect(Object.keys(await next())).toHaveLength(9);
    for (let count = 0; count < 20; count++) world.slack.post('CINC', { ts: String(count), userId: 'UBEN', text: 'x' });
    const change = await next();
    expect(Object.keys(change)).toEqual(['slack']);
    expect(JSON.stringify(change)).toContain('"ts":"19"');
    world.estate = { ...world.estate, trouble: ['slow'] };
    world.changed();
    expect(Object.keys(await next())).toEqual(['estate']);
    await reader.cancel();
  });
});
