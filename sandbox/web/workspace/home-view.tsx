import { type ReactNode, useCallback, useEffect } from 'react';
import { ActContext } from '../blocks/act.ts';
import { Blocks } from '../blocks/blocks.tsx';
import type { Hands } from '../state/use-hands.ts';

interface Props {
  readonly me: string;
  readonly home: Record<string, unknown> | undefined;
  readonly title: ReactNode;
  readonly hands: Hands;
}

/** The app's Home, as it published it for this person. Opening it tells the app. */
export function HomeView({ me, home, title, hands }: Props) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: each person opens it for themselves
  useEffect(() => void hands({ do: 'open-home' }), [me]);
  const act = useCallback(
    async (actionId: string, value?: string) => {
      await hands({ do: 'act-in-view', view: 'home', actionId, ...(value !== undefined && { value }) });
    },
    [hands],
  );
  return (
    <section className="channel" aria-label="Home of the Stamps app">
      <header className="pane-header">{title}</header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: people who use the keyboard must be able to scroll it */}
      <section className="scroller" tabIndex={0} aria-label="Home">
        <div className="home">
          <ActContext value={act}>
            {home ? <Blocks blocks={(home.blocks as object[] | undefined) ?? []} /> : <p className="quiet">Opening…</p>}
          </ActContext>
        </div>
      </section>
    </section>
  );
}
