import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { base64url, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Authenticate, createAuthenticate } from '../../src/alerts/authenticate.ts';
import { Secret } from '../../src/secret.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

const request = (headers: Record<string, string>, url = '/alerts/azure-monitor') =>
  ({ headers, url }) as unknown as IncomingMessage;

describe('a shared secret', () => {
  const authenticate = createAuthenticate({ secret: new Secret('correct horse battery') }, createFakeClock().clock);

  it('is taken in the address, which is all that an action group can set', async () => {
    const given = request({}, '/alerts/azure-monitor?secret=correct%20horse%20battery');
    await expect(authenticate(given, 'azure-monitor')).resolves.toBeUndefined();
  });

  it.each([
    ['nothing', request({})],
    ['another', request({}, '/alerts/azure-monitor?secret=correct')],
    ['a longer one', request({}, '/alerts/azure-monitor?secret=correct%20horse%20battery%20')],
    [
      'another as a bearer token beside the right one',
      request({ authorization: 'Bearer x' }, '/a?secret=correct%20horse%20battery'),
    ],
  ])('refuses %s', async (_, given) => {
    await expect(authenticate(given, 'azure-monitor')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('lets nobody post when none is set', async () => {
    await expect(createAuthenticate(undefined, createFakeClock().clock)(request({}), 'generic')).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });
});

describe('an Entra token', () => {
  const tenant = '11111111-2222-4333-8444-555555555555';
  const audience = '99999999-2222-4333-8444-555555555555';
  const appId = '461e8683-5575-4561-ac7f-899cc907d62a';
  const clock = createFakeClock().clock;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let others: Awaited<ReturnType<typeof generateKeyPair>>;
  let server: Server;
  let authorityUrl: string;
  let authenticate: Authenticate;

  beforeAll(async () => {
    keys = await generateKeyPair('RS256', { extractable: true });
    others = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig' };
    server = createServer((asked, response) =>
      asked.url === `/${tenant}/discovery/v2.0/keys`
        ? response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
        : response.writeHead(404).end(),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    authorityUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    authenticate = createAuthenticate({ audience: `api://${audience}`, entraTenantId: tenant, authorityUrl }, clock);
  });
  afterAll(() => new Promise((closed) => server.close(closed)));

  const seconds = () => Math.floor(clock.now() / 1000);
  const good = () => ({
    iss: `https://sts.windows.net/${tenant}/`,
    aud: `api://${audience}`,
    tid: tenant,
    appid: appId,
    ver: '1.0',
    roles: ['ActionGroupsSecureWebhook'],
    iat: seconds(),
    nbf: seconds(),
    exp: seconds() + 3_600,
  });
  const signed = (claims: Record<string, unknown>, key = keys.privateKey, header = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
  const post = (token: string, poster: 'azure-monitor' | 'generic' = 'azure-monitor') =>
    authenticate(request({ authorization: `Bearer ${token}` }), poster);

  it('is taken in both versions', async () => {
    await expect(post(await signed(good()))).resolves.toBeUndefined();
    const { appid, ...rest } = good();
    const second = { ...rest, azp: appid, ver: '2.0', aud: audience, iss: `${authorityUrl}${tenant}/v2.0` };
    await expect(post(await signed(second))).resolves.toBeUndefined();
  });

  it('is taken from another application for what is not Azure, with a role of its own', async () => {
    const token = await signed({ ...good(), appid: 'another', roles: ['Alerts.Post'] });
    await expect(post(token, 'generic')).resolves.toBeUndefined();
    await expect(post(token)).rejects.toMatchObject({ code: 'not-allowed' });
    await expect(post(await signed(good()), 'generic')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it.each<[string, (claims: ReturnType<typeof good>) => Record<string, unknown>]>([
    ['another audience', (claims) => ({ ...claims, aud: 'api://other' })],
    ['no audience', ({ aud: _, ...claims }) => claims],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://sts.windows.net/other/' })],
    ['another directory', (claims) => ({ ...claims, tid: '00000000-2222-4333-8444-555555555555' })],
    ['no directory', ({ tid: _, ...claims }) => claims],
    ['another application', (claims) => ({ ...claims, appid: '00000000-0000-4000-8000-000000000000' })],
    ['no application', ({ appid: _, ...claims }) => claims],
    ['an application in the other version’s claim', ({ appid, ...claims }) => ({ ...claims, azp: appid })],
    ['no role', ({ roles: _, ...claims }) => claims],
    ['another role', (claims) => ({ ...claims, roles: ['Reader'] })],
    ['a role that is text', (claims) => ({ ...claims, roles: 'ActionGroupsSecureWebhook' })],
    ['an end in the past', (claims) => ({ ...claims, exp: seconds() - 61 })],
    ['no end', ({ exp: _, ...claims }) => claims],
    ['a beginning in the future', (claims) => ({ ...claims, nbf: seconds() + 61 })],
  ])('is refused with %s', async (_, change) => {
    await expect(post(await signed(change(good())))).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('is refused when it is unsigned, signed by others, by another algorithm, or no token', async () => {
    const claims = good();
    const unsigned = `${base64url.encode('{"alg":"none"}')}.${base64url.encode(JSON.stringify(claims))}.`;
    const jwk = await exportJWK(keys.publicKey);
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)));
    const right = await signed(claims);
    for (const token of [
      unsigned,
      confused,
      await signed(claims, others.privateKey),
      await signed(claims, others.privateKey, { kid: 'k2' }),
      await signed(claims, others.privateKey, { jwk: await exportJWK(others.publicKey) }),
      `${right.slice(0, -4)}AAAA`,
      'x',
      'a.b.c',
    ]) {
      await expect(post(token)).rejects.toMatchObject({ code: 'not-allowed' });
    }
    await expect(authenticate(request({}), 'azure-monitor')).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('can’t be judged while the keys can’t be had', async () => {
    const alone = createAuthenticate(
      { audience, entraTenantId: tenant, authorityUrl: `${authorityUrl}nowhere` },
      clock,
    );
    const token = await signed(good());
    await expect(alone(request({ authorization: `Bearer ${token}` }), 'azure-monitor')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
