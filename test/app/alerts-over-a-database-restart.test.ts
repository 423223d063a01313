import { systemClock } from '../../src/ports/clock.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startWorld, type World } from '../support/start-world.ts';
import { newDatabaseUrl } from '../support/test-database.ts';

jest.setTimeout(60_000);

describe('alerts while the database restarts', () => {
  let proxy: CuttableProxy;
  let world: World;
  beforeAll(async () => {
    proxy = await startCuttableProxy(await newDatabaseUrl());
    world = await startWorld({ alertMinuteMs: 40, databaseUrl: proxy.url });
  });
  afterAll(async () => {
    await world.stop();
    await proxy.close();
  });

  it('are held, stored when it is back, and shown: Azure hears only that they were taken', async () => {
    proxy.cut();
    const { refused } = proxy;
    world.azure.faults.failCell('cell-banking');
    await world.until(() => world.azure.alerts.snapshot().notified.posting === 1, 'Azure posts');
    while (proxy.refused < refused + 3) await systemClock.sleep(10);
    proxy.mend();
    const card = await world.sees('cell-banking-Health-Alert');
    expect(card.text).toContain('🟡 P2');
    await world.until(() => world.azure.alerts.snapshot().notified.accepted === 1, 'Azure has its 200');
    expect(world.messages().filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  });
});
