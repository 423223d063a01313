import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess } from '../../sandbox/app-process.ts';
import type { AppStatus } from '../../sandbox/page-state.ts';

const smallApp = join(__dirname, '../support/small-app.mjs');
let folder: string;
let app: AppProcess;
let pids: (number | undefined)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stamps-app-'));
  pids = [];
});
afterEach(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

async function create(env: Record<string, string> = {}): Promise<void> {
  const port = await freePort();
  app = new AppProcess({
    args: [smallApp],
    cwd: folder,
    env: { ...env, PORT: String(port) },
    url: `http://127.0.0.1:${port}`,
    logFile: join(folder, 'app.log'),
    onPid: (pid) => pids.push(pid),
  });
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

function become(state: AppStatus['state']): Promise<AppStatus> {
  return new Promise((resolve) => {
    const look = () => {
      if (app.status().state !== state) return;
      stop();
      resolve(app.status());
    };
    const stop = app.subscribe(look);
    look();
  });
}

describe('the bot’s process', () => {
  it('is ready when /readyz says so, and its output is in the log', async () => {
    await create();
    app.start();
    expect(app.status().state).toBe('starting');
    expect(await app.settled()).toMatchObject({ state: 'ready', pid: pids[0] });
    await app.stop();
    expect(app.status().state).toBe('stopped');
    expect(await readFile(join(folder, 'app.log'), 'utf8')).toContain('listening');
    expect(pids).toEqual([expect.any(Number), undefined]);
  });

  it('is told dead with its last words when it ends by itself', async () => {
    await create({ FAILS: 'SLACK_BOT_TOKEN is missing.' });
    app.start();
    const { state, says } = await app.settled();
    expect(state).toBe('died');
    expect(says).toBe('The bot ended with code 3. Its last words: SLACK_BOT_TOKEN is missing.');
  });

  it('stays dead after a kill until somebody restarts it', async () => {
    await create();
    app.start();
    await app.settled();
    app.kill();
    expect((await become('died')).says).toBe('The bot was ended by SIGKILL.');
    await app.restart();
    expect((await app.settled()).state).toBe('ready');
    expect(new Set(pids).size).toBe(3);
  });

  it('is another process after a restart', async () => {
    await create();
    app.start();
    await app.settled();
    await app.restart();
    await app.settled();
    expect(pids[2]).not.toBe(pids[0]);
  });

  it('is ended by force when it does not end by itself', async () => {
    await create({ STUBBORN: '1' });
    app.start();
    await app.settled();
    await app.stop(200);
    expect(app.status().state).toBe('stopped');
  });
});
