import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startSlackEmulator } from '../sandbox/slack/start-slack.ts';
import { openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { kpiDefinitions } from '../src/kpis/definitions.ts';
import { benchFolder } from './bench-folder.ts';
import type { ReportFigures } from './digest-estate.ts';

const historyDays = 91;
const historyHours = 35 * 24;
const figures = ['tenants', 'sqlLoad', 'sqlStorage', 'sqlBytes', 'accountBytes', 'requests'];

/**
 * The day's report and the capacity report of so many cells, each by a process of its own, from the stored history of
 * 35 days of hours and 13 weeks of days to the last line of the thread in Slack. Azure is not asked; indicators have
 * their forecasts, as they are made ahead.
 */
export async function benchDigestCells(cells: number): Promise<string> {
  const folder = await benchFolder();
  const server = await startEmbeddedPostgres(folder);
  const [database, slack] = await Promise.all([openDatabase(server.url), startSlackEmulator()]);
  try {
    await store(database, cells);
    const said: string[] = [];
    for (const kind of ['daily', 'capacity']) {
      const { madeMs, shownMs, mostMegabytes } = await made([
        ...[kind, slack.apiUrl, slack.botToken, server.url],
        String(cells),
      ]);
      const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
      said.push(
        `${kind}: made in ${seconds(madeMs)}, all of it in Slack after ${seconds(shownMs)}, ${mostMegabytes.toFixed(0)} MB at most`,
      );
    }
    return `${cells} cells with their history. ${said.join('. ')}`;
  } finally {
    await Promise.all([slack.close(), database.close()]);
    await server.stop();
  }
}

async function store(database: Awaited<ReturnType<typeof openDatabase>>, cells: number): Promise<void> {
  const scopes = (level: string) =>
    level === 'global' ? ['global'] : Array.from({ length: cells }, (_, n) => `cell/cell-${n}`);
  for (const { id, level, target } of kpiDefinitions) {
    const wave = '(0.8 + 0.1 * sin(n / 3.8) + 0.02 * random())';
    for (const [grain, count] of [
      ['hour', historyHours],
      ['day', historyDays],
    ] as const) {
      await database.query(
        `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most, good, total)
         select $1, $2, scope, date_trunc($1, now(), 'UTC') - n * ('1 ' || $1)::interval, 12, 12, 12, v, v, v, 99950, 100000
         from unnest($3::text[]) as scope, generate_series(1, $4::int) n, lateral (select $5::float8 * ${wave} as v) as w`,
        [grain, id, scopes(level), count, target],
      );
    }
    await database.query(
      `insert into stamps.kpi_samples (kpi, scope, at, value, good, total)
       select $1, scope, date_trunc('minute', now()), $3, 99950, 100000 from unnest($2::text[]) as scope`,
      [id, scopes(level), target * 0.9],
    );
    await database.query(
      `insert into stamps.kpi_outlooks (kpi, scope, claimed_until, made_to, known)
       select $1, scope, now(), date_trunc('hour', now()), true from unnest($2::text[]) as scope`,
      [id, scopes(level)],
    );
  }
  for (const id of figures) {
    const scale = id.endsWith('Bytes') ? 1024 ** 3 : 1;
    await database.query(
      `insert into stamps.kpi_rollups (grain, kpi, scope, at, windows, known, met, mean, least, most)
       select 'day', $1, scope, date_trunc('day', now(), 'UTC') - n * interval '1 day', 24, 24, 24, v, v, v
       from unnest($2::text[]) as scope, generate_series(1, $3::int) n,
            lateral (select $4::float8 * (60 - 0.1 * n + random()) as v) as w`,
      [`capacity.${id}`, scopes('cell'), historyDays, scale],
    );
  }
  await database.query(
    `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at)
     values (date_trunc('minute', now()), now(), 'bench', now())`,
  );
  await database.query('vacuum analyze');
}

async function made(argv: readonly string[]): Promise<ReportFigures> {
  const child = spawn(process.execPath, ['bench/digest-estate.ts', ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the report ended with ${code}`);
  return JSON.parse(out) as ReportFigures;
}
