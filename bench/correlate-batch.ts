import { readFile } from 'node:fs/promises';
import { createAlertWriter } from '../src/alerts/alert-writer.ts';
import { correlateBatch } from '../src/alerts/correlate-batch.ts';
import type { IncidentContext } from '../src/alerts/incident-context.ts';
import { createIncidentPresenter } from '../src/blocks/incident-presenter.ts';
import type { Alert } from '../src/domain/alert.ts';
import { createPlaceFinder } from '../src/domain/find-place.ts';
import { parsePolicy } from '../src/domain/policy-file.ts';
import { type Database, openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { systemClock } from '../src/ports/clock.ts';
import { benchFolder } from './bench-folder.ts';
import { bigEstate } from './big-estate.ts';
import { percentile, shown } from './percentile.ts';
import { seededRandom } from './seeded-random.ts';

const openAlerts = 1_000;
const batch = 250;

/**
 * The whole of correlation with its database: what the alert may belong to is read and locked, incident, timeline,
 * audit and card are written, all committed. One alert alone in its transaction, and a full batch, by alert; once with
 * (nearly) every open alert an incident of its own, once with all of them in the regions' incidents (seed 3).
 */
export async function benchCorrelateBatch(rounds: number): Promise<string> {
  const lines = [await measure(rounds, 4), await measure(rounds, 1)];
  return `correlation of one alert with its database, ${openAlerts} open alerts, 10,000 cells: ${lines.join('; ')}; ${rounds} alerts alone, then ${rounds / 10} batches of ${batch}`;
}

async function measure(rounds: number, severity: Alert['azureSeverity']): Promise<string> {
  const folder = await benchFolder();
  const server = await startEmbeddedPostgres(folder);
  const database = await openDatabase(server.url);
  const stopper = new AbortController();
  try {
    const estate = bigEstate();
    const policy = parsePolicy(await readFile('sandbox/policy.yml', 'utf8'));
    const context: IncidentContext = {
      database,
      estate,
      policy,
      presenter: createIncidentPresenter(),
      statusPage: false,
    };
    const writer = createAlertWriter(database, policy.incidents.correlateWithinMs, systemClock, stopper.signal);
    const placeOf = createPlaceFinder(estate);
    const random = seededRandom(3);
    let made = 0;
    const alert = (azureSeverity: Alert['azureSeverity']): Alert => {
      const target = estate.cells[Math.floor(random() * estate.cells.length)]?.containerAppId ?? '';
      made += 1;
      return {
        key: `k-${made}`,
        instance: `k-${made}`,
        kind: 'metric',
        condition: 'fired',
        rule: 'r',
        description: 'Something is not as it should be.',
        azureSeverity,
        firedAt: new Date().toISOString(),
        resources: [target],
        place: placeOf({ resources: [target] }),
      };
    };
    const look = () => database.transaction((tx) => correlateBatch(tx, context));
    const store = async (count: number, of: () => Alert) => {
      await Promise.all(Array.from({ length: count }, () => writer.store(of())));
      await makeRoom(database);
    };

    // Few at a time, so that no storm gathers them.
    for (let n = 0; n < openAlerts; n += 8) {
      await store(8, () => alert(severity));
      while ((await look()).looked > 0);
    }
    const [open] = await database.query<{ n: number }>(
      `select count(*) as n from stamps.incidents where state = 'open'`,
    );
    const alone: number[] = [];
    for (let n = 0; n < rounds; n += 1) {
      await store(1, () => alert(n % 3 === 0 ? 4 : 1));
      const began = performance.now();
      await look();
      alone.push(performance.now() - began);
    }
    const together: number[] = [];
    for (let n = 0; n < rounds / 10; n += 1) {
      await store(batch, () => alert(1));
      const began = performance.now();
      const { looked } = await look();
      together.push((performance.now() - began) / looked);
    }
    return `in ${open?.n} incidents alone p50 ${shown(percentile(alone, 0.5))}, p99 ${shown(percentile(alone, 0.99))}, in a batch p50 ${percentile(together, 0.5).toFixed(2)} ms, p99 ${percentile(together, 0.99).toFixed(2)} ms`;
  } finally {
    stopper.abort();
    await database.close();
    await server.stop();
  }
}

/** What was opened was opened a while ago: the channel has room for more. */
async function makeRoom(database: Database): Promise<void> {
  await database.query(
    `update stamps.incidents set detected_at = detected_at - interval '2 minutes'
     where detected_at > clock_timestamp() - interval '2 minutes'`,
  );
}
