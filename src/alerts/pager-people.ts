import type { Person } from '../domain/person.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { OnCallPort } from '../ports/on-call.ts';

/** Who somebody of the pager is in Slack: the same e-mail address, in doubt nobody. */
export interface PagerPeople {
  /** A full member of the workspace, or undefined; the answer may be ten minutes old. */
  inSlack(email: string): Promise<Person | undefined>;
  /** The same for a user id of the pager. */
  byPagerId(id: string): Promise<Person | undefined>;
  /**
   * Slack ids of who is on call at the policy's first level, as PagerDuty has it now; nobody when it can't be known.
   * Whether one of them may do anything at all is asked of Slack where it is decided.
   */
  onCallNow(policyId: string): Promise<string[]>;
}

const cacheMs = 10 * 60_000;
/** A modal that is opened by who asks has 3 s in all. */
const onCallWithinMs = 1_500;
const peopleWithinMs = 8_000;

export function createPagerPeople(parts: {
  readonly chat: Pick<ChatPort, 'idByEmail' | 'person'>;
  /** Absent: the pager cannot be asked. */
  readonly onCall: OnCallPort | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}): PagerPeople {
  const { chat, onCall, clock, logger } = parts;
  const known = new Map<string, { person: Person | undefined; at: number }>();
  let emails: { byId: ReadonlyMap<string, string>; at: number } | undefined;

  async function ask(email: string): Promise<Person | undefined> {
    const id = await chat.idByEmail(email);
    if (id === undefined) return undefined;
    const person = await chat.person(id);
    return person.barred === undefined ? person : undefined;
  }

  const people: PagerPeople = {
    async inSlack(email) {
      if (email === '') return undefined;
      const hit = known.get(email);
      if (hit && clock.now() - hit.at < cacheMs) return hit.person;
      try {
        const person = await ask(email);
        if (known.size > 10_000) known.clear();
        known.set(email, { person, at: clock.now() });
        return person;
      } catch (error) {
        logger.warn({ err: error }, 'Slack could not say who somebody of PagerDuty is');
        return undefined;
      }
    },

    async byPagerId(id) {
      if (!onCall) return undefined;
      try {
        if (!emails?.byId.has(id) || clock.now() - emails.at >= cacheMs) {
          const all = await onCall.people(AbortSignal.timeout(peopleWithinMs));
          emails = { byId: new Map(all.map((one) => [one.id, one.email])), at: clock.now() };
        }
      } catch (error) {
        logger.warn({ err: error }, 'PagerDuty could not say who somebody is');
      }
      return people.inSlack(emails?.byId.get(id) ?? '');
    },

    async onCallNow(policyId) {
      if (!onCall) return [];
      try {
        const shifts = await onCall.shifts(0, AbortSignal.timeout(onCallWithinMs), policyId);
        const first = shifts.filter(({ level, policy }) => level === 1 && policy.id === policyId);
        const found = await Promise.all(first.map(({ person }) => people.inSlack(person.email)));
        return found.flatMap((person) => (person ? [person.id] : []));
      } catch (error) {
        logger.warn({ err: error, policy: policyId }, 'PagerDuty could not say who is on call: nobody counts as such');
        return [];
      }
    },
  };
  return people;
}
