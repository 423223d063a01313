import { shown } from './estate.ts';
import type { Rung } from './incident-policy.ts';
import type { PageTarget } from './page-target.ts';

/** What the pager has, by which a ladder is judged. */
export interface PagerFacts {
  /** Everybody who can be paged. */
  readonly targets: readonly PageTarget[];
  /** Id of the escalation policy of the service that is paged first; undefined: it has none that is known. */
  readonly ownPolicyId: string | undefined;
}

/**
 * Rungs that would page wrongly: by the policy of the paged service itself, which the pager climbs anyway, or by nobody.
 * Each is a sentence of what it means and what to do. Names are unescaped text of strangers.
 */
export function ladderFaults(ladder: readonly Rung[], { targets, ownPolicyId }: PagerFacts): string[] {
  return ladder.flatMap(({ tell, page }) => {
    if (!page) return [];
    const [kind, id] = 'policy' in page ? (['policy', page.policy] as const) : (['person', page.person] as const);
    const target = targets.find((one) => one.kind === kind && one.id === id);
    if (!target) {
      const says = `The ladder’s rung “${tell}” pages the ${kind} ${id}, and PagerDuty has none of that id: nobody will be woken there.`;
      return [`${says} Correct it in the policy file, and start Stamps again.`];
    }
    if (kind === 'person' || id !== ownPolicyId) return [];
    const says = `The ladder’s rung “${tell}” pages ${shown(target.name)}, the policy of the service that is paged first. PagerDuty climbs that one by itself, so its people will be woken twice.`;
    return [`${says} In the policy file write \`${tell}\` alone, or name another policy, and start Stamps again.`];
  });
}
