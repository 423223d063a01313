import { z } from 'zod';
import type { Person } from '../../domain/person.ts';
import { isOpsError } from '../../errors.ts';
import type { ChatPort } from '../../ports/chat.ts';
import type { WebApi } from './web-api.ts';

const User = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().default(''),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_workflow_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
  }),
});
const Emailed = z.object({ user: z.object({ profile: z.object({ email: z.string().optional() }).optional() }) });
const Identified = z.object({ user: z.object({ id: z.string(), deleted: z.boolean().default(false) }) });
const Users = z.object({ users: z.array(z.string()).default([]) });
const Self = z.object({ team_id: z.string() });

type People = Pick<ChatPort, 'person' | 'idByEmail' | 'emailOf' | 'groupMembers' | 'ping'>;

/** Who somebody is, and who is in a group; and who we are. */
export function createChatPeople(api: WebApi): People {
  let team: Promise<string> | undefined;

  /** Our own workspace; a failure is asked again next time. */
  function ownTeam(): Promise<string> {
    team ??= api.lookup('auth.test', {}, Self).then(({ team_id }) => team_id);
    team.catch(() => {
      team = undefined;
    });
    return team;
  }

  return {
    async person(personId) {
      try {
        const [{ user }, own] = await Promise.all([api.lookup('users.info', { user: personId }, User), ownTeam()]);
        const barred = barredAs(user, own);
        const name = user.profile?.display_name || user.real_name || user.name;
        return {
          id: user.id,
          teamId: user.team_id ?? own,
          name,
          ...(user.name === '' ? {} : { handle: user.name }),
          ...(barred === undefined ? {} : { barred }),
        };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { id: personId, teamId: '', name: personId, barred: 'unknown' };
        throw error;
      }
    },
    async idByEmail(email) {
      try {
        const { user } = await api.lookup('users.lookupByEmail', { email }, Identified);
        return user.deleted ? undefined : user.id;
      } catch (error) {
        if (isOpsError(error, 'not-found')) return undefined;
        throw error;
      }
    },
    async emailOf(personId) {
      return (await api.lookup('users.info', { user: personId }, Emailed)).user.profile?.email;
    },
    async groupMembers(slackGroupId) {
      return (await api.lookup('usergroups.users.list', { usergroup: slackGroupId }, Users)).users;
    },
    async ping() {
      await api.interactive('auth.test', {}, Self);
    },
  };
}

function barredAs(user: z.output<typeof User>['user'], ownTeam: string): Person['barred'] {
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.deleted) return 'deactivated';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== ownTeam)) return 'stranger';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  return undefined;
}
