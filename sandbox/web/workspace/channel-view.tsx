import type { ReactNode } from 'react';
import type { SlackChannel } from '../../slack/contract.ts';
import type { Hands } from '../state/use-hands.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import type { Places } from './suggestions.ts';
import { topicsOf } from './timeline.ts';

interface Props {
  readonly channel: SlackChannel;
  readonly me: string;
  readonly title: ReactNode;
  readonly places: Places;
  readonly hands: Hands;
  readonly openThread: string | undefined;
  readonly onThread: (ts: string) => void;
}

/** A channel's timeline with its composer. */
export function ChannelView({ channel, me, title, places, hands, openThread, onThread }: Props) {
  const name = channel.isDirect ? 'this conversation' : `#${channel.name}`;
  return (
    <section className="channel" aria-label={`Channel ${channel.name}`}>
      <header className="pane-header">{title}</header>
      <MessageList
        key={channel.id}
        channelId={channel.id}
        label={`Messages in ${name}`}
        topics={topicsOf(channel, me)}
        hands={hands}
        openThread={openThread}
        onThread={onThread}
        empty={<Welcome name={name} />}
      />
      <Composer
        key={`${me} ${channel.id}`}
        draftKey={`${me} ${channel.id}`}
        label={`Message ${name}`}
        places={places}
        inThread={false}
        onCommand={(text) => hands({ do: 'command', channel: channel.id, text })}
        onSay={(text) => hands({ do: 'say', channel: channel.id, text })}
      />
    </section>
  );
}

function Welcome({ name }: { name: string }) {
  return (
    <div className="welcome">
      <h3>This is the beginning of {name}</h3>
      <p>
        Try <code>/stamps help</code>, or{' '}
        <code>/stamps isolate cell-banking for 4h because card payments time out</code>. Then switch to somebody who may
        approve it.
      </p>
    </div>
  );
}
