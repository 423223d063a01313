import { changes, type Plan } from '../src/domain/plan.ts';

type Accepted = readonly { readonly changed: boolean; readonly path: string; readonly method: string }[];

/** What Azure accepted of one run. */
export interface Effects {
  /** Writes that changed Azure more often than they were to. */
  readonly doubled: number;
  /** Writes that were sent again, accepted, and changed nothing. */
  readonly harmlessRepeats: number;
}

/** Where a mark is written: notes of what is about to be done, made anew by whoever does it again. */
const marks = '/providers/Microsoft.Resources/tags/default';

/** How often each write changed Azure. */
export function changesOf(accepted: Accepted): Map<string, number> {
  const counted = new Map<string, number>();
  for (const { changed, path, method } of accepted) {
    if (changed && !path.endsWith(marks)) counted.set(`${method} ${path}`, (counted.get(`${method} ${path}`) ?? 0) + 1);
  }
  return counted;
}

/**
 * A write may change Azure as often as in the run without a kill. One that that run did not need may do so once for
 * each step of the run's own plans at the resource: what a drill scales depends on the load of the moment, and it
 * scales it there and back.
 */
export function effectsOf(
  accepted: Accepted,
  { clean, plans }: { readonly clean: ReadonlyMap<string, number>; readonly plans: readonly Plan[] },
): Effects {
  const planned = plans.flatMap((plan) => changes(plan).map(({ resource }) => resource.id.toLowerCase()));
  const stepsAt = (path: string): number => {
    const at = planned.filter((id) => path.toLowerCase() === id || path.toLowerCase().startsWith(`${id}/`));
    const nearest = Math.max(...at.map(({ length }) => length));
    return Math.max(1, at.filter(({ length }) => length === nearest).length);
  };
  const changed = [...changesOf(accepted)];
  return {
    doubled: changed.filter(
      ([write, times]) => times > (clean.get(write) ?? stepsAt(write.slice(write.indexOf(' ') + 1))),
    ).length,
    harmlessRepeats: accepted.filter(({ changed }) => !changed).length,
  };
}
