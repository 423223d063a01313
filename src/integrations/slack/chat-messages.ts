import { z } from 'zod';
import type { ChatPort, MessageContent, MessagePlace } from '../../ports/chat.ts';
import { ownHosts, sendToSlack } from './send-to-slack.ts';
import { Done, interactiveTimeoutMs, type WebApi } from './web-api.ts';

const metadataType = 'stamps_message';
/** Newest messages among which a lost post is looked for: two hundred is minutes of a busy channel. */
const lookBack = 200;

const Posted = z.object({ ts: z.string() });
const Found = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z.object({ event_payload: z.record(z.string(), z.unknown()).optional() }).optional(),
      }),
    )
    .default([]),
});

type Messages = Pick<ChatPort, 'post' | 'update' | 'findByKey' | 'whisper' | 'respond'>;

/** Messages, and answers to commands. Each carries its key in its metadata, by which a lost post is found again. */
export function createChatMessages(api: WebApi, apiUrl: string | undefined): Messages {
  return {
    async post(place, key, content) {
      const { ts } = await api.bulk(
        'chat.postMessage',
        { ...placed(place), ...shown(content), ...marked(key) },
        Posted,
      );
      return ts;
    },
    async update(channel, ts, key, content) {
      await api.bulk('chat.update', { channel, ts, ...shown(content), ...marked(key) }, Done);
    },
    async findByKey({ channel, threadTs }, key) {
      const where = { channel, limit: lookBack, include_all_metadata: true };
      const { messages } =
        threadTs === undefined
          ? await api.bulk('conversations.history', where, Found)
          : await api.bulk('conversations.replies', { ...where, ts: threadTs }, Found);
      return messages.find(({ metadata }) => metadata?.event_payload?.key === key)?.ts;
    },
    async whisper(place, personId, content) {
      await api.interactive('chat.postEphemeral', { ...placed(place), user: personId, ...shown(content) }, Done);
    },
    async respond(responseUrl, content) {
      const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...shown(content) });
      await sendToSlack(
        responseUrl,
        { method: 'POST', headers: { 'content-type': 'application/json' }, body },
        interactiveTimeoutMs,
        [...ownHosts(apiUrl), 'hooks.slack.com'],
      );
    },
  };
}

const placed = ({ channel, threadTs }: MessagePlace) => ({
  channel,
  ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
});
const shown = ({ text, blocks }: MessageContent) => ({ text, blocks, unfurl_links: false, unfurl_media: false });
const marked = (key: string) => ({ metadata: { event_type: metadataType, event_payload: { key } } });
