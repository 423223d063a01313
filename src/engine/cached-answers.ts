import { isOpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** How old an answer may be where nothing is decided. */
const cacheMs = 30_000;
/** So long a decision waits for its turn while too many are asked for: well within the claim of its request (`inbox.ts`). */
const patienceMs = 20_000;

/** `fresh`: the question is asked after this call; else an answer may be 30 s old, and older when there is no new one. */
export type CachedAnswers<T> = (key: string, fresh: boolean) => Promise<T>;

/**
 * Answers by key. Slack takes few questions a minute: whoever asks while one is under way that began before shares the next
 * one with all others, and a decision waits as long as it is told rather than being refused.
 */
export function createCachedAnswers<T>(ask: (key: string) => Promise<T>, clock: Clock): CachedAnswers<T> {
  const known = new Map<string, { value: T; at: number }>();
  const underWay = new Map<string, { begun: number; answer: Promise<T> }>();
  let moment = 0;

  async function begin(key: string): Promise<T> {
    try {
      const value = await ask(key);
      if (known.size > 10_000) known.clear();
      known.set(key, { value, at: clock.now() });
      return value;
    } finally {
      underWay.delete(key);
    }
  }

  /** The answer to a question that was asked after that moment. */
  async function askedSince(since: number, key: string): Promise<T> {
    for (let question = underWay.get(key); question; question = underWay.get(key)) {
      if (question.begun > since) return question.answer;
      await question.answer.catch(() => undefined);
    }
    moment += 1;
    const answer = begin(key);
    underWay.set(key, { begun: moment, answer });
    return answer;
  }

  async function inTurn(since: number, key: string): Promise<T> {
    for (const until = clock.now() + patienceMs; ; ) {
      try {
        return await askedSince(since, key);
      } catch (error) {
        const waitMs = isOpsError(error, 'throttled') ? error.retryAfterMs : undefined;
        if (waitMs === undefined || clock.now() + waitMs > until) throw error;
        await clock.sleep(waitMs);
      }
    }
  }

  return async (key, fresh) => {
    if (fresh) return inTurn(moment, key);
    const hit = known.get(key);
    if (hit && clock.now() - hit.at < cacheMs) return hit.value;
    return askedSince(moment, key).catch((error: unknown) => hit?.value ?? Promise.reject(error));
  };
}
