import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { createAlerts } from '../../src/alerts/create-alerts.ts';
import type { Database } from '../../src/engine/database.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Secret } from '../../src/secret.ts';
import { azureAlert } from '../support/azure-alerts.ts';
import { quiet } from '../support/engine-harness.ts';
import { incidentContext, twoRegions } from '../support/incident-world.ts';
import { newDatabase } from '../support/test-database.ts';

const url = '/alerts/azure-monitor?secret=a-secret-of-the-test';

describe('a burst of alerts', () => {
  let database: Database;
  beforeAll(async () => {
    database = await newDatabase();
  });
  afterAll(() => database.close());

  it('lets its senders go first: a P0 is looked at meanwhile, the rest after them, or after five seconds', async () => {
    let [stuck, looking, now] = [false, false, 0];
    const left = async () =>
      (await database.query<{ n: number }>('select count(*) as n from stamps.alerts where handled_at is null'))[0]?.n;
    const leftAfter = new Map<number, number | undefined>();
    /** Time passes only from look to look. */
    const clock: Clock = {
      now: () => now,
      async sleep(ms) {
        if (!looking || ms !== 250) return new Promise(() => undefined);
        now += 100;
        leftAfter.set(now, await left());
      },
    };
    const stopper = new AbortController();
    const { routes, loops } = createAlerts({
      incidents: incidentContext(database),
      // PostgreSQL stores nothing once it is stuck, so that senders wait.
      intake: {
        ...database,
        query: (sql, params) => (stuck ? new Promise(() => undefined) : database.query(sql, params)),
      },
      tenants: undefined,
      access: { secret: new Secret('a-secret-of-the-test') },
      clock,
      logger: quiet,
      stopping: stopper.signal,
    });
    const answers: string[] = [];
    const post = (id: string, target: string) => {
      const body = JSON.stringify(azureAlert({ id, targets: [target], firedDateTime: new Date().toISOString() }));
      const request = Object.assign(Readable.from([Buffer.from(body)]), {
        url,
        headers: {},
        socket: {},
        complete: true,
      });
      const response = { writeHead: () => response, end: (says: string) => answers.push(says) };
      routes[0]?.handler(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    };
    const [region] = twoRegions.regions;
    post('p1', region?.gatewayId ?? '');
    post('p0', twoRegions.trafficManagerId);
    while (answers.length < 2) await turn();
    stuck = true;
    for (let n = 0; n < 60; n += 1) post(`later-${n}`, `thing-${n}`);
    for (let n = 0; n < 20; n += 1) await turn();

    looking = true;
    await loops.find(({ name }) => name === 'correlator')?.work();
    expect(leftAfter.get(3_000)).toBe(1);
    expect(await left()).toBe(0);
    expect(now).toBeLessThan(8_000);
    stopper.abort();
  });
});
