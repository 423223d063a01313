import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, HTTPReceiver } from '@slack/bolt';
import { type BenchWorld, incidents, openBenchWorld } from './bench-world.ts';
import { percentile } from './percentile.ts';

const perSecond = 100;

/** From the scheduled time of a signed command to Slack's 200: the app (request durable before it), and a bare Bolt handler, in turns. */
export async function benchAck(seconds: number): Promise<{ app: number[]; bolt: number[]; failures: number }> {
  const world = await openBenchWorld();
  const receiver = new HTTPReceiver({ signingSecret: world.slack.signingSecret, logLevel: 'error' as never });
  const bare = new App({ receiver, authorize: async () => ({ botToken: 'xoxb-x', botId: 'B', botUserId: 'U' }) });
  bare.command('/stamps', async ({ ack }) => ack());
  const server = (await receiver.start(0)) as unknown as { address(): AddressInfo };
  try {
    await world.startApp();
    const boltUrl = `http://127.0.0.1:${server.address().port}/slack/events`;
    const appUrl = `${world.appUrl}/slack/events`;
    const results = { app: [] as number[], bolt: [] as number[], failures: 0 };
    await load(world, appUrl, 2, [], results);
    await load(world, boltUrl, 2, [], results);
    results.failures = 0;
    await load(world, boltUrl, seconds, results.bolt, results);
    await load(world, appUrl, seconds, results.app, results);
    return results;
  } finally {
    await receiver.stop();
    await world.close();
  }
}

/** Open loop: each command at its time, whatever became of the ones before. The emulated Slack signs it, and takes the answer that comes later. */
async function load(
  { slack }: BenchWorld,
  url: string,
  seconds: number,
  took: number[],
  counts: { failures: number },
): Promise<void> {
  slack.requestUrl = url;
  const ana = slack.as('U0ANA');
  const begun = performance.now();
  const pending: Promise<void>[] = [];
  for (let n = 0; n < seconds * perSecond; n += 1) {
    const due = begun + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    pending.push(
      ana.command(incidents, 'help').then(({ status }) => {
        took.push(performance.now() - due);
        if (status !== 200) counts.failures += 1;
      }),
    );
  }
  await Promise.all(pending);
}

export function ackLine({ app, bolt, failures }: { app: number[]; bolt: number[]; failures: number }): string {
  const ratio = percentile(app, 0.5) / percentile(bolt, 0.5);
  return `durable ack at ${perSecond}/s: p50 ${percentile(app, 0.5).toFixed(2)}, p99 ${percentile(app, 0.99).toFixed(2)} ms; bare Bolt p50 ${percentile(bolt, 0.5).toFixed(2)}, p99 ${percentile(bolt, 0.99).toFixed(2)} ms; ratio of p50 ${ratio.toFixed(2)}; ${failures} not 200, of ${app.length + bolt.length}`;
}
