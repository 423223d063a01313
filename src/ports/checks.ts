import type { JsonObject } from '../domain/json.ts';

/** An answer to a `check`: what was found, as a line of words with figures. */
export interface CheckAnswer {
  readonly ok: boolean;
  readonly says: string;
  /** It holds, and who approves must know this all the same: what will be lost, or how long it takes. */
  readonly warns?: true;
}

/** A named read-only assertion. It throws only what a port throws; the engine takes a throw as “not known”, which is a no. */
export type Check = (args: JsonObject, signal: AbortSignal) => Promise<CheckAnswer>;

/** A named effect. `key` is stable over repeats; the effect happens once for it. Answers with what was done, in words. */
export type Act = (args: JsonObject, key: string, signal: AbortSignal) => Promise<string>;
