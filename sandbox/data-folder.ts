import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { OpsError } from '../src/errors.ts';
import { isAlive } from './is-alive.ts';

/** Marks the folder as ours: nothing is ever removed from a folder without it. */
const marker = 'sandbox.json';
const Marker = z.object({ pid: z.int(), appPid: z.int().optional() });

export interface DataFolder {
  /** For STAMPS_DATA_DIR. */
  readonly app: string;
  readonly log: string;
  readonly estate: string;
  readonly ca: string;
  /** Remembers the bot's process, so that the next start can end it if this one is killed. */
  note(appPid: number | undefined): Promise<void>;
  /** Stops a database that a killed bot left running. */
  stopDatabase(): Promise<void>;
}

/**
 * Prepares the folder: refuses one that another sandbox uses (`conflict`) or that holds something else (`refused`),
 * ends what a killed sandbox left running, and forgets what the bot knew of the last world unless `keep`.
 */
export async function openDataFolder(
  data: string,
  { keep, reset }: { keep: boolean; reset: boolean },
): Promise<DataFolder> {
  const root = resolve(data);
  const app = join(root, 'app');
  await mkdir(root, { recursive: true });
  const before = await readMarker(root);
  if (before === undefined && (await readdir(root)).length > 0) {
    throw new OpsError('refused', `${root} is not empty and was not made by the sandbox.`, {
      hint: 'Give another folder with --data.',
    });
  }
  if (before && before.pid !== process.pid && isAlive(before.pid)) {
    throw new OpsError('conflict', `A sandbox runs on ${root} already (process ${before.pid}).`, {
      hint: 'Stop it, or give another folder with --data and another port with --port.',
    });
  }
  if (before?.appPid !== undefined) await endLeftover(before.appPid);
  await stopDatabase(app);
  if (reset) await Promise.all((await readdir(root)).map((name) => rm(join(root, name), { recursive: true })));
  else if (!keep) await rm(app, { recursive: true, force: true });
  await mkdir(app, { recursive: true });

  const note = (appPid: number | undefined) =>
    writeFile(join(root, marker), JSON.stringify({ pid: process.pid, ...(appPid !== undefined && { appPid }) }));
  await note(undefined);
  return {
    app,
    log: join(root, 'app.log'),
    estate: join(root, 'estate.yml'),
    ca: join(root, 'ca.pem'),
    note,
    stopDatabase: () => stopDatabase(app),
  };
}

async function readMarker(root: string): Promise<z.infer<typeof Marker> | undefined> {
  try {
    return Marker.parse(JSON.parse(await readFile(join(root, marker), 'utf8')));
  } catch {
    return existsSync(join(root, marker)) ? { pid: process.pid } : undefined;
  }
}

/** The server's own pid file tells whether it was left running; adopting it is the clean way to stop it. */
async function stopDatabase(app: string): Promise<void> {
  if (existsSync(join(app, 'postgres', 'postmaster.pid'))) await (await startEmbeddedPostgres(app)).stop();
}

/** Ends the bot of a sandbox that was killed; a process that took over its number is left alone. */
async function endLeftover(pid: number): Promise<void> {
  const isBot = () => commandLine(pid).then((line) => line.includes('src/main.ts'));
  if (!(await isBot())) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < 5_000; waited += 50) {
      if (!isAlive(pid)) return;
      await sleep(50);
    }
  }
}

async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
