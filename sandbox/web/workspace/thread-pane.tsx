import { useEffect, useRef } from 'react';
import type { SlackChannel } from '../../slack/contract.ts';
import type { Hands } from '../state/use-hands.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { noPlaces } from './suggestions.ts';
import { topicsOf } from './timeline.ts';

interface Props {
  readonly channel: SlackChannel;
  readonly ts: string;
  readonly me: string;
  readonly hands: Hands;
  readonly onClose: () => void;
}

/** One thread beside its channel; on a narrow screen, in its place. Escape closes it. */
export function ThreadPane({ channel, ts, me, hands, onClose }: Props) {
  const pane = useRef<HTMLElement>(null);
  useFocusInside(pane, ts);
  const topic = topicsOf(channel, me).find((candidate) => candidate.message.ts === ts);
  return (
    <section
      ref={pane}
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="pane-header">
        <h2>
          Thread <span className="quiet">{channel.isDirect ? '' : `#${channel.name}`}</span>
        </h2>
        <button type="button" className="icon-button" aria-label="Close the thread" onClick={onClose}>
          ✕
        </button>
      </header>
      <MessageList
        key={ts}
        channelId={channel.id}
        label="Messages in the thread"
        topics={topic ? [topic.message, ...topic.replies].map((message) => ({ message, replies: [] })) : []}
        hands={hands}
        empty={<p className="welcome">This message is gone.</p>}
      />
      <Composer
        key={`${me} ${channel.id} ${ts}`}
        draftKey={`${me} ${channel.id} ${ts}`}
        label="Reply in the thread"
        places={noPlaces}
        inThread
        onSay={(text) => hands({ do: 'say', channel: channel.id, text, thread: ts })}
      />
    </section>
  );
}

/** Puts the focus into the pane when it opens, and back where it was when it closes. */
function useFocusInside(pane: React.RefObject<HTMLElement | null>, ts: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thread in the same pane takes the focus anew
  useEffect(() => {
    const before = document.activeElement;
    pane.current?.querySelector('textarea')?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [ts, pane]);
}
