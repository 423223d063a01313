import { useEffect, useMemo, useState } from 'react';
import type { PageState } from '../../page-state.ts';
import { EstateMap } from '../estate/estate-map.tsx';
import { PagerView } from '../outside/pager-view.tsx';
import { PublicPageView } from '../outside/public-page-view.tsx';
import { DirectoryProvider, directoryOf } from '../state/directory.tsx';
import { useAnnouncement } from '../state/use-announcement.ts';
import { useHands } from '../state/use-hands.ts';
import { usePlace } from '../state/use-place.ts';
import { useUnread } from '../state/use-unread.ts';
import { BreakPanel } from '../trouble/break-panel.tsx';
import { AppTabs } from './app-tabs.tsx';
import { BotBanner } from './bot-banner.tsx';
import { ChannelView } from './channel-view.tsx';
import { HomeView } from './home-view.tsx';
import { ModalView } from './modal-view.tsx';
import { roomsOf } from './rooms.ts';
import { Sidebar } from './sidebar.tsx';
import { Tabs } from './tabs.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { TopBar } from './top-bar.tsx';

/** The whole page, as one person sees it. */
export function Workspace({ state, connected }: { state: PageState; connected: boolean }) {
  const { slack, estate } = state;
  const [place, go] = usePlace();
  const [drawer, setDrawer] = useState(false);
  const rooms = useMemo(() => roomsOf(slack, place), [slack, place]);
  const { me, at, channel, channels } = rooms;
  const hands = useHands(me.id);
  const directory = useMemo(() => directoryOf(slack, me.id), [slack, me.id]);
  const unread = useUnread(channels, me.id, at);
  const waiting = new Map([
    ...unread,
    ['pagerduty', state.incidents.filter(({ status }) => status === 'triggered').length],
    ['statuspage', state.publicPage.incidents.filter(({ status }) => status !== 'resolved').length],
  ]);
  const announcement = useAnnouncement(channel, directory);
  const views = slack.views.filter((view) => view.userId === me.id);
  const modal = views.at(-1);
  const places = useMemo(
    () => ({
      cells: estate.regions.flatMap((region) => region.cells.map((cell) => cell.name)),
      regions: estate.regions.map(({ name }) => name),
    }),
    [estate],
  );
  const title =
    at === 'home' || at === rooms.botChannelId ? (
      <AppTabs at={at} botChannelId={rooms.botChannelId} onGo={(to) => go({ at: to, thread: undefined })} />
    ) : (
      <h2>
        <span className="hash">{channel?.isDirect ? '' : '#'}</span> {rooms.title}
      </h2>
    );

  useEffect(() => {
    document.title = `${rooms.title} – Stamps sandbox`;
  }, [rooms.title]);

  return (
    <DirectoryProvider slack={slack} me={me.id}>
      <div className="page" data-tab={place.tab} data-thread={place.thread !== undefined} data-drawer={drawer}>
        <TopBar
          users={slack.users}
          me={me}
          app={state.app}
          drawer={drawer}
          onDrawer={() => setDrawer(!drawer)}
          onPerson={(as) => go({ as })}
        />
        <BotBanner app={state.app} connected={connected} />
        <Sidebar
          channels={channels}
          at={at}
          unread={waiting}
          bot={rooms.bot}
          botChannelId={rooms.botChannelId}
          personOf={(direct) => slack.users.find((user) => user.id !== me.id && direct.members.includes(user.id))}
          onGo={(to) => {
            setDrawer(false);
            go({ at: to, thread: undefined, tab: 'channel' });
          }}
        />
        <main className="main">
          {channel ? (
            <ChannelView
              channel={channel}
              me={me.id}
              title={title}
              places={places}
              hands={hands}
              openThread={place.thread}
              onThread={(thread) => go({ thread })}
            />
          ) : at === 'pagerduty' ? (
            <PagerView incidents={state.incidents} account={state.pagerAccount} me={me.realName} />
          ) : at === 'statuspage' ? (
            <PublicPageView page={state.publicPage} />
          ) : (
            <HomeView key={me.id} me={me.id} home={slack.homes[me.id]} title={title} hands={hands} />
          )}
          {channel && place.thread !== undefined && (
            <ThreadPane
              channel={channel}
              ts={place.thread}
              me={me.id}
              hands={hands}
              onClose={() => go({ thread: undefined })}
            />
          )}
        </main>
        <aside className="side" aria-label="The world around the bot">
          <EstateMap estate={estate} chosen={place.cell} onChoose={(cell) => go({ cell })} />
          <BreakPanel state={state} chosen={place.cell} onChoose={(cell) => go({ cell })} />
        </aside>
        <Tabs tab={place.tab} onTab={(tab) => go({ tab })} />
        {modal && <ModalView key={modal.id} open={modal} hands={hands} />}
        <div className="hidden" role="log" aria-live="polite">
          {announcement}
        </div>
      </div>
    </DirectoryProvider>
  );
}
