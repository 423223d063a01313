import { startAzureEmulator } from '../sandbox/azure/start-azure.ts';
import { startSlackEmulator } from '../sandbox/slack/start-slack.ts';
import { dayMs, hourMs } from '../src/domain/duration.ts';
import { parseEstate } from '../src/domain/estate-file.ts';
import type { KpiScope } from '../src/domain/kpi.ts';
import { openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { kpiDefinitions } from '../src/kpis/definitions.ts';
import { systemClock } from '../src/ports/clock.ts';
import { benchFolder } from './bench-folder.ts';
import { reportDesk } from './report-desk.ts';
import { makeSeries } from './series.ts';

const channel = 'C0OPERATIONS';
const historyHours = 35 * 24;

/**
 * A day's report from the stored history of five weeks to its picture in Slack and the last line of its thread:
 * seconds of the first message, of all, and of the report alone, before Slack's one message a second.
 */
export async function benchDigest(): Promise<string> {
  const folder = await benchFolder();
  const server = await startEmbeddedPostgres(folder);
  const [database, slack, azure] = await Promise.all([
    openDatabase(server.url),
    startSlackEmulator(),
    startAzureEmulator(),
  ]);
  const estate = parseEstate(azure.estateFile);
  const { digests, outbox } = reportDesk(database, estate, slack);
  const now = Date.now();
  const hour = Math.floor(now / hourMs) * hourMs;
  let series = 0;
  for (const definition of kpiDefinitions) {
    const scopes: KpiScope[] =
      definition.level === 'global' ? ['global'] : estate.cells.map(({ name }): KpiScope => `cell/${name}`);
    for (const scope of scopes) {
      series += 1;
      const { measured } = makeSeries('weekly-growing', historyHours, series);
      const scale = definition.target / 250;
      await database.query(
        `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most, good, total)
         select 'hour', $1, $2, to_timestamp(($3::float8 + (n - 1) * 3600000) / 1000), 12, 12, 12, v, v, v, 100000 - v, 100000
         from unnest($4::float8[]) with ordinality as t(v, n)`,
        [definition.id, scope, hour - historyHours * hourMs, measured.map((value) => value * scale)],
      );
      await database.query(
        `insert into stamps.kpi_samples (kpi, scope, at, value, good, total) values ($1, $2, $3, $4, 99950, 100000)`,
        [definition.id, scope, new Date(now).toISOString(), definition.target * 0.9],
      );
    }
  }
  await database.query(
    `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'bench', $1)`,
    [new Date(now).toISOString()],
  );
  const began = performance.now();
  await digests.post({ kind: 'daily', requestKey: 'bench', channel });
  const made = performance.now() - began;
  const messages = () => slack.snapshot().channels.find(({ id }) => id === channel)?.messages ?? [];
  let first = 0;
  while (messages().length < 4) {
    await outbox.pump();
    if (first === 0 && messages().length > 0) first = performance.now() - began;
    await systemClock.sleep(20);
  }
  const all = performance.now() - began;
  const left = /Forecasts: (\d+) indicators were left out/.exec(JSON.stringify(messages()))?.[1] ?? '0';
  await Promise.all([slack.close(), azure.close(), database.close()]);
  await server.stop();
  return `a day’s report of ${series} indicators over ${historyHours / (dayMs / hourMs)} days of history, ${left} left without a forecast for want of time: made in ${(made / 1000).toFixed(1)} s, its picture in Slack after ${(first / 1000).toFixed(1)} s, the last line of its thread after ${(all / 1000).toFixed(1)} s`;
}
