import { parseEstate } from '../src/domain/estate-file.ts';
import { openDatabase } from '../src/engine/database.ts';
import { createAzure } from '../src/integrations/azure/create-azure.ts';
import { definitionsOf } from '../src/kpis/definitions.ts';
import { takeSnapshot } from '../src/kpis/take-snapshot.ts';
import { rollUp, writeSamples } from '../src/kpis/write-samples.ts';
import { systemClock } from '../src/ports/clock.ts';
import { estateOf } from './kpi-estate.ts';

/** What the parent reads of this process's standard output, as one line of JSON. */
export interface KpiFigures {
  readonly readMs: number[];
  readonly storeMs: number[];
  readonly known: number;
  readonly unknown: number;
  readonly mostMegabytes: number;
}

// A process of its own, so that its memory is the product's: `kpi-reader.ts <url> <database> <cells> <rounds>`.
const [url = '', databaseUrl = '', cells = '', rounds = ''] = process.argv.slice(2);
const estate = parseEstate(estateOf(Number(cells)), { metricsUrl: url });
const quiet = { debug: () => {}, info: () => {}, warn: console.error, error: console.error, child: () => quiet };
const azure = createAzure({
  estate,
  armUrl: url,
  logsUrl: url,
  credential: { getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }) },
  clock: systemClock,
});
const database = await openDatabase(databaseUrl);
const definitions = definitionsOf(estate);
const sources = { estate, metrics: azure.metrics, logs: azure.logs, logger: quiet };
const signal = new AbortController().signal;
const figures = { readMs: [] as number[], storeMs: [] as number[], known: 0, unknown: 0 };
for (let round = 0; round < Number(rounds); round += 1) {
  const at = Date.UTC(2026, 4, 4, 10, 5 * (round + 1));
  const began = performance.now();
  const readings = await takeSnapshot(sources, definitions, at, { deadlineMs: 90_000, signal });
  const read = performance.now();
  await database.transaction(async (tx) => {
    await writeSamples(tx, definitions, readings);
    await rollUp(tx, new Date(at).toISOString());
  });
  figures.readMs.push(read - began);
  figures.storeMs.push(performance.now() - read);
  figures.known = readings.filter(({ value }) => value !== undefined).length;
  figures.unknown = readings.length - figures.known;
}
console.log(JSON.stringify({ ...figures, mostMegabytes: process.resourceUsage().maxRSS / 1024 } satisfies KpiFigures));
await database.close();
