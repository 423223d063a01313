import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { OpsError } from '../src/errors.ts';
import { appArguments, appEnvironment } from './app-environment.ts';
import { AppProcess } from './app-process.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import type { LaunchOptions } from './launch-options.ts';
import { bundlePage } from './page-bundle.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { type Bot, freshSwitches, type World } from './page-state.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const policyFile = fileURLToPath(new URL('policy.yml', import.meta.url));

export interface Sandbox {
  readonly url: string;
  /** What to print. */
  readonly welcome: string;
  /** Stops the bot, its database, the page and the emulators. */
  close(): Promise<void>;
}

/** Starts emulators, app and page together. Throws `conflict` for a port or folder in use, before anything runs. */
export async function launch(options: LaunchOptions): Promise<Sandbox> {
  await assertFree('--port', options.port);
  if (options.appPort !== undefined) await assertFree('--app-port', options.appPort);
  const folder = await openDataFolder(options.data, options);
  const emulators = await startEmulators();
  const app = options.app ? await createApp(options, folder, emulators) : undefined;
  app?.start();
  const world = { ...emulators, bot: app ?? noBot, switches: freshSwitches() };
  const page = await openPage(world, options.port).catch(async (error: unknown) => {
    await app?.stop();
    throw error;
  });
  const status = await app?.settled();

  return {
    url: page.url,
    welcome: welcome(page.url, folder.log, status?.state === 'died' ? status.says : undefined),
    async close() {
      await page.close();
      await app?.stop();
      await folder.stopDatabase();
      await Promise.all([
        emulators.slack.close(),
        emulators.azure.close(),
        emulators.pager.close(),
        emulators.statuspage.close(),
      ]);
    },
  };
}

/** Bundled while the app starts. */
async function openPage(world: World, port: number): Promise<PageServer> {
  return startPageServer(world, await bundlePage(), port);
}

async function createApp(options: LaunchOptions, folder: DataFolder, emulators: Emulators): Promise<AppProcess> {
  const port = options.appPort || (await freePort());
  const url = `http://127.0.0.1:${port}`;
  if (!options.socket) emulators.slack.requestUrl = `${url}/slack/events`;
  emulators.azure.alerts.postTo(`${url}/alerts/azure-monitor`);
  emulators.pager.webhookUrl = `${url}/pagerduty/webhook`;
  await writeFile(folder.estate, emulators.azure.estateFile);
  await writeFile(folder.ca, emulators.azure.ca);
  return new AppProcess({
    args: appArguments,
    cwd: root,
    env: appEnvironment(
      {
        ...emulators,
        port,
        socket: options.socket,
        dataDir: folder.app,
        estateFile: folder.estate,
        policyFile,
        caFile: folder.ca,
      },
      process.env,
    ),
    url,
    logFile: folder.log,
    onPid: (pid) => void folder.note(pid),
  });
}

const noBot: Bot = {
  status: () => ({ state: 'absent', says: 'The sandbox was started without the bot (--no-app).', since: 0 }),
  subscribe: () => () => {},
  restart: () => Promise.reject(new OpsError('refused', 'The sandbox was started without the bot (--no-app).')),
  kill: () => {},
};

function welcome(url: string, log: string, fault: string | undefined): string {
  return [
    '',
    `  ${url}`,
    '',
    ...(fault === undefined
      ? [
          '  1. In #incidents, as Ana, type: /stamps isolate cell-banking for 4h because card payments time out',
          '  2. Switch to Ben (top right), open the thread of the card, approve.',
          '  3. Watch the map, then bring it back: /stamps restore cell-banking',
        ]
      : [`  ${fault}`, '  The page is there all the same, and can start the bot again.']),
    '',
    `  The bot logs to ${log}. Ctrl-C stops everything.`,
    '',
  ].join('\n');
}

async function assertFree(option: string, port: number): Promise<void> {
  try {
    await listenOnce(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used by you' : 'is in use';
    throw new OpsError('conflict', `Port ${port} ${why}.`, {
      hint: `Is a sandbox running already? Else choose another one: npm run sandbox -- ${option} ${Math.min(port + 100, 65_535)}`,
    });
  }
}

function freePort(): Promise<number> {
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      const taken = (server.address() as AddressInfo).port;
      server.close(() => found(taken));
    });
  });
}
