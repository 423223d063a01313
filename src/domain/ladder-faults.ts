import { shown } from './estate.ts';
import type { Rung } from './incident-policy.ts';
import type { PageTarget } from './page-target.ts';

/** Somebody's turn in a policy of the pager, at any of its levels. Times are ISO 8601, UTC; absent: without that end. */
export interface PagerTurn {
  readonly policyId: string;
  readonly person: { readonly id: string; readonly name: string };
  readonly from?: string;
  readonly until?: string;
}

/** What the pager has, by which a ladder is judged. */
export interface PagerFacts {
  /** Everybody who can be paged. */
  readonly targets: readonly PageTarget[];
  /** The escalation policy of the service that is paged first; undefined: it has none that is known. */
  readonly own: { readonly id: string; readonly name: string } | undefined;
  /** Turns of that policy and of those that rungs page, now and soon. */
  readonly turns: readonly PagerTurn[];
}

/** So many names stand in a fault; who mends it looks in the pager anyway. */
const mostNames = 3;

/**
 * Rungs that would page wrongly: nobody, the policy of the paged service itself, which the pager climbs anyway, or people
 * who are on call for that one at the same time. Each is a sentence of what it means and what to do. Names are
 * unescaped text of strangers.
 */
export function ladderFaults(ladder: readonly Rung[], { targets, own, turns }: PagerFacts): string[] {
  return ladder.flatMap(({ tell, page }) => {
    if (!page) return [];
    const [kind, id] = 'policy' in page ? (['policy', page.policy] as const) : (['person', page.person] as const);
    const rung = `The ladder’s rung “${tell}” pages`;
    const target = targets.find((one) => one.kind === kind && one.id === id);
    if (!target) {
      const says = `${rung} the ${kind} ${id}, and PagerDuty has none of that id: nobody will be woken there.`;
      return [`${says} Correct it in the policy file, and start Stamps again.`];
    }
    if (!own) return [];
    const twice = 'PagerDuty climbs that one by itself, so they will be woken twice.';
    const instead = `In the policy file write \`${tell}\` alone, or name somebody else, and start Stamps again.`;
    const ownPolicy = `${shown(own.name)}, the policy of the service that is paged first`;
    if (id === own.id) return [`${rung} ${ownPolicy}. ${twice} ${instead}`];

    const woken = kind === 'policy' ? turns.filter(({ policyId }) => policyId === id) : [{ person: target }];
    const first = turns.filter(({ policyId }) => policyId === own.id);
    const both = woken.filter((one) => first.some((other) => meet(one, other))).map(({ person }) => person.name);
    if (both.length === 0) return [];
    const whom = kind === 'person' ? '' : `${shown(target.name)}, with `;
    return [`${rung} ${whom}${names(both)}, on call at the same time for ${ownPolicy}. ${twice} ${instead}`];
  });
}

/** Are they one person's, and share a moment? */
function meet(a: Omit<PagerTurn, 'policyId'>, b: Omit<PagerTurn, 'policyId'>): boolean {
  const before = (from = '', until = '9999') => from < until;
  return a.person.id === b.person.id && before(a.from, b.until) && before(b.from, a.until);
}

function names(all: readonly string[]): string {
  const once = [...new Set(all)].map(shown);
  const more = once.length - mostNames;
  return more > 0 ? `${once.slice(0, mostNames).join(', ')} and ${more} more` : once.join(', ');
}
