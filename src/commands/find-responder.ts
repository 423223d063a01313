import type { Policy } from '../domain/approval.ts';
import { nearest, shown } from '../domain/estate.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Member } from '../domain/person.ts';
import { OpsError } from '../errors.ts';
import type { PeoplePort } from '../ports/people.ts';

interface Asking {
  readonly people: PeoplePort;
  readonly policy: Policy;
  /** Who asks: `me`. */
  readonly member: Member;
}

/**
 * Who of the responders somebody means: `me`, a mention, a Slack id, or a name as Slack shows it. A name only chooses
 * among those who may respond; it gives nobody a right. Throws `not-found`, `ambiguous`, `not-allowed`.
 */
export async function findResponder({ people, policy, member }: Asking, typed: string): Promise<Member> {
  if (typed.toLowerCase() === 'me') return member;
  const id = /^<@([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>$/.exec(typed)?.[1] ?? /^[UW][A-Z0-9]{2,20}$/.exec(typed)?.[0];
  if (id !== undefined) return mustRespond(policy, await people.member(id, { fresh: true }));

  const wanted = plainName(typed.replace(/^@/, ''));
  const known = await Promise.all(
    (await people.inGroups(policy.incidents.responders)).map((personId) => people.member(personId, { fresh: false })),
  );
  const called = known.filter(
    (person) =>
      person.barred === undefined && [person.name, person.handle ?? ''].some((name) => plainName(name) === wanted),
  );
  const [one, another] = called;
  if (one && !another) return mustRespond(policy, await people.member(one.id, { fresh: true }));
  if (one)
    throw new OpsError('ambiguous', `${called.length} responders are called “${shown(typed)}”.`, { hint: mentionHint });
  const near = nearest(
    wanted,
    known.map(({ name, handle }) => handle ?? name),
  );
  throw new OpsError('not-found', `No responder is called “${shown(typed)}”.`, {
    hint: near.length > 0 ? `Did you mean ${near.map((name) => `@${name}`).join(' or ')}?` : mentionHint,
  });
}

const mentionHint = 'In the incident’s thread, `@stamps assign` takes a real mention.';

function mustRespond(policy: Policy, person: Member): Member {
  if (mayRespond(policy, person)) return person;
  throw new OpsError('not-allowed', `${shown(person.name)} may not work on incidents.`, {
    hint: `Choose somebody of ${policy.incidents.responders.join(', ') || 'the responders; the policy names none'}.`,
  });
}

/** Names without what phones and people leave out: case, blanks, dots. */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s._-]/gu, '');
}
