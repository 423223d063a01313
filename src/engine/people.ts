import type { Policy } from '../domain/approval.ts';
import type { Member, Person } from '../domain/person.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { PeoplePort } from '../ports/people.ts';
import { createCachedAnswers } from './cached-answers.ts';

/**
 * Who people are and which policy groups they are in. A decision asks Slack at that moment, and fails with
 * `unavailable` when Slack is away; elsewhere whoever can't be looked up is in no group.
 */
export function createPeople(
  chat: ChatPort,
  policy: Policy,
  clock: Clock,
  /** Slack ids of who is on call now in one of PagerDuty's escalation policies; in doubt none. */
  onCallNow: (policyId: string) => Promise<readonly string[]> = async () => [],
): PeoplePort {
  const person = createCachedAnswers<Person>((id) => chat.person(id), clock);
  const members = createCachedAnswers((slackGroup) => chat.groupMembers(slackGroup), clock);
  const onCall = createCachedAnswers(onCallNow, clock);

  async function groupsOf(personId: string, fresh: boolean): Promise<string[]> {
    const found = await Promise.all(
      Object.entries(policy.groups).map(async ([name, group]) => {
        if (group.people?.includes(personId)) return name;
        if (group.onCall !== undefined && (await onCall(group.onCall, fresh)).includes(personId)) return name;
        if (group.slackGroup === undefined) return undefined;
        try {
          return (await members(group.slackGroup, fresh)).includes(personId) ? name : undefined;
        } catch (error) {
          // A group that Slack does not know has nobody in it.
          if (isOpsError(error, 'not-found') || (isOpsError(error) && !fresh)) return undefined;
          throw unknown(error);
        }
      }),
    );
    return found.filter((name) => name !== undefined);
  }

  return {
    async member(personId, { fresh }): Promise<Member> {
      const [found, groups] = await Promise.all([
        person(personId, fresh).catch((error) => Promise.reject(unknown(error))),
        groupsOf(personId, fresh),
      ]);
      return { ...found, groups: found.barred === undefined ? groups : [] };
    },
    async inGroups(names) {
      const found = await Promise.all(
        names.map(async (name) => {
          const { people = [], slackGroup } = policy.groups[name] ?? {};
          const inSlack = slackGroup === undefined ? [] : await members(slackGroup, false).catch(nobody);
          return [...people, ...inSlack];
        }),
      );
      return [...new Set(found.flat())];
    },
  };
}

function nobody(error: unknown): readonly string[] {
  if (isOpsError(error)) return [];
  throw error;
}

function unknown(cause: unknown): unknown {
  if (!isOpsError(cause)) return cause;
  return new OpsError('unavailable', 'Slack can’t be asked who you are right now.', {
    hint: 'Nothing was done. Try again in a minute.',
    service: 'Slack',
    cause,
  });
}
