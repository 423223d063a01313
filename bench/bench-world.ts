import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { appArguments, appEnvironment } from '../sandbox/app-environment.ts';
import type { RegionLayout } from '../sandbox/azure/layout.ts';
import { type AzureTestEmulator, startAzureEmulator } from '../sandbox/azure/start-azure.ts';
import { type PagerDutyTestEmulator, startPagerDutyEmulator } from '../sandbox/pagerduty/start-pagerduty.ts';
import type { SlackMessage } from '../sandbox/slack/contract.ts';
import { type SlackTestEmulator, startSlackEmulator } from '../sandbox/slack/start-slack.ts';
import type { StatuspageEmulator } from '../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../sandbox/statuspage/start-statuspage.ts';

import { benchFolder } from './bench-folder.ts';
import type { KillPoint, Told } from './kill-points.ts';

export const incidents = 'C0INCIDENTS';
/** Where `kill-at-point.ts` finds the point of a process that starts. */
const killPointVariable = 'BENCH_KILL_POINT';

export interface BenchWorld {
  readonly slack: SlackTestEmulator;
  readonly azure: AzureTestEmulator;
  readonly pager: PagerDutyTestEmulator;
  readonly statuspage: StatuspageEmulator;
  readonly appUrl: string;
  /** Starts the app as a process of its own, and waits until it is ready. */
  startApp(): Promise<void>;
  /** Starts a replica of it on the same database, without kill points; nobody starts it again. Needs `databaseUrl`. */
  startAnother(): Promise<{ readonly url: string; kill(): void }>;
  /** SIGKILL, at once; an app that was killed is started again as soon as it is gone. */
  kill(): void;
  /** SIGTERM, as a deployment sends it; resolves with the app's exit code. */
  terminate(): Promise<number | null>;
  /** How often it was killed. */
  kills(): number;
  /** Lets the app kill itself at this point; resolves when it knows. Needs `killPoints`. */
  arm(point: KillPoint): Promise<void>;
  /** Asked at each start after a kill: where the app that starts then is to die. Needs `killPoints`. */
  armAfterKill(next: () => KillPoint | undefined): void;
  /** Calls for everything that an app with `killPoints` tells. */
  hear(listener: (told: Told) => void): void;
  /** The app's process. */
  pid(): number;
  /** Once the app that was killed is ready again. */
  alive(): Promise<void>;
  messages(): readonly SlackMessage[];
  until<T>(look: () => T | undefined | false, what: string, withinMs?: number): Promise<T>;
  /** Presses the newest Approve button of a card's thread that was not pressed yet, as a person. */
  approve(title: string, person: string, onClick?: () => void, second?: string): Promise<void>;
  close(): Promise<void>;
}

