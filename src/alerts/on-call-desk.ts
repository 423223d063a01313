import type { Policy } from '../domain/approval.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { ladderFaults } from '../domain/ladder-faults.ts';
import type { PageTarget } from '../domain/page-target.ts';
import type { Database } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { OnCallDesk, OnCallName, OnCallPort, OnCallShift, OnCallTurn } from '../ports/on-call.ts';
import type { PagerPort } from '../ports/pager.ts';
import { notConfigured, wantDirectPage } from './direct-pages.ts';
import type { PagerPeople } from './pager-people.ts';

/** Long enough for a rota that changes once a month. */
const lookAheadDays = 35;
const withinMs = 10_000;

/** Who is on call, and pages to whom people choose. */
export function createOnCallDesk(parts: {
  readonly database: Database;
  readonly policy: Policy;
  readonly onCall: OnCallPort | undefined;
  readonly pager: PagerPort | undefined;
  readonly people: PagerPeople;
  readonly clock: Clock;
}): OnCallDesk {
  const { database, policy, people, clock } = parts;
  const port = (): OnCallPort => {
    if (!parts.onCall) throw notConfigured();
    return parts.onCall;
  };

  async function named({ person, from, until }: OnCallShift): Promise<OnCallName> {
    const slack = await people.inSlack(person.email);
    return {
      name: person.name,
      ...(slack && { slackId: slack.id }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    };
  }

  async function turnOf(shifts: readonly OnCallShift[], first: OnCallShift): Promise<OnCallTurn> {
    const now = new Date(clock.now()).toISOString();
    const current = shifts.filter(({ from }) => from === undefined || from <= now);
    const next = shifts.find(({ from }) => from !== undefined && from > now);
    return {
      policy: first.policy,
      level: first.level,
      now: await Promise.all(current.map(named)),
      ...(next && { next: await named(next) }),
    };
  }

  const shiftsOf = (policyId?: string) => port().shifts(lookAheadDays, AbortSignal.timeout(withinMs), policyId);
  const ownPolicy = () => port().ownPolicy(AbortSignal.timeout(withinMs));

  async function targets(): Promise<PageTarget[]> {
    const signal = AbortSignal.timeout(withinMs);
    const [policies, everybody] = await Promise.all([port().policies(signal), port().people(signal)]);
    return [
      ...policies.map(({ id, name }) => ({ kind: 'policy' as const, id, name })),
      ...everybody.map(({ id, name, email }) => ({ kind: 'person' as const, id, name, email })),
    ];
  }

  return {
    pagesIncidents: parts.pager !== undefined,
    targets,

    async ladderFaults() {
      const { ladder } = policy.incidents;
      if (!ladder.some(({ page }) => page)) return [];
      const [known, own, shifts] = await Promise.all([targets(), ownPolicy(), shiftsOf()]);
      const turns = shifts.map((shift) => ({ ...shift, policyId: shift.policy.id }));
      return ladderFaults(ladder, { targets: known, own, turns });
    },

    async turns(policyId) {
      const [found, own] = await Promise.all([shiftsOf(policyId), policyId === undefined ? ownPolicy() : undefined]);
      // Whom an incident wakes stands first.
      const shifts = found.toSorted((a, b) => Number(b.policy.id === own?.id) - Number(a.policy.id === own?.id));
      const levels = new Map<string, OnCallShift[]>();
      for (const shift of shifts) {
        const level = `${shift.policy.id}/${shift.level}`;
        levels.set(level, [...(levels.get(level) ?? []), shift]);
      }
      return Promise.all([...levels.values()].map((of) => turnOf(of, of[0] as OnCallShift)));
    },

    async page({ key, target, why, channel }, member) {
      if (!mayRespond(policy, member)) {
        throw new OpsError('not-allowed', 'You may not page: the policy lets only those who respond to incidents.', {
          hint: 'Ask in the incident channel.',
        });
      }
      port();
      await database.transaction((tx) => wantDirectPage(tx, { key, target, why, channel }, member));
    },
  };
}
