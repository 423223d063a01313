import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchWorld, incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

/** Incidents that are acknowledged and resolved in PagerDuty, each webhook twice and out of order. */
const synced = 10;
const seed = 15;

/**
 * Row R15: PagerDuty answers 429 for so many seconds while an incident of P1 opens; how late the page is once it may
 * go, and whether people saw that it waited. Then duplicate and reordered webhooks of ten incidents.
 */
export async function benchPagerDuty(seconds: number): Promise<string> {
  const world = await openBenchWorld();
  try {
    await world.startApp();
    const page = await throttledPage(world, seconds);
    const { once, over } = await shuffledWebhooks(world);
    const keys = new Set(world.pager.incidents.map(({ dedupKey }) => dedupKey));
    return [
      `429 for ${seconds} s: shown on the card after ${(page.shownMs / 1000).toFixed(1)} s`,
      `page out ${(page.lateMs / 1000).toFixed(1)} s after PagerDuty takes it again, ${page.triggers} trigger`,
      `${world.pager.incidents.length} incidents of ${keys.size} keys`,
      `webhooks twice and shuffled (seed ${seed}): ${over} of ${synced} resolved in Slack, ${once} of them said so once`,
    ].join('; ');
  } finally {
    await world.close();
  }
}

const declare = (world: BenchWorld, title: string) =>
  world.slack.as('U0ANA').command(incidents, `incident declare "${title}" P1`);

async function throttledPage(world: BenchWorld, seconds: number) {
  world.pager.throttling(true);
  const began = performance.now();
  await declare(world, 'Throttled from the start');
  await world.until(
    () => world.messages().some((message) => wordsOf(message).includes('not through yet')),
    'a card that says that the page waits',
  );
  const shownMs = performance.now() - began;
  await sleep(Math.max(0, seconds * 1_000 - shownMs));
  world.pager.throttling(false);
  const free = performance.now();
  const found = await world.until(() => world.pager.incidents[0], 'the page', 180_000);
  return { shownMs, lateMs: performance.now() - free, triggers: found.triggers };
}

async function shuffledWebhooks(world: BenchWorld): Promise<{ once: number; over: number }> {
  const random = seededRandom(seed);
  const titles = Array.from({ length: synced }, (_, n) => `Synced number ${n}`);
  for (const title of titles) await declare(world, title);
  const paged = (title: string) => world.pager.incidents.find(({ summary }) => summary.endsWith(title));
  await world.until(() => titles.every((title) => paged(title) !== undefined), 'ten pages', 120_000);
  await world.pager.webhooks.idle();
  world.pager.webhooks.hold();
  for (const title of titles) {
    const id = paged(title)?.id ?? '';
    world.pager.as('PUBEN02').acknowledge(id);
    world.pager.as('PUBEN02').resolve(id);
  }
  world.pager.webhooks.release((waiting) =>
    [...waiting, ...waiting]
      .map((one) => ({ one, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one),
  );
  await world.pager.webhooks.idle();
  const card = (title: string) =>
    world.messages().find((one) => !one.threadTs && !one.ephemeralTo && wordsOf(one).includes(title))?.ts;
  const ends = (title: string) =>
    world.messages().filter((one) => one.threadTs === card(title) && /Resolved by/.test(wordsOf(one))).length;
  // Slack takes one post a second and channel.
  await world.until(() => titles.every((title) => ends(title) > 0), 'ten ends in Slack', 120_000);
  await sleep(5_000);
  return {
    over: titles.filter((title) => ends(title) > 0).length,
    once: titles.filter((title) => ends(title) === 1).length,
  };
}
