import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AppStatus, Bot } from './page-state.ts';

const pollStartingMs = 50;
const pollRunningMs = 2_000;
/** The app gives each of its own probes 2 s. */
const readyWithinMs = 4_000;
/** The app promises a clean end within 10 s of SIGTERM. */
const graceMs = 11_000;

export interface AppProcessOptions {
  /** Arguments of the Node that runs us: the app's main file. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Without trailing slash; `/readyz` is asked. */
  readonly url: string;
  readonly logFile: string;
  /** Told the process's number when it starts, undefined when it ends. */
  readonly onPid: (pid: number | undefined) => void;
}

/** The bot's process: starts it, looks after it, says how it is. It is never restarted by itself: people should see. */
export class AppProcess implements Bot {
  readonly #options: AppProcessOptions;
  readonly #listeners = new Set<() => void>();
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #status: AppStatus = { state: 'stopped', says: 'The bot is not running.', since: Date.now() };

  constructor(options: AppProcessOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
  }

  status(): AppStatus {
    return this.#status;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#child) return;
    const { args, cwd, env, onPid } = this.#options;
    // A group of its own: Ctrl-C in the terminal is for the launcher, which then ends the bot in order.
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    this.#child = child;
    let lastLine = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#log.write(chunk);
        lastLine = chunk.toString('utf8').trim().split('\n').at(-1) ?? lastLine;
      });
    }
    child.once('error', (error) => this.#ended(child, `The bot could not be started: ${error.message}.`));
    child.once('exit', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      const words = signal ? '' : ` Its last words: ${lastWords(lastLine)}`;
      this.#ended(child, `The bot ${how}.${words}`);
    });
    onPid(child.pid);
    this.#become('starting', 'The bot is starting.');
    void this.#watch(child);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** SIGTERM, and SIGKILL when it takes longer than it promises. Resolves when the process is gone. */
  async stop(withinMs = graceMs): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const overdue = setTimeout(() => child.kill('SIGKILL'), withinMs);
    await gone;
    clearTimeout(overdue);
    this.#become('stopped', 'The bot was stopped.');
  }

  /** Resolves when the bot is ready, or will not be by itself. */
  async settled(): Promise<AppStatus> {
    while (this.#status.state === 'starting') await sleep(pollStartingMs);
    return this.#status;
  }

  async #watch(child: ChildProcess): Promise<void> {
    while (this.#child === child) {
      const fault = await this.#askReady();
      if (this.#child !== child) return;
      if (fault === undefined) this.#become('ready', 'The bot is ready.');
      else if (this.#status.state !== 'starting') this.#become('unready', `The bot runs, but is not ready: ${fault}`);
      await sleep(this.#status.state === 'starting' ? pollStartingMs : pollRunningMs, undefined, { ref: false });
    }
  }

  /** Undefined: ready. */
  async #askReady(): Promise<string | undefined> {
    try {
      const response = await fetch(`${this.#options.url}/readyz`, { signal: AbortSignal.timeout(readyWithinMs) });
      return response.ok ? undefined : reasons(await response.text());
    } catch {
      return 'it does not answer.';
    }
  }

  #ended(child: ChildProcess, says: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#options.onPid(undefined);
    this.#become('died', says);
  }

  #become(state: AppStatus['state'], says: string): void {
    if (this.#status.state === state && this.#status.says === says) return;
    const pid = this.#child?.pid;
    const since = this.#status.state === state ? this.#status.since : Date.now();
    this.#status = { state, says, since, ...(pid !== undefined && { pid }) };
    for (const listener of this.#listeners) listener();
  }
}

const Readiness = z.object({ checks: z.record(z.string(), z.string()) });

/** What /readyz complains of, in words. */
function reasons(text: string): string {
  try {
    const failing = Object.entries(Readiness.parse(JSON.parse(text)).checks).filter(([, says]) => says !== 'ok');
    // A reason that names its service needs no name before it.
    return failing.map(([name, says]) => (says.toLowerCase().includes(name) ? says : `${name}: ${says}`)).join(' ');
  } catch {
    return text.slice(0, 300);
  }
}

const LogLine = z.object({ msg: z.string(), err: z.object({ message: z.string() }).optional() });

/** The message of a JSON log line with its error, or the line as it is. */
function lastWords(line: string): string {
  let words = line === '' ? 'none.' : line;
  try {
    const { msg, err } = LogLine.parse(JSON.parse(line));
    words = err ? `${msg}: ${err.message}` : msg;
  } catch {
    // Not a log line: what it is will do.
  }
  return words.length > 500 ? `${words.slice(0, 499)}…` : words;
}
