import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** Work that is done again and again while the app runs, so many milliseconds after its last end. */
export interface Loop {
  readonly name: string;
  readonly everyMs: number;
  work(): Promise<unknown>;
}

interface LoopParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the process is about to end. */
  readonly stopping: AbortSignal;
}

/** Starts each of them, side by side; answers when all have ended, which they do once `stopping` is aborted. */
export async function runLoops(loops: readonly Loop[], parts: LoopParts): Promise<void> {
  await Promise.all(loops.map((loop) => runLoop(loop, parts)));
}

/** A failure is logged and tried at the next turn. */
async function runLoop({ name, everyMs, work }: Loop, { clock, logger, stopping }: LoopParts): Promise<void> {
  while (!stopping.aborted) {
    try {
      await work();
    } catch (error) {
      if (!stopping.aborted) logger.warn({ err: error, loop: name }, 'a loop failed and goes on');
    }
    await clock.sleep(everyMs, stopping).catch(() => undefined);
  }
}
