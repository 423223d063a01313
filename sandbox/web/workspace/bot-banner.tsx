import type { AppStatus } from '../../page-state.ts';
import { sendFault } from '../state/api.ts';
import { useNotice } from '../state/notices.tsx';

/** What stands in the way of using the page, with the way out. */
export function BotBanner({ app, connected }: { app: AppStatus; connected: boolean }) {
  const tell = useNotice();
  if (!connected) {
    return (
      <div className="banner" role="alert">
        The sandbox does not answer. Start it again with <code>npm run sandbox</code>; this page goes on by itself.
      </div>
    );
  }
  if (app.state !== 'died' && app.state !== 'unready') return null;
  const restart = () =>
    sendFault({ do: 'restart-bot' }).catch((error: unknown) => tell(error instanceof Error ? error.message : ''));
  return (
    <div className="banner" role="alert">
      <span>{app.says}</span>
      {app.state === 'died' && (
        <button type="button" className="button" onClick={restart}>
          Restart the bot
        </button>
      )}
    </div>
  );
}
