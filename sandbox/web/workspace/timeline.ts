import type { SlackChannel, SlackMessage } from '../../slack/contract.ts';

/** A first message with what its thread holds. */
export interface Topic {
  readonly message: SlackMessage;
  readonly replies: readonly SlackMessage[];
}

/** Ephemeral messages are for one person alone. */
function isVisible(message: SlackMessage, me: string): boolean {
  return message.ephemeralTo === undefined || message.ephemeralTo === me;
}

export function isReply(message: SlackMessage): boolean {
  return message.threadTs !== undefined && message.threadTs !== message.ts;
}

/** First messages in order, each with its replies, as this person sees them. */
export function topicsOf(channel: SlackChannel, me: string): Topic[] {
  const visible = channel.messages.filter((message) => isVisible(message, me));
  const replies = Map.groupBy(visible.filter(isReply), (message) => message.threadTs);
  return visible
    .filter((message) => !isReply(message))
    .map((message) => ({ message, replies: replies.get(message.ts) ?? [] }));
}

/** How long the same person's next message stands under the same name. */
const sameBreathSeconds = 300;

/** Does it go on from the message before, so that it needs no name and time of its own? */
export function goesOn(before: SlackMessage | undefined, message: SlackMessage): boolean {
  return (
    before !== undefined &&
    before.userId === message.userId &&
    before.ephemeralTo === undefined &&
    message.ephemeralTo === undefined &&
    Number(message.ts) - Number(before.ts) < sameBreathSeconds &&
    dayOf(before.ts) === dayOf(message.ts)
  );
}

export function dayOf(ts: string): string {
  return new Date(Number(ts) * 1_000).toDateString();
}
