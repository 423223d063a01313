import { Estate } from '../../../../sandbox/azure/estate.ts';
import { AzureMonitor } from '../../../../sandbox/azure/monitor/azure-monitor.ts';

interface Essentials {
  readonly alertId: string;
  readonly severity: string;
  readonly monitorCondition: string;
  readonly alertTargetIDs: readonly string[];
}

async function flooded(seed: number) {
  const estate = new Estate({ now: () => 1_790_000_000_000, seed: 1, replicaDelayMs: 0 });
  const told: Essentials[] = [];
  const contexts: unknown[] = [];
  let open = 0;
  let mostOpen = 0;
  const monitor = new AzureMonitor(estate, {
    minuteMs: 60_000,
    wait: async () => undefined,
    send: async (_, body) => {
      open += 1;
      mostOpen = Math.max(mostOpen, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      const { data } = JSON.parse(body);
      told.push(data.essentials);
      contexts.push(data.alertContext.condition.allOf);
      return 200;
    },
  });
  monitor.postTo('http://127.0.0.1:9/');
  await monitor.flood(1_000, 0, seed);
  return { told, contexts, monitor, mostOpen: () => mostOpen };
}

describe('a flood of alerts', () => {
  it('posts as many different alerts as were asked for, with what matters in the middle', async () => {
    const { told, monitor, mostOpen } = await flooded(1);
    expect(new Set(told.map(({ alertId }) => alertId)).size).toBe(1_000);
    expect(told.filter(({ severity }) => severity === 'Sev0')).toMatchObject([
      { alertTargetIDs: [expect.stringMatching(/trafficmanagerprofiles\/tm-stamps$/)] },
    ]);
    expect(new Set(told.map(({ alertTargetIDs }) => alertTargetIDs[0])).size).toBe(4);
    expect(monitor.snapshot()).toMatchObject({ firing: 1_000, toPost: 0, notified: { accepted: 1_000 } });
    expect(monitor.snapshot().newest).toHaveLength(25);
    expect(mostOpen()).toBeLessThanOrEqual(256);
  });

  it('is the same for the same seed, another for another', async () => {
    const [one, same, other] = await Promise.all([flooded(1), flooded(1), flooded(2)]);
    expect(same?.contexts).toEqual(one?.contexts);
    expect(other?.contexts).not.toEqual(one?.contexts);
  });

  it('is over when it is told so, once for each alert', async () => {
    const { told, monitor } = await flooded(1);
    await monitor.resolveFlood();
    await monitor.resolveFlood();
    expect(told).toHaveLength(2_000);
    const [fired, resolved] = [told.slice(0, 1_000), told.slice(1_000)].map((some) =>
      some.map(({ alertId }) => alertId).sort(),
    );
    expect(resolved).toEqual(fired);
    expect(told.slice(1_000).every(({ monitorCondition }) => monitorCondition === 'Resolved')).toBe(true);
    expect(monitor.snapshot()).toMatchObject({ firing: 0, total: 1_000 });
  });
});
