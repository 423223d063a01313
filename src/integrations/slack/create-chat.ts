import type { ChatPort } from '../../ports/chat.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { Secret } from '../../secret.ts';
import { createChatCanvases } from './chat-canvases.ts';
import { createChatChannels } from './chat-channels.ts';
import { createChatFiles } from './chat-files.ts';
import { createChatMessages } from './chat-messages.ts';
import { createChatPeople } from './chat-people.ts';
import { createWebApi, Done } from './web-api.ts';

export interface ChatOptions {
  readonly botToken: Secret;
  /** Undefined: Slack's own. */
  readonly apiUrl: string | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** Slack behind the port. */
export function createChat({ botToken, apiUrl, clock = systemClock }: ChatOptions): ChatPort {
  const api = createWebApi(botToken, apiUrl);
  return {
    ...createChatMessages(api, apiUrl),
    ...createChatFiles(api, apiUrl, clock),
    ...createChatPeople(api),
    ...createChatChannels(api),
    ...createChatCanvases(api),
    async openView(triggerId, view) {
      await api.interactive('views.open', { trigger_id: triggerId, view }, Done);
    },
    async updateView(viewId, view) {
      await api.interactive('views.update', { view_id: viewId, view }, Done);
    },
    async publishHome(personId, view) {
      await api.interactive('views.publish', { user_id: personId, view }, Done);
    },
  };
}
