import { useCallback, useSyncExternalStore } from 'react';

/** What the page shows on a narrow screen; a wide one shows all. */
export type Tab = 'channel' | 'estate' | 'break';

/** Where the person is in the page. It stands in the address, so that reload, Back and a second window work. */
export interface Place {
  /** User id. */
  readonly as: string | undefined;
  /** Channel id, or `home` for the app's Home. */
  readonly at: string | undefined;
  /** The ts of the thread that is open. */
  readonly thread: string | undefined;
  readonly tab: Tab;
  /** The cell that is chosen on the map. */
  readonly cell: string | undefined;
}

export function usePlace(): [Place, (change: Partial<Place>) => void] {
  const hash = useSyncExternalStore(listen, () => location.hash);
  const go = useCallback((change: Partial<Place>) => {
    const next = hashOf({ ...placeOf(location.hash), ...change });
    if (next === location.hash) return;
    // A change of person or cell is no step that Back should undo.
    const step = 'at' in change || 'thread' in change || 'tab' in change;
    history[step ? 'pushState' : 'replaceState'](null, '', next);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  }, []);
  return [placeOf(hash), go];
}

function listen(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  window.addEventListener('popstate', changed);
  return () => {
    window.removeEventListener('hashchange', changed);
    window.removeEventListener('popstate', changed);
  };
}

export function placeOf(hash: string): Place {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const tab = fields.get('tab');
  return {
    as: fields.get('as') ?? undefined,
    at: fields.get('at') ?? undefined,
    thread: fields.get('thread') ?? undefined,
    tab: tab === 'estate' || tab === 'break' ? tab : 'channel',
    cell: fields.get('cell') ?? undefined,
  };
}

export function hashOf(place: Place): string {
  const fields = Object.entries(place).filter(([name, value]) => value && !(name === 'tab' && value === 'channel'));
  return `#${new URLSearchParams(fields as [string, string][])}`;
}
