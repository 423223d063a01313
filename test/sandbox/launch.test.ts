import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageState } from '../../sandbox/page-state.ts';
import { runSandbox } from '../support/run-sandbox.ts';

jest.setTimeout(180_000);

let parent: string;
let data: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'stamps-launch-'));
  // PostgreSQL runs as a user of its own when this is root's, and must be able to reach its folder.
  await chmod(parent, 0o755);
  data = join(parent, 'sandbox');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the sandbox', () => {
  it('starts with one URL, says what to do first, and leaves nothing behind', async () => {
    const sandbox = await runSandbox(['--port', '0', '--data', data]);
    expect(sandbox.output().match(/http:\/\/\S+/g)).toEqual([sandbox.url]);
    expect(await (await fetch(sandbox.url)).text()).toContain('<title>Stamps sandbox</title>');
    const state = (await (await fetch(`${sandbox.url}/api/state`)).json()) as PageState;
    expect(state.app.state).toBe('ready');
    expect(await sandbox.stop()).toBe(0);
    expect(isAlive(state.app.pid)).toBe(false);
    expect(existsSync(join(data, 'app/postgres/postmaster.pid'))).toBe(false);
  });

  it('stops the database of a bot that was killed', async () => {
    const sandbox = await runSandbox(['--port', '0', '--data', data, '--socket']);
    await fetch(`${sandbox.url}/api/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'kill-bot' }),
    });
    // PostgreSQL removes it when it ends in order.
    const pidFile = join(data, 'app/postgres/postmaster.pid');
    expect(existsSync(pidFile)).toBe(true);
    expect(await sandbox.stop()).toBe(0);
    expect(existsSync(pidFile)).toBe(false);
  });

  it('says which port is in use, and begins nothing', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const port = String((taken.address() as AddressInfo).port);
    const start = runSandbox(['--port', port, '--data', data]);
    await expect(start).rejects.toThrow(`ended with 1. It printed:\nPort ${port} is in use.\nIs a sandbox running`);
    expect(existsSync(data)).toBe(false);
    taken.close();
  });

  it('refuses a misspelt option with a sentence', async () => {
    await expect(runSandbox(['--prot', '1'])).rejects.toThrow("Unknown option '--prot'");
  });
});

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}
