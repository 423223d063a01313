import type { Member } from '../../../src/domain/person.ts';
import type { OpsError } from '../../../src/errors.ts';
import type { PeoplePort } from '../../../src/ports/people.ts';
import { ana, ben } from '../sample-run.ts';

export function sampleMember(id: string, groups: readonly string[], barred?: Member['barred']): Member {
  return { id, teamId: 'T0STAMPS', name: id.toLowerCase(), groups, ...(barred && { barred }) };
}

/** Ana is on call, Ben leads, Olga operates, Gus is a guest, Stan comes from elsewhere, Rob is a bot, Dee has left, Nia is in no group. */
export function createFakePeople() {
  const members = new Map<string, Member>(
    [
      sampleMember(ana, ['oncall']),
      sampleMember(ben, ['leads']),
      sampleMember('U0OLGA', ['operators']),
      sampleMember('U0NIA', []),
      sampleMember('U0GUS', ['oncall', 'leads'], 'guest'),
      sampleMember('U0STAN', ['oncall', 'leads'], 'stranger'),
      sampleMember('U0ROB', ['oncall', 'leads'], 'bot'),
      sampleMember('U0DEE', ['oncall', 'leads'], 'deactivated'),
    ].map((member) => [member.id, member]),
  );
  const asked: { personId: string; fresh: boolean }[] = [];
  const state: { failure?: OpsError } = {};
  const people: PeoplePort = {
    async member(personId, { fresh }) {
      asked.push({ personId, fresh });
      if (state.failure) throw state.failure;
      return members.get(personId) ?? sampleMember(personId, [], 'unknown');
    },
    inGroups: async (groups) =>
      [...members.values()]
        .filter((member) => member.groups.some((group) => groups.includes(group)))
        .map(({ id }) => id),
  };
  return { people, members, asked, state };
}
