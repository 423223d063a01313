import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../src/engine/embedded-postgres.ts';

const asRoot = process.getuid?.() === 0 ? it : it.skip;

describe('the embedded PostgreSQL', () => {
  // mkdtemp makes folders that nobody else can enter; only root runs the server as somebody else.
  asRoot('says which folder its user can’t get to, and what to do', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'stamps-closed-'));
    try {
      await expect(startEmbeddedPostgres(join(closed, 'data'))).rejects.toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining(closed),
        hint: expect.stringContaining('STAMPS_DATA_DIR'),
      });
    } finally {
      await rm(closed, { recursive: true });
    }
  });

  describe('in a folder of its own', () => {
    let dataDir: string;
    beforeEach(async () => {
      dataDir = await mkdtemp(join(tmpdir(), 'stamps-embedded-'));
      await chmod(dataDir, 0o755);
    });
    afterEach(async () => {
      await inNode(`await (await startEmbeddedPostgres(${JSON.stringify(dataDir)})).stop()`);
      await rm(dataDir, { recursive: true });
    });

    it('starts after a first start that was killed half-way, and clears its remains', async () => {
      const half = join(dataDir, 'postgres.unfinished-k1lled');
      await mkdir(join(half, 'base'), { recursive: true });
      await mkdir(join(dataDir, 'postgres'));
      await writeFile(join(half, 'PG_VERSION'), '18\n');
      await writeFile(join(dataDir, 'postgres.password'), 'of the killed start\n');

      const url = await started(dataDir);
      expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
    });

    it('says when PostgreSQL’s own programs are at work: as the cluster is made, and as the server starts', async () => {
      const look = `import { readdirSync } from 'node:fs'; const seen = [];
        await startEmbeddedPostgres(${JSON.stringify(dataDir)}, () => seen.push(readdirSync(${JSON.stringify(join(dataDir, 'postgres'))})));
        console.log(JSON.stringify(seen));`;
      const [first, second, ...more] = JSON.parse(await inNode(look)) as string[][];
      expect([first, more]).toEqual([[], []]);
      expect(second).toContain('PG_VERSION');
      expect(second).not.toContain('postmaster.pid');
    });

    it('keeps what is written when it is killed and started again on its folder', async () => {
      let url = await started(dataDir);
      await query(url, 'create table kept as select 7 as n');
      const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
      const [pid] = (await readFile(pidFile, 'utf8')).split('\n');
      await kill(Number(pid));
      expect(await readFile(pidFile, 'utf8')).toContain(pid);

      url = await started(dataDir);
      expect((await readFile(pidFile, 'utf8')).split('\n')[0]).not.toBe(pid);
      expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);
    });

    it('starts although the process id that a killed one left is another program’s by now', async () => {
      let url = await started(dataDir);
      await query(url, 'create table kept as select 7 as n');
      const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
      const lines = (await readFile(pidFile, 'utf8')).split('\n');
      await kill(Number(lines[0]));
      // The server's user, or it could not see that the process lives.
      const { uid, gid } = await stat(pidFile);
      const other = spawn('sleep', ['600'], { uid, gid });
      try {
        await writeFile(pidFile, [other.pid, ...lines.slice(1)].join('\n'));
        url = await started(dataDir);
        expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);
        expect(isAlive(other.pid as number)).toBe(true);
      } finally {
        other.kill('SIGKILL');
      }
    });

    it('adopts the server that outlived the app, and leaves it as it is', async () => {
      const first = await started(dataDir);
      const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
      const before = await readFile(pidFile, 'utf8');
      expect(await started(dataDir)).toBe(first);
      expect(await readFile(pidFile, 'utf8')).toBe(before);
    });
  });
});

/** Runs in a process of its own, as the app does; the server outlives it, as it outlives a killed app. */
async function inNode(code: string): Promise<string> {
  const script = `import { startEmbeddedPostgres } from './src/engine/embedded-postgres.ts'; ${code}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return stdout.trim();
}

const started = (dataDir: string) =>
  inNode(`console.log((await startEmbeddedPostgres(${JSON.stringify(dataDir)})).url)`);

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await new Promise((turn) => setImmediate(turn));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
