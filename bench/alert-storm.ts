import { setTimeout as sleep } from 'node:timers/promises';
import { parseEstate } from '../src/domain/estate-file.ts';
import { openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { createAlertPoster, type PostedAlert } from './alert-poster.ts';
import { benchFolder } from './bench-folder.ts';
import { openBenchWorld } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

/** What became of alerts that were posted. */
export interface Poured {
  /** Milliseconds from an alert's time to its answer. */
  readonly took: number[];
  /** How often each status but 200 came; 0: a broken connection. */
  readonly refused: Map<number, number>;
}

/**
 * The app on a database that one can look into, and different alerts to post (seed 1): over the estate's cells and
 * regions, and over resources that nobody knows, of all severities.
 */
export async function openAlertStorm() {
  const folder = await benchFolder();
  const server = await startEmbeddedPostgres(folder);
  const database = await openDatabase(server.url);
  const world = await openBenchWorld({ databaseUrl: server.url, slackLimits: true });
  const poster = createAlertPoster(world.appUrl, world.azure.alerts.secret);
  const estate = parseEstate(world.azure.estateFile);
  const random = seededRandom(1);
  let posted = 0;

  function next(): PostedAlert {
    const n = posted;
    posted += 1;
    const cell = estate.cells[Math.floor(random() * estate.cells.length)];
    const known = [cell?.containerAppId, cell?.sqlDatabaseId, cell?.gatewayId][n % 3] ?? '';
    const target = random() < 0.5 ? known : `/subscriptions/bench/resourceGroups/rg/providers/a/b/thing-${n}`;
    return { id: `storm-${n}`, rule: `Rule ${n % 97}`, severity: Math.floor(random() * 5), target };
  }

  return {
    ...{ world, database, estate },
    post: poster.post,

    /** Open loop: each alert at its time, whatever became of the ones before. */
    async pour(count: number, overMs: number): Promise<Poured> {
      const poured: Poured = { took: [], refused: new Map() };
      const begun = performance.now();
      const pending: Promise<void>[] = [];
      for (let n = 0; n < count; n += 1) {
        const due = begun + (n * overMs) / count;
        const early = due - performance.now();
        if (early > 1) await sleep(early);
        pending.push(
          poster.post(next()).then((status) => {
            poured.took.push(performance.now() - due);
            if (status !== 200) poured.refused.set(status, (poured.refused.get(status) ?? 0) + 1);
          }),
        );
      }
      await Promise.all(pending);
      return poured;
    },

    /** Once nobody has to look at an alert any more, or two minutes have passed. */
    async correlated(): Promise<void> {
      for (const endsAt = Date.now() + 120_000; Date.now() < endsAt; await sleep(500)) {
        const [left] = await database.query<{ n: number }>(
          'select count(*) as n from stamps.alerts where handled_at is null',
        );
        if (left?.n === 0) return;
      }
    },

    async close(): Promise<void> {
      poster.close();
      await world.close();
      await database.close();
      await server.stop();
    },
  };
}

export function refusals({ refused }: Poured): string {
  if (refused.size === 0) return '0 not 200';
  return [...refused]
    .map(([status, count]) => `${count} times ${status === 0 ? 'a broken connection' : status}`)
    .join(', ');
}
