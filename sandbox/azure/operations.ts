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

/** All long-running operations. Time passes only when `settle` is told so. */
export class Operations {
  readonly #all = new Map<string, Running>();

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
    this.#all.set(operation.id, operation);
    return operation;
  }

  find(id: string): Operation | undefined {
    return this.#all.get(id.toLowerCase());
  }

  /** Ends what is due, in the order in which it is due. */
  settle(now: number): void {
    const due = [...this.#all.values()]
      .filter(({ status, endsAt, hangs }) => status === 'InProgress' && endsAt <= now && !hangs())
      .sort((a, b) => a.endsAt - b.endsAt);
    for (const operation of due) {
      operation.status = operation.fails ? 'Failed' : 'Succeeded';
      operation.result = operation.onEnd(!operation.fails);
    }
  }
}