/** Emulators in this process, the unmodified app in another, a data folder of its own; everything on loopback. */
export async function openBenchWorld(
  options: {
    gatewayDelayMs?: number;
    replicaDelayMs?: number;
    drain?: string;
    databaseUrl?: string;
    slackLimits?: boolean;
    dnsTtlSeconds?: number;
    regions?: readonly RegionLayout[];
    rateLimits?: boolean;
    killPoints?: boolean;
  } = {},
): Promise<BenchWorld> {
  const folder = await benchFolder();
  const [slack, azure, pager, statuspage] = await Promise.all([
    startSlackEmulator({ limits: options.slackLimits ?? false }),
    startAzureEmulator({
      gatewayDelayMs: options.gatewayDelayMs ?? 30,
      ...(options.replicaDelayMs === undefined ? {} : { replicaDelayMs: options.replicaDelayMs }),
      drain: options.drain ?? '0s',
      ...(options.dnsTtlSeconds === undefined ? {} : { dnsTtlSeconds: options.dnsTtlSeconds }),
      ...(options.regions === undefined ? {} : { regions: options.regions }),
      rateLimits: options.rateLimits ?? false,
    }),
    startPagerDutyEmulator({ retryDelaysMs: [250, 500, 1_000, 2_000] }),
    startStatuspageEmulator(),
  ]);
  const port = await freePort();
  const files = { estateFile: join(folder, 'estate.yml'), caFile: join(folder, 'ca.pem') };
  await Promise.all([writeFile(files.estateFile, azure.estateFile), writeFile(files.caFile, azure.ca)]);
  slack.requestUrl = `http://127.0.0.1:${port}/slack/events`;
  pager.webhookUrl = `http://127.0.0.1:${port}/pagerduty/webhook`;
  const ownDatabase = options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl };
  const known = appEnvironment(
    {
      slack,
      azure,
      pager,
      statuspage,
      port,
      socket: false,
      dataDir: join(folder, 'data'),
      policyFile: resolve('sandbox/policy.yml'),
      ...files,
    },
    process.env,
  );
  const env = { ...known, ...ownDatabase };
  const preload = options.killPoints ? ['--import', './bench/kill-at-point.ts'] : [];
  let listener: (told: Told) => void = () => undefined;
  let nextPoint: () => KillPoint | undefined = () => undefined;
  let closing = false;
  const log = createWriteStream(join(folder, 'app.log'), { flags: 'a' });
  let app: ChildProcess | undefined;
  const others: ChildProcess[] = [];
  let kills = 0;
  let reviving: Promise<void> = Promise.resolve();
  /** Timestamps of messages whose button was pressed: Slack may show it for some seconds more. */
  const pressed = new Set<string>();
  const appUrl = `http://127.0.0.1:${port}`;
  const messages = () => slack.messagesIn(incidents);

  async function until<T>(look: () => T | undefined | false, what: string, withinMs = 60_000): Promise<T> {
    for (const endsAt = Date.now() + withinMs; ; ) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > endsAt)
        throw new Error(
          `never: ${what}; the app's log is ${folder}/app.log\n${messages()
            .map(({ text }) => text)
            .join('\n')}`,
        );
      await sleep(10);
    }
  }

  async function startApp(): Promise<void> {
    const point = kills > 0 ? nextPoint() : undefined;
    const child = spawn(process.execPath, [...preload, ...appArguments], {
      env: { ...env, ...(point && { [killPointVariable]: JSON.stringify(point) }) },
      stdio: ['ignore', 'pipe', 'pipe', options.killPoints ? 'ipc' : 'ignore'],
    });
    logged(child);
    child.on('message', (told: Told) => listener(told));
    child.once('exit', (_code, signal) => {
      if (signal !== 'SIGKILL' || closing) return;
      kills += 1;
      reviving = startApp();
      // Whoever waits for it hears of a start that failed.
      reviving.catch(() => undefined);
    });
    app = child;
    await ready(child, appUrl);
  }

  /** A port that was free may be somebody's connection by the time it is listened on: then another one is tried. */
  async function startAnother(tries = 3): Promise<{ url: string; kill(): void }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, appArguments, {
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    others.push(child);
    logged(child);
    try {
      await ready(child, url);
    } catch (error) {
      if (child.exitCode === null || tries <= 1) throw error;
      return startAnother(tries - 1);
    }
    return { url, kill: () => void child.kill('SIGKILL') };
  }

  function logged(child: ChildProcess): void {
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
  }

  async function ready(child: ChildProcess, url: string): Promise<void> {
    for (const endsAt = Date.now() + 300_000; ; ) {
      const answers = await fetch(`${url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (answers) return;
      if (Date.now() > endsAt || child.exitCode !== null)
        throw new Error(`the app did not start; its log is ${folder}/app.log`);
      await sleep(20);
    }
  }

  async function terminate(child = app): Promise<number | null> {
    if (!child) return null;
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  return {
    slack,
    azure,
    pager,
    statuspage,
    appUrl,
    startApp,
    startAnother: () => startAnother(),
    kill: () => void app?.kill('SIGKILL'),
    kills: () => kills,
    terminate: () => terminate(),
    pid: () => app?.pid ?? 0,
    async alive() {
      for (let seen: Promise<void> | undefined; seen !== reviving; ) {
        seen = reviving;
        await seen;
      }
    },
    async arm(point) {
      const heard = listener;
      await new Promise<void>((knows) => {
        listener = (told) => {
          if ('armed' in told) knows();
          else heard(told);
        };
        app?.send(point);
      });
      listener = heard;
    },
    armAfterKill(next) {
      nextPoint = next;
    },
    hear(to) {
      listener = to;
    },
    messages,
    until,
    async approve(title, person, onClick, second) {
      const button = await until(() => {
        const cards = messages().filter((one) => one.threadTs === undefined && wordsOf(one).includes(title));
        for (const message of messages().toReversed()) {
          if (pressed.has(message.ts)) continue;
          const element = cards.some(({ ts }) => ts === message.threadTs)
            ? elements(message).find((one) => one.action_id === 'run_approve')
            : undefined;
          if (element) return { ts: message.ts, value: String(element.value) };
        }
        return undefined;
      }, `an Approve button for “${title}”`);
      pressed.add(button.ts);
      onClick?.();
      // A click that got no answer shows an error in Slack, and a person clicks again.
      for (const who of second === undefined ? [person] : [person, second]) {
        while ((await slack.as(who).act(incidents, button.ts, 'run_approve', button.value)).status !== 200)
          await reviving;
      }
    },
    async close() {
      closing = true;
      const running = [...others, ...(app ? [app] : [])].filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      );
      await Promise.all(running.map((child) => terminate(child)));
      await Promise.all([slack.close(), azure.close(), pager.close(), statuspage.close()]);
      log.end();
    },
  };
}

export function wordsOf(message: SlackMessage): string {
  return `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
}

function elements(message: SlackMessage): Record<string, unknown>[] {
  return ((message.blocks ?? []) as { elements?: Record<string, unknown>[] }[]).flatMap(
    (block) => block.elements ?? [],
  );
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}
