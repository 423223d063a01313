import type { Estate } from '../../../src/domain/estate.ts';
import { OpsError } from '../../../src/errors.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import {
  never,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  type Told,
  workspaceId,
} from './scripted-azure.ts';

const from = Date.parse('2026-05-04T09:55:00Z');
const to = Date.parse('2026-05-04T10:00:00Z');
const columns = [
  { name: 'app', type: 'string' },
  { name: 'value', type: 'real' },
  { name: 'at', type: 'datetime' },
];
const table = (...rows: unknown[][]) => ({ tables: [{ name: 'PrimaryResult', columns, rows }] });

describe('logs', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const query = (more: { kql?: string; bind?: Record<string, string> } = {}) =>
    azure.client({ clock: steppingClock() }).logs.query({ kql: 'AppRequests', from, to, ...more }, never);

  it('asks the workspace over the window, with the time that it may take', async () => {
    azure.tell({ body: table() });
    await expect(query({ bind: { app: 'a"b' } })).resolves.toEqual({ rows: [] });
    const [asked] = azure.asked;
    expect(asked?.path).toBe(`/v1/workspaces/${workspaceId}/query`);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      query: 'let app = "a\\u0022b";\nAppRequests',
      timespan: '2026-05-04T09:55:00.000Z/2026-05-04T10:00:00.000Z',
    });
    expect(asked?.headers.prefer).toBe('wait=8');
    expect(asked?.headers['content-type']).toContain('application/json');
  });

  it('gives rows by column; what is no number is null, never 0', async () => {
    azure.tell({ body: table(['app-a', 12.5, '2026-05-04T09:55:00Z'], ['app-b', 'NaN', null], ['app-c', null, null]) });
    const { rows } = await query();
    expect(rows).toEqual([
      { app: 'app-a', value: 12.5, at: '2026-05-04T09:55:00.000Z' },
      { app: 'app-b', value: null, at: null },
      { app: 'app-c', value: null, at: null },
    ]);
  });

  it('says that Azure gave a part only', async () => {
    azure.tell({
      body: { ...table(['app-a', 1, null]), error: { code: 'PartialError', message: 'There were some errors.' } },
    });
    await expect(query()).resolves.toMatchObject({ rows: [{ app: 'app-a' }], partial: 'There were some errors.' });
  });

  const semantic = {
    error: {
      code: 'BadArgumentError',
      message: 'The request had some invalid properties',
      innererror: {
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: {
          code: 'SEM0100',
          message: "'where' operator: Failed to resolve table or column expression named 'AppRequests'",
        },
      },
    },
  };
  it.each<[Told, string, string]>([
    [{ status: 400, body: semantic }, 'not-found', 'AppRequests'],
    [{ status: 504, body: { error: { code: 'GatewayTimeout', message: 'Too slow.' } } }, 'timeout', 'in time'],
    [
      { status: 429, headers: { 'retry-after': '60' }, body: { error: { code: 'ThrottledError' } } },
      'throttled',
      'too many',
    ],
    [{ status: 403, body: { error: { code: 'InsufficientAccessError', message: 'No.' } } }, 'not-allowed', ''],
    [{ status: 404, body: { error: { code: 'WorkspaceNotFoundError', message: 'Gone.' } } }, 'not-found', ''],
    [{ status: 400, body: { error: { code: 'BadArgumentError', message: 'Wrong.' } } }, 'bad-input', ''],
    [{ body: '' }, 'bad-response', ''],
    [{ status: 503 }, 'unavailable', ''],
    [{ status: 502, body: '<html>no</html>' }, 'unavailable', ''],
    [{ body: { tables: [{ name: 'x' }] } }, 'bad-response', ''],
  ])('tells that %j is %s', async (told, code, says) => {
    azure.tell(told);
    const error = await query().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpsError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it('asks five questions at a time, and all of them in the end', async () => {
    let open = 0;
    let most = 0;
    const logs = azure.client().logs;
    azure.tell(() => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
      });
      return { body: table() };
    });
    await Promise.all(Array.from({ length: 30 }, () => logs.query({ kql: 'AppRequests', from, to }, never)));
    expect(azure.asked).toHaveLength(30);
    expect(most).toBeLessThanOrEqual(5);
  });

  it('without a workspace says what to set', async () => {
    const { logs } = createAzure({
      estate: { tenants: { endpoint: azure.url, database: 'd', container: 'c' } } as Estate,
      logsUrl: azure.url,
      credential: { getToken: async () => null },
      clock: steppingClock(),
    });
    await expect(logs.query({ kql: 'AppRequests', from, to }, never)).rejects.toMatchObject({
      code: 'misconfigured',
      hint: expect.stringContaining('logsWorkspaceId'),
    });
  });
});
