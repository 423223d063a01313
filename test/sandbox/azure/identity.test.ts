import { Identity } from '../../../sandbox/azure/identity.ts';

const start = 1_790_000_000_000;
const arm = 'https://management.azure.com';

function endpoint(now = () => start) {
  const identity = new Identity({ lifetimeMs: 3_600_000, now });
  const ask = (query: string, headers: Record<string, string> = { 'x-identity-header': identity.header }) =>
    identity.handle({
      method: 'GET',
      origin: 'http://127.0.0.1',
      url: new URL(`http://127.0.0.1/msi/token${query}`),
      headers,
      body: undefined,
    });
  const token = (resource: string) =>
    (ask(`?api-version=2019-08-01&resource=${resource}`).body as { access_token: string }).access_token;
  return { identity, ask, token };
}

describe('the emulated managed identity', () => {
  it('gives a token that looks like Entra’s, and says when it ends', () => {
    const { ask } = endpoint();
    const { body } = ask(`?api-version=2019-08-01&resource=${arm}/`);
    expect(body).toMatchObject({ token_type: 'Bearer', resource: `${arm}/`, expires_on: '1790003600' });
    const [, claims = ''] = (body as { access_token: string }).access_token.split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      aud: `${arm}/`,
      exp: 1_790_003_600,
    });
  });

  it.each([
    ['without its header', `?api-version=2019-08-01&resource=${arm}`, {}, 401],
    ['with a wrong header', `?api-version=2019-08-01&resource=${arm}`, { 'x-identity-header': 'guess' }, 401],
    ['without a resource', '?api-version=2019-08-01', undefined, 400],
    ['in another version', `?api-version=2017-09-01&resource=${arm}`, undefined, 400],
  ])('refuses a request %s', (_, query, headers, status) => {
    expect(endpoint().ask(query, headers)).toMatchObject({ status, body: { message: expect.any(String) } });
  });

  it('knows its tokens, and those of another emulator in this process', () => {
    expect(endpoint().identity.check(endpoint().token(arm), [arm])).toBeUndefined();
  });

  it('takes no token with changed claims', () => {
    const { identity, token } = endpoint();
    const [head, claims = '', signature] = token(arm).split('.');
    const later = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('1790003600', '1890003600')).toString(
      'base64url',
    );
    expect(identity.check(`${head}.${later}.${signature}`, [arm])).toMatchObject({
      code: 'InvalidAuthenticationToken',
    });
  });

  it('takes a token until it ends, and only for what it was made', () => {
    let now = start;
    const { identity, token } = endpoint(() => now);
    const made = token(arm);
    expect(identity.check(made, ['https://cosmos.azure.com'])).toMatchObject({
      code: 'InvalidAuthenticationTokenAudience',
    });
    now += 3_599_999;
    expect(identity.check(made, [arm])).toBeUndefined();
    now += 1;
    expect(identity.check(made, [arm])).toMatchObject({ code: 'ExpiredAuthenticationToken' });
  });
});
