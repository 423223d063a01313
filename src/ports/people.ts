import type { Member } from '../domain/person.ts';

/** Who somebody is and which policy groups they are in. In doubt (Slack away, unknown group) nobody is in the group. */
export interface PeoplePort {
  /** `fresh` asks Slack now, as every decision must; else an answer may be 30 s old. */
  member(personId: string, options: { fresh: boolean }): Promise<Member>;
  /** Slack ids of all people in any of these policy groups, each once; a group that can't be asked about has nobody in it. */
  inGroups(groups: readonly string[]): Promise<string[]>;
}
