import { useEffect, useRef } from 'react';
import type { SlackChannel } from '../../slack/contract.ts';
import { topicsOf } from '../workspace/timeline.ts';

/**
 * How many new first messages each channel has for this person, by channel id. What stood there when the page was
 * opened counts as read.
 */
export function useUnread(channels: readonly SlackChannel[], me: string, at: string): ReadonlyMap<string, number> {
  const read = useRef(new Map<string, string>());
  const latest = (channel: SlackChannel) => channel.messages.at(-1)?.ts ?? '0';
  for (const channel of channels) {
    const key = `${me} ${channel.id}`;
    if (!read.current.has(key)) read.current.set(key, latest(channel));
  }
  useEffect(() => {
    const open = channels.find((channel) => channel.id === at);
    if (open) read.current.set(`${me} ${open.id}`, latest(open));
  });
  return new Map(
    channels.map((channel) => {
      const seen = Number(read.current.get(`${me} ${channel.id}`));
      const fresh = topicsOf(channel, me).filter(({ message }) => Number(message.ts) > seen && message.userId !== me);
      return [channel.id, fresh.length];
    }),
  );
}
