import type { AppStatus } from '../../page-state.ts';
import type { SlackUser } from '../../slack/contract.ts';
import { PersonSwitcher } from './person-switcher.tsx';

interface Props {
  readonly users: readonly SlackUser[];
  readonly me: SlackUser;
  readonly app: AppStatus;
  readonly drawer: boolean;
  readonly onDrawer: () => void;
  readonly onPerson: (id: string) => void;
}

const words: Readonly<Record<AppStatus['state'], string>> = {
  absent: 'Bot not started',
  starting: 'Bot starting…',
  ready: 'Bot ready',
  unready: 'Bot not ready',
  stopped: 'Bot stopped',
  died: 'Bot down',
};

export function TopBar({ users, me, app, drawer, onDrawer, onPerson }: Props) {
  return (
    <header className="top-bar">
      <button
        type="button"
        className="icon-button drawer-button"
        aria-label="Channels"
        aria-expanded={drawer}
        onClick={onDrawer}
      >
        ☰
      </button>
      <h1>
        <img src="/icon.svg" alt="" />
        <span>Stamps sandbox</span>
      </h1>
      <p className="bot-state" title={app.says}>
        <span className={`dot dot-bot-${app.state}`} aria-hidden="true" />
        <span>{words[app.state]}</span>
      </p>
      <PersonSwitcher users={users} me={me} onPick={onPerson} />
    </header>
  );
}
