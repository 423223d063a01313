import { setTimeout as sleep } from 'node:timers/promises';
import { createAlertPoster } from './alert-poster.ts';
import { openBenchWorld, wordsOf } from './bench-world.ts';
import { percentile, shown } from './percentile.ts';
import { seededRandom } from './seeded-random.ts';

/** New cards come slower than a storm: the channel has room for 8 a minute. */
const pauseMs = 8_000;

/** From posting an alert to its new card in Slack, one at a time, each about something else. */
export async function benchAlertToCard(rounds: number): Promise<string> {
  const world = await openBenchWorld({ slackLimits: true });
  const poster = createAlertPoster(world.appUrl, world.azure.alerts.secret);
  const random = seededRandom(2);
  const took: number[] = [];
  try {
    await world.startApp();
    for (let round = 0; round < rounds; round += 1) {
      await sleep(pauseMs + random() * 1_000);
      const name = `thing-${round}-of-bench`;
      const began = performance.now();
      await poster.post({
        id: name,
        rule: 'It is slow',
        severity: 1,
        target: `/subscriptions/x/resourceGroups/rg/providers/a/b/${name}`,
      });
      await world.until(
        () => world.messages().some((one) => one.threadTs === undefined && wordsOf(one).includes(name)),
        `the card of ${name}`,
      );
      took.push(performance.now() - began);
    }
    return `alert posted to its card in Slack, no storm: p50 ${shown(percentile(took, 0.5))}, p99 ${shown(percentile(took, 0.99))}, ${took.length} alerts`;
  } finally {
    poster.close();
    await world.close();
  }
}
