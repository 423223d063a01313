import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../sandbox/is-alive.ts';

/** `npm run sandbox` as a person uses it: it prints a URL, the URL answers, SIGTERM ends all of it, its database too. */
async function main(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'stamps-smoke-'));
  // PostgreSQL does not run as root, and must get to its folder.
  await chmod(data, 0o755);
  const startedAt = performance.now();
  // A group of its own, as a terminal makes one: npm's shell passes no signal on to what it runs.
  const sandbox = spawn('npm', ['run', 'sandbox', '--', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const group = -(sandbox.pid as number);
  try {
    const url = await printedUrl(sandbox.stdout);
    console.log(`${url} after ${Math.round(performance.now() - startedAt)} ms`);
    const page = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!page.ok) throw new Error(`${url} answered ${page.status}`);
    const { app } = (await (await fetch(`${url}/api/state`)).json()) as { app: { state: string; says: string } };
    if (app.state !== 'ready') throw new Error(`The bot is ${app.state}: ${app.says}`);

    process.kill(group, 'SIGTERM');
    await until(() => !isAlive(group), 20_000, 'The sandbox did not stop on SIGTERM.');
    if (existsSync(join(data, 'app/postgres/postmaster.pid')))
      throw new Error('The sandbox left its database running.');
    console.log('stopped, with its database');
  } finally {
    if (isAlive(group)) process.kill(group, 'SIGKILL');
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first address in what it prints. */
async function printedUrl(output: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  let ended = false;
  output.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  output.on('end', () => {
    ended = true;
  });
  const url = () => /https?:\/\/[\w.:-]+\S*(?=\s)/.exec(printed)?.[0];
  await until(() => ended || url() !== undefined, 60_000, 'The sandbox printed no URL within a minute.');
  const found = url();
  if (found === undefined) throw new Error(`The sandbox ended before it printed a URL:\n${printed}`);
  return found;
}

async function until(holds: () => boolean, withinMs: number, otherwise: string): Promise<void> {
  for (const endsAt = performance.now() + withinMs; !holds(); await sleep(50)) {
    if (performance.now() > endsAt) throw new Error(otherwise);
  }
}

await main();
