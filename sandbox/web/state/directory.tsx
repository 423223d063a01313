import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { SlackSnapshot, SlackUser } from '../../slack/contract.ts';

/** Who and what the ids in messages are, for the person who looks. */
export interface Directory {
  readonly me: string;
  readonly users: readonly SlackUser[];
  user(id: string): SlackUser | undefined;
  /** Of a person, a channel or a user group. */
  nameOf(id: string): string | undefined;
}

const nobody: Directory = { me: '', users: [], user: () => undefined, nameOf: () => undefined };
const DirectoryContext = createContext(nobody);

export function useDirectory(): Directory {
  return useContext(DirectoryContext);
}

export function DirectoryProvider(props: { slack: SlackSnapshot; me: string; children: ReactNode }) {
  const { slack, me, children } = props;
  const { users, groups, channels } = slack;
  const directory = useMemo(() => directoryOf({ users, groups, channels }, me), [users, groups, channels, me]);
  return <DirectoryContext value={directory}>{children}</DirectoryContext>;
}

export function directoryOf(slack: Pick<SlackSnapshot, 'users' | 'groups' | 'channels'>, me: string): Directory {
  const users = new Map(slack.users.map((user) => [user.id, user]));
  const names = new Map([
    ...slack.users.map((user): [string, string] => [user.id, user.realName]),
    ...slack.groups.map((group): [string, string] => [group.id, group.handle]),
    ...slack.channels.map((channel): [string, string] => [channel.id, channel.name]),
  ]);
  return { me, users: slack.users, user: (id) => users.get(id), nameOf: (id) => names.get(id) };
}
