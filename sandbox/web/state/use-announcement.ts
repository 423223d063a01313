import { useEffect, useRef, useState } from 'react';
import type { SlackChannel } from '../../slack/contract.ts';
import { plainText } from '../text/plain-text.ts';
import type { Directory } from './directory.tsx';

/** What a screen reader is told of: the newest message of somebody else in what the person sees. */
export function useAnnouncement(channel: SlackChannel | undefined, directory: Directory): string {
  const [said, setSaid] = useState('');
  const heard = useRef<{ key: string; ts: number }>({ key: '', ts: 0 });
  const key = `${directory.me} ${channel?.id}`;
  const visible = channel?.messages.filter(
    ({ ephemeralTo }) => ephemeralTo === undefined || ephemeralTo === directory.me,
  );
  const newest = visible?.reduce<(typeof visible)[number] | undefined>(
    (best, message) => (Number(message.ts) > Number(best?.ts ?? 0) ? message : best),
    undefined,
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new message is news, not new names
  useEffect(() => {
    const ts = Number(newest?.ts ?? 0);
    const isNews = heard.current.key === key && ts > heard.current.ts;
    heard.current = { key, ts: Math.max(ts, isNews ? heard.current.ts : 0) };
    if (!isNews) setSaid('');
    if (!isNews || !newest || newest.userId === directory.me) return;
    const name = directory.nameOf(newest.userId) ?? 'Somebody';
    setSaid(`${name}: ${plainText(newest.text, directory.nameOf)}`.slice(0, 400));
  }, [key, newest?.ts]);
  return said;
}
