import { Worker } from 'node:worker_threads';
import type { DrawAnswer, DrawRequest } from './easel-thread.ts';
import type { Panel } from './panels.ts';

interface Commission {
  readonly done: (png: Uint8Array) => void;
  readonly failed: (error: unknown) => void;
}

/** Pictures come in bursts: reports, the cards of one trouble. */
const idleMs = 5_000;

/**
 * Draws in a thread of its own, one picture after the other: loading the charts and drawing one takes hundreds of
 * milliseconds, in which a click would wait. The thread begins with the first picture and ends when it has been idle
 * for a while, and with it goes what drawing needs of memory.
 */
export class Easel {
  readonly #script: URL;
  readonly #open = new Map<number, Commission>();
  #drawn = 0;
  #thread: Worker | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(script = new URL('./easel-thread.ts', import.meta.url)) {
    this.#script = script;
  }

  /** Whether its thread is there. */
  get isUp(): boolean {
    return this.#thread !== undefined;
  }

  /** The parts one below the other, as PNG. Rejects when they cannot be drawn; the next ones can. */
  draw(panels: readonly Panel[]): Promise<Uint8Array> {
    clearTimeout(this.#leaving);
    this.#thread ??= this.#begin();
    const thread = this.#thread;
    const request: DrawRequest = { number: ++this.#drawn, panels };
    return new Promise((done, failed) => {
      thread.postMessage(request);
      this.#open.set(request.number, { done, failed });
      thread.ref();
    });
  }

  #begin(): Worker {
    const thread = new Worker(this.#script);
    thread.on('message', (answer: DrawAnswer) => {
      const commission = this.#open.get(answer.number);
      this.#open.delete(answer.number);
      if ('png' in answer) commission?.done(answer.png);
      else commission?.failed(answer.error);
      if (this.#open.size === 0) this.#rest(thread);
    });
    thread.unref();
    thread.once('error', (error) => this.#lose(thread, error));
    thread.once('exit', () => this.#lose(thread, new Error('the thread that draws has ended')));
    return thread;
  }

  /** Idle, it holds up neither the end of the process nor memory for long. */
  #rest(thread: Worker): void {
    thread.unref();
    this.#leaving = setTimeout(() => {
      this.#thread = undefined;
      void thread.terminate();
    }, idleMs).unref();
  }

  #lose(thread: Worker, error: unknown): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    for (const { failed } of this.#open.values()) failed(error);
    this.#open.clear();
  }
}
