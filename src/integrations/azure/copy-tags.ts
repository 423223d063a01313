import { z } from 'zod';
import { clock } from '../../domain/recovery.ts';
import type { CopyState } from '../../ports/recovery.ts';

/** What a copy says of itself: Azure keeps no record of its own of a database's restore. */
const copyOf = 'stamps-copy-of';
const asOf = 'stamps-as-of';

export const tags = z.record(z.string(), z.string()).nullish();

export function tagsOf({ from, at }: CopyState, runId: string): Record<string, string> {
  return { [copyOf]: from, [asOf]: at, 'stamps-run': runId };
}

/** Undefined: Stamps did not make it. */
export function copyIn(found: z.infer<typeof tags>): CopyState | undefined {
  const from = found?.[copyOf];
  const at = found?.[asOf];
  return from === undefined || at === undefined ? undefined : { from, at };
}

/** Somebody else's, by that name: as planned it is not, so it is a drift. */
export const foreign: CopyState = { from: '', at: '' };

export function sameCopy(a: CopyState | null, b: CopyState | null): boolean {
  return a?.from.toLowerCase() === b?.from.toLowerCase() && a?.at === b?.at;
}

export function describeCopy(before: CopyState | null, after: CopyState | null): string {
  if (!after) return before ? `${words(before)} is deleted` : 'no copy';
  return before ? `${words(before)} → ${words(after)}` : words(after);
}

function words({ from, at }: CopyState): string {
  return from === '' ? 'something that Stamps did not make' : `copy of ${from.split('/').at(-1)} as of ${clock(at)}`;
}
