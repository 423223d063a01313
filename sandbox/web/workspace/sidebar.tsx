import type { SlackChannel, SlackUser } from '../../slack/contract.ts';
import { Avatar } from './avatar.tsx';
import { outsides } from './rooms.ts';

interface Props {
  readonly channels: readonly SlackChannel[];
  /** Where the person is: a channel's id or `home`. */
  readonly at: string;
  /** Unread messages by channel id; outside Slack, what waits there. */
  readonly unread: ReadonlyMap<string, number>;
  readonly bot: SlackUser | undefined;
  /** The direct conversation with the app, when there is one. */
  readonly botChannelId: string | undefined;
  readonly personOf: (channel: SlackChannel) => SlackUser | undefined;
  readonly onGo: (at: string) => void;
}

export function Sidebar({ channels, at, unread, bot, botChannelId, personOf, onGo }: Props) {
  const entry = (id: string, label: string, before: React.ReactNode, current = at === id) => {
    const count = unread.get(id) ?? 0;
    return (
      <li key={id}>
        <button
          type="button"
          className={count > 0 && !current ? 'place unread' : 'place'}
          aria-current={current ? 'page' : undefined}
          onClick={() => onGo(id)}
        >
          {before}
          <span className="place-name">{label}</span>
          {count > 0 && !current && (
            <span className="badge">
              {count}
              <span className="hidden"> new</span>
            </span>
          )}
        </button>
      </li>
    );
  };
  const direct = channels.filter((channel) => channel.isDirect && channel.id !== botChannelId);
  return (
    <nav className="sidebar" aria-label="Workspace">
      <h2>Channels</h2>
      <ul>
        {channels
          .filter((channel) => !channel.isDirect)
          .map((channel) => entry(channel.id, channel.name, <span className="hash">#</span>))}
      </ul>
      {direct.length > 0 && (
        <>
          <h2>Direct messages</h2>
          <ul>
            {direct.map((channel) => {
              const person = personOf(channel);
              return entry(channel.id, person?.realName ?? channel.name, <Avatar user={person} size="small" />);
            })}
          </ul>
        </>
      )}
      <h2>Apps</h2>
      <ul>
        {entry(
          'home',
          bot?.realName ?? 'Stamps',
          <Avatar user={bot} size="small" />,
          at === 'home' || at === botChannelId,
        )}
      </ul>
      <h2>Outside</h2>
      <ul>{outsides.map(({ at: to, label, sign }) => entry(to, label, <span aria-hidden="true">{sign}</span>))}</ul>
    </nav>
  );
}
