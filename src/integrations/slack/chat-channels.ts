import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { ChatPort } from '../../ports/chat.ts';
import { slackWord } from './translate-error.ts';
import { Done, type WebApi } from './web-api.ts';

/** docs.slack.dev/reference/methods/conversations.invite: 100 at once are safe on every plan. */
const invitedAtOnce = 100;
/** docs.slack.dev/reference/methods/conversations.setTopic. */
const longestTopic = 250;

const Opened = z.object({ channel: z.object({ id: z.string() }) });
const Listed = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().default('') })).default([]),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});

type Channels = Pick<ChatPort, 'createChannel' | 'archiveChannel' | 'invite' | 'setTopic' | 'directChannel'>;

/** Channels, and direct conversations. */
export function createChatChannels(api: WebApi): Channels {
  /** A channel that the app is in, as it is in each that it made. */
  async function ownChannel(name: string): Promise<string | undefined> {
    let cursor = '';
    do {
      const asked = { types: 'public_channel', exclude_archived: true, limit: 200, ...(cursor && { cursor }) };
      const { channels, response_metadata } = await api.bulk('users.conversations', asked, Listed);
      const found = channels.find((channel) => channel.name === name);
      if (found) return found.id;
      cursor = response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return undefined;
  }

  return {
    async createChannel(name) {
      try {
        return (await api.bulk('conversations.create', { name }, Opened)).channel.id;
      } catch (error) {
        if (!isOpsError(error) || slackWord(error) !== 'name_taken') throw error;
        const known = await ownChannel(name);
        if (known !== undefined) return known;
        throw new OpsError('conflict', `There is a channel #${name} already, which is not ours.`, { service: 'Slack' });
      }
    },
    async archiveChannel(channel) {
      try {
        await api.bulk('conversations.archive', { channel }, Done);
      } catch (error) {
        if (!isOpsError(error) || slackWord(error) !== 'already_archived') throw error;
      }
    },
    async invite(channel, personIds) {
      for (const users of inLots(personIds, invitedAtOnce)) {
        try {
          // With `force` those who can be invited are, whatever is wrong with the others.
          const wanted = { channel, users: users.join(','), force: true };
          await api.bulk('conversations.invite', wanted, Done);
        } catch (error) {
          if (!isOpsError(error, 'bad-input')) throw error;
        }
      }
    },
    async setTopic(channel, topic) {
      const text = topic.length > longestTopic ? `${topic.slice(0, longestTopic - 1).toWellFormed()}…` : topic;
      await api.bulk('conversations.setTopic', { channel, topic: text }, Done);
    },
    async directChannel(personId) {
      return (await api.interactive('conversations.open', { users: personId }, Opened)).channel.id;
    },
  };
}

function inLots<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, n * size + size));
}
