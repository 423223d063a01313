import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A PostgreSQL server of one test's own, which may be restarted under the app. */
export interface OwnPostgres {
  readonly url: string;
  /** As a crash does it: every session ends in mid-statement, and the server recovers from its log. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'stamps-postgres-'));
  // PostgreSQL does not run as root, and must get to its folder.
  await chmod(folder, 0o755);
  const { stdout } = await promisify(execFile)(process.execPath, ['test/support/own-postgres.mjs', folder]);
  const { url, control } = JSON.parse(stdout) as { url: string; control: string };
  const directory = join(folder, 'postgres');
  const { uid, gid } = await stat(directory);
  const owner = process.platform === 'win32' ? {} : { uid, gid };

  async function tell(...command: string[]): Promise<void> {
    const args = [...command, '-D', directory, '-w', '-t', '30', '-m', 'immediate'];
    const child = spawn(control, args, { ...owner, cwd: directory, stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`pg_ctl ${command[0]} ended with ${code}`);
  }

  return {
    url,
    // With the options of its start, the port among them.
    restart: () => tell('restart', '-l', join(folder, 'restart.log')),
    async stop() {
      await tell('stop');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
