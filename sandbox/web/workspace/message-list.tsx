import { Fragment, type ReactNode } from 'react';
import type { Hands } from '../state/use-hands.ts';
import { useNow } from '../state/use-now.ts';
import { ago } from '../text/slack-date.ts';
import { Message } from './message.tsx';
import { dayOf, goesOn, type Topic } from './timeline.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

interface Props {
  readonly channelId: string;
  readonly label: string;
  readonly topics: readonly Topic[];
  readonly hands: Hands;
  /** The thread that is open beside the list. */
  readonly openThread?: string | undefined;
  /** Absent in a thread, where nothing can be replied to. */
  readonly onThread?: (ts: string) => void;
  readonly empty?: ReactNode;
}

export function MessageList({ channelId, label, topics, hands, openThread, onThread, empty }: Props) {
  const { ref, behind, toEnd } = useStickToEnd<HTMLElement>();
  const root = onThread ? undefined : topics[0];
  return (
    <div className="scroller-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: people who use the keyboard must be able to scroll it */}
      <section className="scroller" ref={ref} tabIndex={0} aria-label={label}>
        {topics.length === 0 && empty}
        {topics.map(({ message, replies }, index) => {
          const before = topics[index - 1];
          const newDay = before === undefined || dayOf(before.message.ts) !== dayOf(message.ts);
          const open = openThread === message.ts;
          return (
            <Fragment key={message.ts}>
              {newDay && onThread && <Day ts={message.ts} />}
              {index === 1 && !onThread && (
                <Rule>{topics.length === 2 ? '1 reply' : `${topics.length - 1} replies`}</Rule>
              )}
              <div className={open ? 'topic topic-open' : 'topic'}>
                <Message
                  channelId={channelId}
                  message={message}
                  compact={before?.replies.length === 0 && before !== root && goesOn(before.message, message)}
                  hands={hands}
                >
                  {onThread && replies.length > 0 && (
                    <ThreadLink topic={{ message, replies }} onOpen={() => onThread(message.ts)} />
                  )}
                </Message>
                {onThread && message.ephemeralTo === undefined && (
                  <button type="button" className="reply-button" onClick={() => onThread(message.ts)}>
                    💬<span className="hidden"> Reply in thread</span>
                  </button>
                )}
                {message.ephemeralTo === undefined && !message.pinned && (
                  <button
                    type="button"
                    className={onThread ? 'reply-button pin-button' : 'reply-button'}
                    onClick={() => void hands({ do: 'pin', channel: channelId, ts: message.ts })}
                  >
                    📌<span className="hidden"> Pin to channel</span>
                  </button>
                )}
              </div>
            </Fragment>
          );
        })}
      </section>
      {behind && (
        <button type="button" className="to-end" onClick={toEnd}>
          ↓ Newest messages
        </button>
      )}
    </div>
  );
}

function Day({ ts }: { ts: string }) {
  const date = new Date(Number(ts) * 1_000);
  const today = dayOf(ts) === new Date().toDateString();
  return (
    <Rule>{today ? 'Today' : date.toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric' })}</Rule>
  );
}

function Rule({ children }: { children: ReactNode }) {
  return (
    <div className="day">
      <span>{children}</span>
    </div>
  );
}

function ThreadLink({ topic, onOpen }: { topic: Topic; onOpen: () => void }) {
  const now = useNow();
  const last = topic.replies.at(-1);
  const count = topic.replies.length;
  return (
    <button type="button" className="thread-link" onClick={onOpen}>
      <strong>{count === 1 ? '1 reply' : `${count} replies`}</strong>
      {last && <span className="quiet">last reply {ago(Math.min(0, Number(last.ts) * 1_000 - now))}</span>}
    </button>
  );
}
