import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';

interface Notice {
  readonly id: number;
  readonly text: string;
}

const shownMs = 9_000;
const NoticeContext = createContext<(text: string) => void>(() => {});

/** Tells the person something that isn't a message of the workspace. */
export function useNotice(): (text: string) => void {
  return useContext(NoticeContext);
}

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const drop = useCallback((id: number) => setNotices((now) => now.filter((notice) => notice.id !== id)), []);
  const tell = useCallback(
    (text: string) => {
      const id = Math.random();
      setNotices((now) => [...now.slice(-2), { id, text }]);
      setTimeout(() => drop(id), shownMs);
    },
    [drop],
  );
  return (
    <NoticeContext value={tell}>
      {children}
      <div className="notices" role="alert">
        {notices.map(({ id, text }) => (
          <div key={id} className="notice">
            <span>{text}</span>
            <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => drop(id)}>
              ✕
            </button>
          </div>
        ))}
      </div>
    </NoticeContext>
  );
}
