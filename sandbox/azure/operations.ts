import { randomUUID } from 'node:crypto';

/** Work that goes on after its request was answered: “Track asynchronous Azure operations”, azure-resource-manager docs. */
export interface Operation {
  readonly id: string;
  readonly startedAt: number;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed';
  /** What a look at the `Location` of a finished one answers with. */
  readonly result?: unknown;
}

interface Running extends Operation {
  status: Operation['status'];
  result?: unknown;
  readonly endsAt: number;
  readonly fails: boolean;
  readonly hangs: () => boolean;
  readonly onEnd: (succeeded: boolean) => unknown;
}

export interface Work {
  readonly takesMs: number;
  readonly fails?: boolean;
  /** While it says true, the work does not end. */
  readonly hangs?: () => boolean;
  /** Does it, or takes it back; answers with the result. */
  readonly onEnd: (succeeded: boolean) => unknown;
}

/** Finished operations that can still be asked for, the newest; Azure keeps them for some hours. */
const keptFinished = 500;

/** All long-running operations. Time passes only when `settle` is told so. */
export class Operations {
  readonly #running = new Map<string, Running>();
  readonly #finished = new Map<string, Running>();

  start({ takesMs, fails = false, hangs = () => false, onEnd }: Work, now: number): Operation {
    const operation: Running = {
      id: randomUUID(),
      startedAt: now,
      status: 'InProgress',
      endsAt: now + takesMs,
      fails,
      hangs,
      onEnd,
    };
    this.#running.set(operation.id, operation);
    return operation;
  }

  find(id: string): Operation | undefined {
    return this.#running.get(id.toLowerCase()) ?? this.#finished.get(id.toLowerCase());
  }

  /** Ends what is due, in the order in which it is due. */
  settle(now: number): void {
    const due = [...this.#running.values()]
      .filter(({ endsAt, hangs }) => endsAt <= now && !hangs())
      .sort((a, b) => a.endsAt - b.endsAt);
    for (const operation of due) {
      this.#running.delete(operation.id);
      operation.status = operation.fails ? 'Failed' : 'Succeeded';
      operation.result = operation.onEnd(!operation.fails);
      this.#finished.set(operation.id, operation);
    }
    for (const id of this.#finished.keys()) {
      if (this.#finished.size <= keptFinished) break;
      this.#finished.delete(id);
    }
  }
}
