import { useCallback, useMemo } from 'react';
import type { SlackMessage } from '../../slack/contract.ts';
import { ActContext } from '../blocks/act.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { useDirectory } from '../state/directory.tsx';
import type { Hands } from '../state/use-hands.ts';
import { MrkdwnText } from '../text/mrkdwn-text.tsx';
import { Avatar } from './avatar.tsx';
import { FileCard } from './file-card.tsx';

interface Props {
  readonly channelId: string;
  readonly message: SlackMessage;
  /** It needs no name of its own. */
  readonly compact: boolean;
  readonly hands: Hands;
  readonly children?: React.ReactNode;
}

export function Message({ channelId, message, compact, hands, children }: Props) {
  const { user } = useDirectory();
  const author = user(message.userId);
  const act = useCallback(
    async (actionId: string, value?: string) => {
      await hands({ do: 'act', channel: channelId, ts: message.ts, actionId, ...(value !== undefined && { value }) });
    },
    [hands, channelId, message.ts],
  );
  const time = useMemo(() => new Date(Number(message.ts) * 1_000), [message.ts]);
  const clock = time.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  const kind = ['message', compact && 'compact', message.ephemeralTo !== undefined && 'ephemeral'].filter(Boolean);
  return (
    <article className={kind.join(' ')} data-ts={message.ts} aria-label={`${author?.realName ?? 'Somebody'}, ${clock}`}>
      <div className="gutter">
        {compact ? <time className="gutter-time">{clock}</time> : <Avatar user={author} size="large" />}
      </div>
      <div className="content">
        {message.ephemeralTo !== undefined && <p className="only-you">👁 Only visible to you</p>}
        {!compact && (
          <p className="byline">
            <span className="author">{author?.realName ?? message.userId}</span>
            {author?.isBot && <span className="app-badge">App</span>}
            <time className="quiet" dateTime={time.toISOString()} title={time.toLocaleString()}>
              {clock}
            </time>
          </p>
        )}
        <ActContext value={act}>
          {message.blocks && message.blocks.length > 0 ? (
            <Blocks blocks={message.blocks} />
          ) : (
            <div className="text">
              <MrkdwnText text={message.text} />
              {message.edited && <span className="quiet"> (edited)</span>}
            </div>
          )}
        </ActContext>
        {message.pinned && <p className="only-you">📌 Pinned</p>}
        {message.files?.map((file) => (
          <FileCard key={file.id} file={file} />
        ))}
        {children}
      </div>
    </article>
  );
}
