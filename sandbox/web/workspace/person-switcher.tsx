import type { SlackUser } from '../../slack/contract.ts';
import { Avatar } from './avatar.tsx';
import { Menu } from './menu.tsx';

/** Who you are in the workspace: one person asks, another approves. */
export function PersonSwitcher(props: { users: readonly SlackUser[]; me: SlackUser; onPick: (id: string) => void }) {
  const { users, me, onPick } = props;
  const items = users
    .filter((user) => !user.isBot)
    .map((user) => ({
      id: user.id,
      label: (
        <>
          <Avatar user={user} size="medium" />
          <span className="person">
            <span className="person-name">{user.realName}</span>
            <span className="quiet">{roleOf(user)}</span>
          </span>
        </>
      ),
    }));
  return (
    <Menu
      label={`You are ${me.realName}. Switch person`}
      buttonClass="person-switcher"
      button={
        <>
          <Avatar user={me} size="medium" />
          <span className="person">
            <span className="person-you">You are</span>
            <span className="person-name">{me.realName}</span>
          </span>
          <span className="caret" aria-hidden="true">
            ▾
          </span>
        </>
      }
      items={items}
      current={me.id}
      onPick={onPick}
    />
  );
}

export function roleOf(user: SlackUser): string {
  const barred = [
    user.deleted && 'deactivated',
    user.isRestricted && 'guest',
    user.isStranger && 'from another workspace',
  ].filter((word): word is string => typeof word === 'string' && !user.title.toLowerCase().includes(word));
  return [user.title, ...barred].filter((part) => part !== '').join(', ');
}
