import { parseArgs } from 'node:util';
import { z } from 'zod';
import { OpsError } from '../src/errors.ts';

export interface LaunchOptions {
  /** Of the page; 0 takes a free one. */
  readonly port: number;
  /** Of the app; undefined takes a free one. */
  readonly appPort: number | undefined;
  /** Folder for the bot's data, its log and the generated files. */
  readonly data: string;
  /** Keep what the bot knew of the last world. */
  readonly keep: boolean;
  /** Remove the whole folder first. */
  readonly reset: boolean;
  /** Socket Mode in place of signed HTTP. */
  readonly socket: boolean;
  /** Whether the bot is started at all. */
  readonly app: boolean;
  readonly help: boolean;
}

export const launchHelp = `Stamps sandbox: the app with an emulated Slack, Azure and PagerDuty, and a page to try it on.

  npm run sandbox -- [options]

  --port N       port of the page (4600)
  --app-port N   port of the app (a free one)
  --data DIR     folder for the bot's data and log (.stamps/sandbox)
  --keep         keep the bot's database of the last time; the emulated world always starts afresh
  --reset        remove the whole data folder first
  --socket       Slack's Socket Mode in place of signed HTTP requests
  --no-app       page and emulators only
  --help         this text
`;

const port = z.coerce.number().int().min(0).max(65_535);

/** Throws `bad-input` that names the wrong option. */
export function parseLaunchOptions(args: readonly string[]): LaunchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4600' },
        'app-port': { type: 'string' },
        data: { type: 'string', default: '.stamps/sandbox' },
        keep: { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        socket: { type: 'boolean', default: false },
        app: { type: 'boolean', default: true },
        help: { type: 'boolean', default: false, short: 'h' },
      },
      allowNegative: true,
    });
    return {
      port: portOf('--port', values.port),
      appPort: values['app-port'] === undefined ? undefined : portOf('--app-port', values['app-port']),
      data: values.data,
      keep: values.keep,
      reset: values.reset,
      socket: values.socket,
      app: values.app,
      help: values.help,
    };
  } catch (error) {
    if (error instanceof OpsError) throw error;
    const message = (error instanceof Error ? error.message : String(error)).split('. ')[0];
    throw new OpsError('bad-input', `${message}.`, { hint: '`npm run sandbox -- --help` lists the options.' });
  }
}

function portOf(option: string, text: string): number {
  const parsed = port.safeParse(text.trim() === '' ? undefined : text);
  if (parsed.success) return parsed.data;
  throw new OpsError('bad-input', `${option} is “${text}”; a port is a whole number from 0 to 65535.`, {
    hint: `For example: npm run sandbox -- ${option} 4700`,
  });
}
