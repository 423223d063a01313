import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** `npm run sandbox` as a person uses it: it prints a URL, the URL answers, SIGTERM ends it with code 0. */
async function main(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'stamps-smoke-'));
  const startedAt = performance.now();
  const sandbox = spawn('npm', ['run', 'sandbox', '--', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(sandbox, 'exit') as Promise<[number | null, string | null]>;
  try {
    const url = await printedUrl(sandbox.stdout);
    console.log(`${url} after ${Math.round(performance.now() - startedAt)} ms`);
    const page = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!page.ok) throw new Error(`${url} answered ${page.status}`);

    sandbox.kill('SIGTERM');
    const [code, signal] = await within(20_000, ended, 'The sandbox did not stop on SIGTERM.');
    if (code !== 0) throw new Error(`The sandbox ended with ${signal ?? `code ${code}`}, not with 0.`);
    console.log('stopped');
  } finally {
    sandbox.kill('SIGKILL');
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The first address in what it prints. */
function printedUrl(output: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  const url = new Promise<string>((found, failed) => {
    output.on('data', (chunk: Buffer) => {
      printed += chunk;
      const address = /https?:\/\/[\w.:-]+\/?\S*/.exec(printed)?.[0];
      if (address && printed.endsWith('\n')) found(address);
    });
    output.on('end', () => failed(new Error(`The sandbox ended before it printed a URL:\n${printed}`)));
  });
  return within(60_000, url, 'The sandbox printed no URL within a minute.');
}

async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(otherwise);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

await main();
