import { readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { OpsError } from '../errors.ts';

/** A server that starts or stops is waited for so long. */
const patienceMs = 30_000;
const lookEveryMs = 100;
/** More than any system gives out, so a process of this id never lives. */
const nobodysPid = 2_147_483_647;

type Answer = 'ours' | 'another' | 'nobody' | 'starting';

/**
 * The port of the server that runs on this directory already; undefined: none does, so one may be started.
 * `runs`: whether a process with the id in `postmaster.pid` lives (`pg_ctl status`). That alone proves nothing: after
 * a restart of the machine, or of a container above all, the id may be somebody else's, and PostgreSQL, which looks no
 * closer, would refuse to start for as long as that process lives. So the port beside it is asked as well. Throws
 * `unavailable` when neither becomes clear.
 */
export async function runningPort(
  directory: string,
  password: string,
  runs: () => Promise<boolean>,
): Promise<number | undefined> {
  const file = join(directory, 'postmaster.pid');
  for (const endsAt = Date.now() + patienceMs; await runs(); await sleep(lookEveryMs)) {
    // Its lines, counted from 0: process id, data directory, start, port … state (PostgreSQL’s `miscadmin.h`).
    const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
    const [pid, port] = [lines[0], Number(lines[3])];
    const answer = await whoAnswers(port, password, directory);
    if (answer === 'ours') return port;
    const stops = answer === 'nobody' && lines[7]?.trim() === 'stopping';
    if (answer !== 'starting' && !stops && port > 0) {
      await disown(file, lines);
      return undefined;
    }
    if (Date.now() > endsAt)
      throw new OpsError(
        'unavailable',
        `Process ${pid} seems to be the PostgreSQL of ${directory}, and does not answer.`,
        {
          hint: `If it is another program, delete ${file}. If it is PostgreSQL, wait for it to end, or end it.`,
          service: 'PostgreSQL',
        },
      );
  }
  return undefined;
}

/**
 * Puts an id that nobody has in place of the one that somebody else got. The rest stays: by it PostgreSQL still sees at
 * its start if processes of the old server live on, and refuses then.
 */
async function disown(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, [nobodysPid, ...lines.slice(1)].join('\n'));
}

async function whoAnswers(port: number, password: string, directory: string): Promise<Answer> {
  if (!(port > 0)) return 'starting';
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'stamps',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    const theirs = rows[0]?.data_directory ?? '';
    return (await realpath(theirs)) === (await realpath(directory)) ? 'ours' : 'another';
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ECONNREFUSED') return 'nobody';
    // Ours knows this password; SQLSTATE 28P01: invalid_password.
    if (code === '28P01') return 'another';
    return 'starting';
  } finally {
    await client.end().catch(() => undefined);
  }
}
