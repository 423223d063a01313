import { useEffect, useState } from 'react';
import type { PageState } from '../../page-state.ts';

/** The page's state as the server pushes it; undefined before the first push. `connected` false: the sandbox is gone. */
export function usePageState(): { state: PageState | undefined; connected: boolean } {
  const [state, setState] = useState<PageState>();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    const events = new EventSource('/api/events');
    events.addEventListener('change', (event) => {
      const parts = JSON.parse(event.data as string) as Partial<PageState>;
      setConnected(true);
      setState((before) => ({ ...before, ...parts }) as PageState);
    });
    // The browser tries again by itself.
    events.addEventListener('error', () => setConnected(false));
    events.addEventListener('open', () => setConnected(true));
    return () => events.close();
  }, []);
  return { state, connected };
}
