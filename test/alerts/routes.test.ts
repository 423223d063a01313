import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAlerts } from '../../src/alerts/create-alerts.ts';
import { type Database, openDatabase } from '../../src/engine/database.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { UnreadAlertsDesk } from '../../src/ports/unread-alerts.ts';
import { Secret } from '../../src/secret.ts';
import { azureAlert } from '../support/azure-alerts.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { quiet } from '../support/engine-harness.ts';
import { incidentContext } from '../support/incident-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

describe('POST /alerts', () => {
  let proxy: CuttableProxy;
  let database: Database;
  let server: Server;
  let url: string;
  let unread: UnreadAlertsDesk;
  const stopper = new AbortController();
  /** What the clock is ahead, so that nobody waits for the hold. */
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };

  beforeAll(async () => {
    proxy = await startCuttableProxy(await newDatabaseUrl());
    database = await openDatabase(proxy.url);
    const { routes, unread: desk } = createAlerts({
      incidents: incidentContext(database),
      tenants: undefined,
      access: { secret: new Secret('a-secret-of-the-test') },
      clock,
      logger: quiet,
      stopping: stopper.signal,
    });
    unread = desk;
    server = createServer((request, response) =>
      routes.find(({ path }) => path === request.url?.split('?')[0])?.handler(request, response),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
  });
  afterAll(async () => {
    stopper.abort();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await database.close();
    await proxy.close();
  });

  async function post(body: string, path = 'azure-monitor', secret = 'a-secret-of-the-test') {
    const response = await fetch(`${url}/${path}?secret=${secret}`, { method: 'POST', body });
    return { status: response.status, says: await response.text() };
  }
  const alert = (id: string, more = {}) => JSON.stringify(azureAlert({ id, ...more }));
  const stored = (like: string) =>
    database.query<{ key: string; alert: { description: string; rule: string } }>(
      'select key, alert from stamps.alerts where key like $1',
      [`%/${like}|%`],
    );

  it('stores an alert before it answers 200', async () => {
    expect((await post(alert('first'))).status).toBe(200);
    expect(await stored('first')).toHaveLength(1);
  });

  it('stores a repeated delivery once and answers 200 each time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(alert('again'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await stored('again')).toHaveLength(1);
  });

  it('stores all that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(alert(`many-${n}`))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await stored('many-%')).toHaveLength(200);
  });

  it('takes 256 KB, and keeps of it what people can use', async () => {
    expect((await post(alert('huge', { description: 'x'.repeat(256_000) }))).status).toBe(200);
    expect((await stored('huge'))[0]?.alert.description).toHaveLength(4_000);
  });

  it('keeps hostile text as it came', async () => {
    expect((await post(alert('hostile', { rule: `<!channel> '; drop table "x" \0` }))).status).toBe(200);
    expect((await stored('hostile'))[0]?.alert.rule).toBe(`<!channel> '; drop table "x" `);
  });

  it.each([
    ['a wrong secret', alert('x'), 'azure-monitor', 'guessed', 401],
    ['no JSON', '{', 'azure-monitor', undefined, 400],
    ['nothing', '', 'azure-monitor', undefined, 400],
    ['another schema', '{"schemaId":"AzureMonitorMetricAlert"}', 'azure-monitor', undefined, 400],
    ['ten thousand brackets', '['.repeat(10_000), 'generic', undefined, 400],
    ['more than a million bytes', `"${'x'.repeat(1_100_000)}"`, 'azure-monitor', undefined, 413],
  ])('refuses %s, so that it is not sent again', async (_, body, path, secret, status) => {
    expect((await post(body, path, secret)).status).toBe(status);
  });

  it('keeps what it could not read as it came, and says so in the channel once an hour', async () => {
    await database.query('delete from stamps.unread_alerts');
    const wrong = JSON.stringify({ ...azureAlert({ id: 'unread' }), schemaId: `<!channel> \0` });
    for (const body of ['{', '{', wrong]) expect((await post(body)).status).toBe(400);
    expect(await unread.groups()).toMatchObject([
      { poster: 'azure-monitor', says: expect.stringContaining('common alert schema'), times: 1 },
      { poster: 'azure-monitor', says: expect.stringContaining('not JSON'), times: 2 },
    ]);
    const [newest] = await unread.groups();
    expect(await unread.one(newest?.newest ?? 0)).toMatchObject({ bytes: Buffer.byteLength(wrong), body: wrong });
    const hours = await database.query(
      `select distinct date_trunc('hour', at) from stamps.unread_alerts where poster = 'azure-monitor'`,
    );
    const told = await database.query(`select 1 from stamps.messages where key like 'unread-alerts:azure-monitor:%'`);
    expect(told).toHaveLength(hours.length);
    await expect(unread.one(987_654)).rejects.toThrow('There is no unread alert 987654');
  });

  it('keeps the newest thousand that it could not read', async () => {
    await database.query(
      `insert into stamps.unread_alerts (poster, says, bytes, body) select 'generic', 'many', 1, '{' from generate_series(1, 1500)`,
    );
    await post('{');
    expect(await database.query('select count(*)::int as kept from stamps.unread_alerts')).toEqual([{ kept: 1_000 }]);
  });

  it('keeps nothing of who may not post', async () => {
    await database.query('delete from stamps.unread_alerts');
    expect((await post('{', 'generic', 'guessed')).status).toBe(401);
    expect(await unread.groups()).toEqual([]);
  });

  it('holds an alert while the database is away, and stores it when it is back', async () => {
    proxy.cut();
    const answer = post(alert('held'));
    while (proxy.refused === 0) await systemClock.sleep(5);
    proxy.mend();
    expect((await answer).status).toBe(200);
    expect(await stored('held')).toHaveLength(1);
  });

  it('answers 504, never 429 or 503, when the database stays away, and takes the repeat', async () => {
    proxy.cut();
    const { refused } = proxy;
    const answer = post(alert('late'));
    while (proxy.refused === refused) await systemClock.sleep(5);
    aheadMs += 8_000;
    expect(await answer).toMatchObject({ status: 504 });
    // What cannot be kept now is asked for again, readable or not.
    expect(await post('{')).toMatchObject({ status: 504 });
    proxy.mend();
    expect((await post(alert('late'))).status).toBe(200);
    expect(await stored('late')).toHaveLength(1);
  });
});
