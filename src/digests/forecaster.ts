import { Worker } from 'node:worker_threads';
import type { Foreseen } from './foresee.ts';

export interface ForecastQuestion {
  readonly id: number;
  readonly hours: readonly (number | undefined)[];
  readonly withLastDay: boolean;
}

export type ForecastAnswer =
  | { readonly id: number; readonly foreseen: Foreseen | undefined }
  | { readonly id: number; readonly fault: string };

/** What the hours say of those to come; undefined: too little. Rejects when the forecast fails. */
export type Forecaster = (
  hours: readonly (number | undefined)[],
  withLastDay: boolean,
) => Promise<Foreseen | undefined>;

interface Waiting {
  resolve(foreseen: Foreseen | undefined): void;
  reject(error: Error): void;
}

/** With nothing to do for so long the thread and its memory go. */
const idleMs = 15_000;
const mostMegabytes = 96;

/**
 * Forecasts in a thread of their own, as one holds the processor for a tenth of a second or two: nobody's click waits
 * for that. The thread is there while there is work.
 */
export function createForecaster(): Forecaster {
  const waiting = new Map<number, Waiting>();
  let thread: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last = 0;

  function start(): Worker {
    const started = new Worker(new URL('./forecast-thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    started.unref();
    started.on('message', (answer: ForecastAnswer) => {
      const { resolve, reject } = waiting.get(answer.id) ?? {};
      waiting.delete(answer.id);
      if ('fault' in answer) reject?.(new Error(answer.fault));
      else resolve?.(answer.foreseen);
      if (waiting.size === 0) restIn(idleMs);
    });
    const gone = (error: Error) => {
      if (thread !== started) return;
      thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    started.on('error', gone);
    started.on('exit', () => gone(new Error('the thread of the forecasts ended')));
    return started;
  }

  function restIn(ms: number): void {
    idle = setTimeout(() => {
      const resting = thread;
      thread = undefined;
      void resting?.terminate();
    }, ms);
    idle.unref();
  }

  return (hours, withLastDay) => {
    clearTimeout(idle);
    thread ??= start();
    last += 1;
    const question: ForecastQuestion = { id: last, hours, withLastDay };
    return new Promise((resolve, reject) => {
      waiting.set(question.id, { resolve, reject });
      thread?.postMessage(question);
    });
  };
}
