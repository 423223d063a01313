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

/** A first turn that takes longer than most holds up the next loop no longer. */
const firstTurnMs = 25;

/**
 * Starts them in their order, each when the first turn of the one before has ended or has had its time: all at once they
 * would open a database connection each, which costs a start more than their work. From then on they run side by side.
 * Answers when all have ended, which they do once `stopping` is aborted.
 */
export async function runLoops(loops: readonly Loop[], parts: LoopParts): Promise<void> {
  const running: Promise<void>[] = [];
  for (const loop of loops) {
    if (parts.stopping.aborted) break;
    const first = Promise.withResolvers<void>();
    running.push(runLoop(loop, parts, first.resolve));
    await Promise.race([first.promise, parts.clock.sleep(firstTurnMs, parts.stopping).catch(() => undefined)]);
  }
  await Promise.all(running);
}

/** A failure is logged and tried at the next turn. */
async function runLoop(
  { name, everyMs, work }: Loop,
  { clock, logger, stopping }: LoopParts,
  afterTurn: () => void,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await work();
    } catch (error) {
      if (!stopping.aborted) logger.warn({ err: error, loop: name }, 'a loop failed and goes on');
    }
    afterTurn();
    await clock.sleep(everyMs, stopping).catch(() => undefined);
  }
}
