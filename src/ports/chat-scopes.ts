import type { ChatPort } from './chat.ts';
import type { Incoming } from './incoming.ts';

/** The Slack scopes that each method of the chat port needs, by docs.slack.dev/reference/methods. */
export const chatScopes: Readonly<Record<keyof ChatPort, readonly string[]>> = {
  post: ['chat:write'],
  update: ['chat:write'],
  /** conversations.history and .replies with `include_all_metadata`, in channels and in direct messages. */
  findByKey: ['channels:history', 'groups:history', 'im:history', 'metadata.message:read'],
  upload: ['files:write'],
  uploadPicture: ['files:read', 'files:write'],
  whisper: ['chat:write'],
  respond: [],
  openView: [],
  updateView: [],
  publishHome: [],
  person: ['users:read'],
  idByEmail: ['users:read.email'],
  emailOf: ['users:read', 'users:read.email'],
  groupMembers: ['usergroups:read'],
  /** conversations.create, and users.conversations to find it again. */
  createChannel: ['channels:manage', 'channels:read'],
  invite: ['channels:manage'],
  archiveChannel: ['channels:manage'],
  setTopic: ['channels:manage'],
  /** files.list, twice. */
  hasUploaded: ['files:read'],
  findCanvases: ['files:read'],
  createCanvas: ['canvases:write'],
  shareCanvas: ['canvases:write'],
  fileAddress: ['files:read'],
  directChannel: ['im:write'],
  ping: [],
};

/** What the app must have switched on so that Slack tells us each of these. */
export const incomingNeeds: Readonly<
  Record<Incoming['type'], { readonly scopes: readonly string[]; readonly event?: string }>
> = {
  command: { scopes: ['commands'] },
  action: { scopes: [] },
  submission: { scopes: [] },
  mention: { scopes: ['app_mentions:read'], event: 'app_mention' },
  edit: { scopes: ['app_mentions:read'], event: 'app_mention' },
  pin: { scopes: ['pins:read'], event: 'pin_added' },
  home: { scopes: [], event: 'app_home_opened' },
};
