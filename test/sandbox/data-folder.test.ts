import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '../../sandbox/data-folder.ts';

let parent: string;
let data: string;
const afresh = { keep: false, reset: false };

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'stamps-data-'));
  data = join(parent, 'sandbox');
});
afterEach(() => rm(parent, { recursive: true }));

describe('the sandbox’s data folder', () => {
  it('is made, and forgets what the bot knew of the last world', async () => {
    const folder = await openDataFolder(data, afresh);
    await writeFile(join(folder.app, 'memory'), 'x');
    await writeFile(folder.log, 'x');
    await openDataFolder(data, afresh);
    expect([existsSync(join(folder.app, 'memory')), existsSync(folder.log)]).toEqual([false, true]);
  });

  it('keeps the bot’s memory when asked', async () => {
    const folder = await openDataFolder(data, afresh);
    await writeFile(join(folder.app, 'memory'), 'x');
    await openDataFolder(data, { keep: true, reset: false });
    expect(existsSync(join(folder.app, 'memory'))).toBe(true);
  });

  it('is emptied when asked', async () => {
    const folder = await openDataFolder(data, afresh);
    await writeFile(folder.log, 'x');
    await openDataFolder(data, { keep: false, reset: true });
    expect(existsSync(folder.log)).toBe(false);
  });

  it.each([true, false])('is never a folder of somebody else’s (reset: %s)', async (reset) => {
    await mkdir(data);
    await writeFile(join(data, 'thesis.txt'), 'x');
    await expect(openDataFolder(data, { keep: false, reset })).rejects.toThrow('was not made by the sandbox');
    expect(existsSync(join(data, 'thesis.txt'))).toBe(true);
  });

  it('is refused while another sandbox uses it', async () => {
    await openDataFolder(data, afresh);
    await writeFile(join(data, 'sandbox.json'), JSON.stringify({ pid: process.ppid }));
    await expect(openDataFolder(data, afresh)).rejects.toThrow(/A sandbox runs on .* already/);
  });

  it('ends the bot that a killed sandbox left behind, and nobody else', async () => {
    const folder = await openDataFolder(data, afresh);
    const start = (name: string) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', name], { stdio: 'ignore' });
    const left = start('src/main.ts');
    const other = start('other.ts');
    const gone = new Promise((resolve) => left.once('exit', (_, signal) => resolve(signal)));
    await folder.note(other.pid);
    await openDataFolder(data, afresh);
    await writeFile(join(data, 'sandbox.json'), JSON.stringify({ pid: 2 ** 22 + 1, appPid: left.pid }));
    await openDataFolder(data, afresh);
    expect(await gone).toBe('SIGTERM');
    expect(other.exitCode).toBeNull();
    other.kill();
    expect(JSON.parse(await readFile(join(data, 'sandbox.json'), 'utf8'))).toEqual({ pid: process.pid });
  });
});
