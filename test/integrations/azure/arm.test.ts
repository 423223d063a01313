import { createArm, ownUrl } from '../../../src/integrations/azure/arm.ts';
import { gatewayId, never, type ScriptedAzure, startScriptedAzure } from './scripted-azure.ts';

const scopes: unknown[] = [];
const credential = {
  getToken: async (scope: string | string[]) => {
    scopes.push(scope);
    return { token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};

describe('arm', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  it('sends and receives JSON as it is, with a token for this cloud', async () => {
    const body = { zones: ['1'], properties: { later: { a: 1.0, b: null } } };
    azure.tell({ body, headers: { 'x-anything': 'yes' } });
    const answer = await createArm(azure.url, credential).send(
      { method: 'PUT', path: gatewayId, apiVersion: '2024-05-01', body, etag: 'W/"1"' },
      never,
    );
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.header('X-Anything')).toBe('yes');
    expect(azure.asked[0]).toMatchObject({ body: JSON.stringify(body), headers: { 'if-match': 'W/"1"' } });
    expect(scopes.flat()).toContain(`${azure.url}/.default`);
  });

  it('gives each request an id that Azure’s support can find', async () => {
    azure.tell({});
    await createArm(azure.url, credential).send({ method: 'GET', path: gatewayId, apiVersion: '2024-05-01' }, never);
    expect(azure.asked[0]?.headers['x-ms-client-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('throws Azure’s code and words', async () => {
    azure.tell({ status: 409, body: { error: { code: 'Busy', message: 'Wait.' } } });
    const request = createArm(azure.url, credential).send(
      { method: 'DELETE', path: gatewayId, apiVersion: '2024-05-01' },
      never,
    );
    await expect(request).rejects.toMatchObject({ statusCode: 409, code: 'Busy', message: 'Wait.' });
  });
});

describe('ownUrl', () => {
  it('knows its own host alone', () => {
    const origin = 'https://management.azure.com';
    expect(ownUrl(`${origin}/a?b=c`, origin).href).toBe(`${origin}/a?b=c`);
    for (const url of [
      'http://management.azure.com/',
      'https://management.azure.com:444/',
      'https://x@management.azure.com/',
      '/relative',
    ]) {
      expect(() => ownUrl(url, origin)).toThrow('another host');
    }
  });
});
