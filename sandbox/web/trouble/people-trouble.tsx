import type { SlackSnapshot } from '../../slack/contract.ts';
import type { Fault } from './fault.ts';

/** Who is in which user group: rights follow it at once. */
export function PeopleTrouble({ slack, fault }: { slack: SlackSnapshot; fault: Fault }) {
  const people = slack.users.filter((user) => !user.isBot && !user.deleted);
  return (
    <details className="trouble-more">
      <summary>Who is in which group</summary>
      {slack.groups.map((group) => (
        <fieldset key={group.id} className="trouble">
          <legend>@{group.handle}</legend>
          <div className="trouble-buttons">
            {people.map((user) => {
              const isIn = group.users.includes(user.id);
              const users = isIn ? group.users.filter((id) => id !== user.id) : [...group.users, user.id];
              return (
                <button
                  key={user.id}
                  type="button"
                  className="button toggle"
                  aria-pressed={isIn}
                  onClick={() => fault({ do: 'set-group', group: group.id, users: [...users] })}
                >
                  {user.realName}
                </button>
              );
            })}
          </div>
        </fieldset>
      ))}
    </details>
  );
}
