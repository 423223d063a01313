import type { ChatPort, MessageContent } from '../ports/chat.ts';
import type { Incoming } from '../ports/incoming.ts';

/** Shows a person, and only them, what became of what they did: where they did it, else in their direct messages. */
export async function answer(chat: ChatPort, incoming: Incoming, content: MessageContent): Promise<void> {
  try {
    if (await answerThere(chat, incoming, content)) return;
  } catch (error) {
    // The place does not take it (the URL has ended, the app is not in the channel): the direct message is left.
    if (incoming.type === 'home') throw error;
  }
  const channel = await chat.directChannel(incoming.personId);
  await chat.post({ channel }, `answer:${incoming.key}`.slice(0, 255), content);
}

/** False: there is no place where one person can be answered. */
async function answerThere(chat: ChatPort, incoming: Incoming, content: MessageContent): Promise<boolean> {
  switch (incoming.type) {
    case 'command':
      await chat.respond(incoming.responseUrl, content);
      return true;
    case 'action':
    case 'mention':
    case 'edit':
    case 'pin': {
      if (incoming.channel === undefined) return false;
      const { channel, threadTs } = incoming;
      await chat.whisper({ channel, ...(threadTs !== undefined && { threadTs }) }, incoming.personId, content);
      return true;
    }
    case 'submission': {
      const channel = openedIn(incoming.privateMetadata);
      if (channel === undefined) return false;
      await chat.whisper({ channel }, incoming.personId, content);
      return true;
    }
    case 'home':
      await chat.publishHome(incoming.personId, { type: 'home', blocks: content.blocks });
      return true;
  }
}

function openedIn(privateMetadata: string): string | undefined {
  try {
    const opened: unknown = JSON.parse(privateMetadata);
    return typeof opened === 'object' && opened !== null && 'channel' in opened && typeof opened.channel === 'string'
      ? opened.channel
      : undefined;
  } catch {
    return undefined;
  }
}
