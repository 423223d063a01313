import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production`;
const gateway = `${group}/providers/Microsoft.Network/applicationGateways/agw-stamps`;
const revision = `${group}/providers/Microsoft.App/containerApps/app-cell-banking/revisions/app-cell-banking--v41`;

describe('Azure Resource Manager, emulated', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    azure = await startRunningAzure({ now: () => now, tokenLifetimeMs: 3_600_000 });
    arm = await armOf(azure);
  });
  afterEach(() => azure.close());

  it.each([
    ['no token', {}, 'AuthenticationFailed'],
    ['a word', { authorization: 'Bearer word' }, 'InvalidAuthenticationToken'],
    ['a token that was changed', { authorization: 'Bearer e30.e30.AAAA' }, 'InvalidAuthenticationToken'],
  ])('refuses a request with %s', async (_, headers, code) => {
    const answer = await fetch(`${azure.armUrl}${gateway}?api-version=2024-05-01`, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    await expect(answer.json()).resolves.toMatchObject({ error: { code } });
  });

  it('refuses a token for another service', async () => {
    const authorization = `Bearer ${await tokenFor(azure, 'https://vault.azure.net')}`;
    const answer = await arm('GET', gateway, { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'InvalidAuthenticationTokenAudience' } } });
  });

  it('refuses a token after its end', async () => {
    expect((await arm('GET', gateway)).status).toBe(200);
    now += 3_600_000;
    expect(await arm('GET', gateway)).toMatchObject({
      status: 401,
      body: { error: { code: 'ExpiredAuthenticationToken' } },
    });
  });

  it.each([
    ['no api-version', `${gateway}?api-version=`, 400, 'MissingApiVersionParameter'],
    ['an api-version that is no date', `${gateway}?api-version=latest`, 400, 'InvalidApiVersionParameter'],
    [
      'a foreign subscription',
      '/subscriptions/00000000-0000-4000-8000-00000000beef/resourceGroups/g/resources',
      404,
      'SubscriptionNotFound',
    ],
    ['an unknown group', gateway.replace('rg-stamps-production', 'rg-other'), 404, 'ResourceGroupNotFound'],
    ['an unknown type', `${group}/providers/Microsoft.Batch/batchAccounts/batchstamps`, 404, 'InvalidResourceType'],
    ['an unknown name', gateway.replace('agw-stamps', 'agw-other'), 404, 'ResourceNotFound'],
    ['an unknown revision', `${revision}0`, 404, 'RevisionNotFound'],
    ['a path that is no id', '/somewhere', 404, 'InvalidResourceId'],
    [
      'an unknown filter',
      `${group}/resources?api-version=2025-04-01&$filter=name eq 'x'`,
      400,
      'InvalidFilterInQueryString',
    ],
    [
      'an api-version of another shape',
      `${group}/providers/Microsoft.AlertsManagement/actionRules/x?api-version=2019-05-05-preview`,
      400,
      'NoRegisteredProviderFound',
    ],
  ])('answers %s with ARM’s error', async (_, path, status, code) => {
    expect(await arm('GET', path)).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
  });

  it('takes ids in any case of letters', async () => {
    const shouted = gateway.toUpperCase().replace('AGW-STAMPS', 'Agw-Stamps');
    expect((await arm('GET', shouted)).body.id).toBe(gateway);
  });

  it('gives each answer an id, and the caller’s own back', async () => {
    const { headers } = await arm('GET', gateway, { headers: { 'x-ms-client-request-id': 'mine' } });
    expect(headers.get('x-ms-client-request-id')).toBe('mine');
    expect(headers.get('x-ms-request-id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('records each accepted write, whether it changed anything, and who sent it', async () => {
    const headers = { 'x-ms-client-request-id': 'run-1' };
    await arm('POST', `${revision}/deactivate`, { headers });
    await arm('POST', `${revision}/deactivate`, { headers });
    await arm('POST', `${gateway}/backendhealth`);
    await arm('PUT', gateway, { body: {} });
    const write = { at: now, method: 'POST', path: `${revision}/deactivate`, clientRequestId: 'run-1' };
    expect(azure.accepted).toEqual([
      { ...write, changed: true },
      { ...write, changed: false },
    ]);
  });

  it('takes 250 reads at once, then 25 a second', async () => {
    const statuses = async (times: number) => {
      const answers = await Promise.all(Array.from({ length: times }, () => arm('GET', gateway)));
      return answers.map(({ status }) => status);
    };
    expect(new Set(await statuses(250))).toEqual(new Set([200]));
    const refused = await arm('GET', gateway);
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'SubscriptionRequestsThrottled' } } });
    expect(refused.headers.get('retry-after')).toBe('1');
    now += 1_000;
    const after = await statuses(30);
    expect(after.filter((status) => status === 200)).toHaveLength(25);
  });

  it('counts reads and writes apart, and tells what is left', async () => {
    const read = await arm('GET', gateway);
    expect(read.headers.get('x-ms-ratelimit-remaining-subscription-reads')).toBe('249');
    const write = await arm('POST', `${revision}/activate`);
    expect(write.headers.get('x-ms-ratelimit-remaining-subscription-writes')).toBe('199');
  });

  describe('with faults', () => {
    it('throttles the next requests, or only the next writes', async () => {
      azure.faults.throttle(1, 7, true);
      expect((await arm('GET', gateway)).status).toBe(200);
      const refused = await arm('POST', `${revision}/deactivate`);
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
      expect((await arm('POST', `${revision}/deactivate`)).status).toBe(200);
    });

    it('loses the answer to a write that it has done', async () => {
      azure.faults.loseAnswers(1);
      await expect(arm('POST', `${revision}/deactivate`)).rejects.toThrow();
      expect(azure.accepted).toMatchObject([{ changed: true }]);
      expect((await arm('GET', revision)).body.properties.active).toBe(false);
    });

    it('refuses a write with what it is told to, and does nothing', async () => {
      azure.faults.refuseWrites(1, 409, 'ScopeLocked');
      expect(await arm('POST', `${revision}/deactivate`)).toMatchObject({
        status: 409,
        body: { error: { code: 'ScopeLocked' } },
      });
      expect(azure.accepted).toEqual([]);
    });

    it('tells a watcher of each write before and after it is done', async () => {
      const seen: string[] = [];
      azure.watchWrites((phase) => seen.push(`${phase} ${azure.accepted.length}`));
      await arm('POST', `${revision}/deactivate`);
      expect(seen).toEqual(['arrived 0', 'accepted 1']);
    });

    it('says what is wrong on purpose', async () => {
      azure.faults.throttle(3, 1);
      azure.faults.gatewayHangs(true);
      expect(azure.snapshot().trouble).toEqual(['Azure throttles the next 3 requests', 'Gateway updates never end']);
    });
  });
});
