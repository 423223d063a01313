import { spawn } from 'node:child_process';

export interface RunningSandbox {
  readonly url: string;
  /** All that it printed. */
  output(): string;
  /** SIGTERM; answers with the exit code. */
  stop(): Promise<number | null>;
}

/** Only one that hangs takes so long: a machine with much else to do starts it in a minute. */
const startsWithinMs = 120_000;

/** `npm run sandbox` as people start it, without npm; rejects with what it printed when it ends before its URL. */
export function runSandbox(args: readonly string[]): Promise<RunningSandbox> {
  const child = spawn(process.execPath, ['sandbox/start.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let printed = '';
  return new Promise((resolve, reject) => {
    const overdue = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`The sandbox gave no URL in time. It printed:\n${printed}`));
    }, startsWithinMs);
    void ended.then((code) => {
      clearTimeout(overdue);
      reject(new Error(`The sandbox ended with ${code}. It printed:\n${printed}`));
    });
    const hear = (chunk: Buffer) => {
      printed += chunk.toString('utf8');
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (url === undefined || !printed.includes('Ctrl-C')) return;
      clearTimeout(overdue);
      if (!printed.includes('1. In #incidents') && !args.includes('--no-app')) {
        child.kill('SIGTERM');
        return reject(new Error(`The bot did not start. The sandbox printed:\n${printed}`));
      }
      resolve({
        url,
        output: () => printed,
        stop() {
          child.kill('SIGTERM');
          return ended;
        },
      });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
  });
}
