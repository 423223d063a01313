import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../sandbox/is-alive.ts';
import { benchFolder } from './bench-folder.ts';

/**
 * From `npm run sandbox`'s command to a URL that answers, and the app's memory at rest half a minute later, when the
 * first look at indicators and load, and the pictures of what they proposed, are done.
 */
export async function benchStart(): Promise<{ seconds: number; appMegabytes: number }> {
  const folder = await benchFolder();
  const began = performance.now();
  // A group of its own, since npm does not pass signals on.
  const child = spawn('npm', ['run', 'sandbox', '--', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  try {
    let said = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      said += chunk;
      if (/http:\/\/127\.0\.0\.1:\d+/.test(said)) break;
    }
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    const { ok } = await fetch(url);
    if (!ok) throw new Error(`${url} did not answer`);
    const seconds = (performance.now() - began) / 1000;
    const pid = await pidOfReadyApp(url);
    await sleep(30_000);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return { seconds, appMegabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024 };
  } finally {
    const group = -(child.pid as number);
    process.kill(group, 'SIGTERM');
    // npm ends at once, the sandbox when its database has: it still needs the folder.
    for (const endsAt = Date.now() + 20_000; isAlive(group) && Date.now() < endsAt; ) await sleep(50);
    if (isAlive(group)) process.kill(group, 'SIGKILL');
  }
}

async function pidOfReadyApp(url: string): Promise<number> {
  for (const endsAt = Date.now() + 30_000; ; await sleep(50)) {
    const { app } = (await (await fetch(`${url}/api/state`)).json()) as { app: { state: string; pid?: number } };
    if (app.state === 'ready' && app.pid !== undefined) return app.pid;
    if (Date.now() > endsAt) throw new Error(`the app is ${app.state}, not ready`);
  }
}
