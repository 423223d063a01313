interface Props {
  readonly at: string;
  readonly botChannelId: string | undefined;
  readonly onGo: (at: string) => void;
}

/** Home and Messages of the app. */
export function AppTabs({ at, botChannelId, onGo }: Props) {
  const tab = (to: string, label: string) => (
    <button type="button" className="app-tab" aria-current={at === to ? 'page' : undefined} onClick={() => onGo(to)}>
      {label}
    </button>
  );
  return (
    <>
      <h2>
        Stamps <span className="app-badge">App</span>
      </h2>
      <div className="app-tabs">
        {tab('home', 'Home')}
        {botChannelId !== undefined && tab(botChannelId, 'Messages')}
      </div>
    </>
  );
}
