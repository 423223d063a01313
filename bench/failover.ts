import { Resolver } from 'node:dns/promises';
import { get } from 'node:https';
import { parse } from 'yaml';
import { incidents, openBenchWorld } from './bench-world.ts';
import { shown } from './percentile.ts';

const clientCount = 30;
const everyMs = 1_000;

export interface FailoverResult {
  /** From the region's loss to the command, to the end of the run. */
  readonly commandedAfterMs: number;
  readonly endedAfterMs: number;
  /** From the loss until half and until all clients got answers and could write again. */
  readonly halfMs: number;
  readonly lastMs: number;
  readonly sent: number;
  readonly failed: number;
}

/**
 * A lost region, failed over from Slack with the sandbox's durations: gateways and data layers that take 3 s, answers of
 * DNS that live 30 s. Thirty clients resolve, keep the answer as long as it lives, and call once a second. A call is
 * good when the region answers and SQL takes writes in a region that is there.
 */
export async function benchFailover(): Promise<FailoverResult> {
  const world = await openBenchWorld({ gatewayDelayMs: 3_000, replicaDelayMs: 1_500 });
  const estate = parse(world.azure.estateFile) as {
    publicHost: string;
    dnsServers: string[];
    regions: { name: string; endpoint: string; probe: string }[];
  };
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers(estate.dnsServers);
  const good: { client: number; at: number; ok: boolean }[] = [];
  const stop = new AbortController();

  async function client(nth: number): Promise<void> {
    let cached: { target: string; until: number } | undefined;
    await pause((nth * everyMs) / clientCount);
    while (!stop.signal.aborted) {
      const began = performance.now();
      if (!cached || cached.until < began) {
        const [target = ''] = await resolver.resolveCname(estate.publicHost).catch(() => []);
        // Who has asked for long asks at any time within the answer's life.
        const life = cached ? 30_000 : (30_000 * nth) / clientCount;
        cached = { target, until: began + life };
      }
      const region = estate.regions.find(({ name }) => cached?.target.startsWith(`${name}.`));
      const answered = region !== undefined && (await answers(region.probe, world.azure.ca));
      const writable = world.azure.snapshot().regions.some(({ lost, writes }) => !lost && writes.includes('SQL'));
      good.push({ client: nth, at: performance.now(), ok: answered && writable });
      await pause(everyMs - (performance.now() - began));
    }
  }
  const pause = (ms: number) => new Promise<void>((over) => setTimeout(over, Math.max(0, ms)));

  try {
    await world.startApp();
    const clients = Array.from({ length: clientCount }, (_, nth) => client(nth));
    await pause(5_000);
    const lostAt = performance.now();
    world.azure.faults.failRegion('eastus');
    await pause(2_000);
    const commandedAt = performance.now();
    await world.slack
      .as('U0ANA')
      .command(incidents, 'failover eastus to westus accepting loss because the region is lost');
    const title = 'Fail over eastus to westus';
    await world.approve(title, 'U0BEN', () => undefined, 'U0DANA');
    await world.until(() => world.messages().some(({ text }) => text.startsWith(`Done: ${title}`)), 'its end', 180_000);
    const endedAt = performance.now();
    await pause(5_000);
    stop.abort();
    await Promise.all(clients);
    const after = good.filter(({ at, ok }) => at >= lostAt && at <= endedAt && !ok);
    const backs = Array.from({ length: clientCount }, (_, nth) => {
      const last = good.filter(({ client, at, ok }) => client === nth && at >= lostAt && !ok).at(-1)?.at ?? lostAt;
      return last - lostAt + everyMs;
    }).sort((a, b) => a - b);
    return {
      commandedAfterMs: commandedAt - lostAt,
      endedAfterMs: endedAt - lostAt,
      halfMs: backs[Math.floor(clientCount / 2)] ?? 0,
      lastMs: backs.at(-1) ?? 0,
      sent: good.filter(({ at }) => at >= lostAt && at <= endedAt).length,
      failed: after.length,
    };
  } finally {
    stop.abort();
    await world.close();
  }
}

/** One call, on a connection of its own. */
function answers(url: string, ca: string): Promise<boolean> {
  return new Promise((told) => {
    const request = get(url, { ca, agent: false, timeout: everyMs }, (response) => {
      response.resume();
      told(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => told(false));
  });
}

export function failoverLine({ commandedAfterMs, endedAfterMs, halfMs, lastMs, sent, failed }: FailoverResult): string {
  return `a lost region, asked for after ${shown(commandedAfterMs)}, done after ${shown(endedAfterMs)}: half of ${clientCount} clients served again after ${shown(halfMs)}, the last after ${shown(lastMs)}; ${failed} of ${sent} requests failed meanwhile (${((100 * failed) / sent).toFixed(1)} %)`;
}
