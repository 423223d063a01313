import { blockFaults } from './block-rules.ts';
import { createCanvas, listFiles, setCanvasAccess } from './canvases.ts';
import { completeUpload, fileFaults, fileInfo, uploadUrl } from './files.ts';
import { botUserId, teamId } from './seed.ts';
import { type Answer, type Args, json, refuse, text } from './web-args.ts';
import type { Message, Workspace } from './workspace.ts';

export interface Surroundings {
  readonly workspace: Workspace;
  readonly now: () => number;
  /** `http://127.0.0.1:4601`. */
  readonly origin: () => string;
  socketUrl(): string;
}
type Method = (args: Args, around: Surroundings) => Answer;

/** 50 blocks a message (Block Kit); texts over 40,000 characters are cut, not refused (chat.postMessage). */
function content(
  args: Args,
  { workspace, now }: Surroundings,
): { refused: Answer } | { message: Pick<Message, 'text' | 'blocks' | 'metadata'> } {
  const blocks = args.blocks === undefined ? undefined : json(args.blocks);
  if (blocks !== undefined) {
    const faults = [...blockFaults(blocks, 50), ...fileFaults(blocks, workspace, now())];
    if (faults.length > 0)
      return {
        refused: refuse('invalid_blocks', {
          response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
        }),
      };
  }
  const said = text(args.text).slice(0, 40_000);
  if (said === '' && (blocks === undefined || (blocks as unknown[]).length === 0))
    return { refused: refuse('no_text') };
  const metadata = json(args.metadata) as Message['metadata'] | undefined;
  return {
    message: {
      text: said,
      ...(blocks === undefined ? {} : { blocks: blocks as object[] }),
      ...(metadata ? { metadata } : {}),
    },
  };
}

function shownTo(args: Args, messages: readonly Message[]): Answer {
  const limit = Math.min(Number(args.limit) || 100, 999);
  const withMetadata = String(args.include_all_metadata) === 'true';
  const visible = messages.filter(({ ephemeralTo }) => ephemeralTo === undefined);
  return {
    ok: true,
    messages: visible.slice(0, limit).map(({ threadTs, userId, metadata, ...message }) => ({
      type: 'message',
      user: userId,
      ...message,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
      ...(withMetadata && metadata ? { metadata } : {}),
    })),
    has_more: visible.length > limit,
  };
}

function opened(args: Args): { refused: Answer } | { view: Args } {
  const view = json(args.view) as Args | undefined;
  if (!view || typeof view !== 'object') return { refused: refuse('invalid_arguments') };
  const size = JSON.stringify(view).length;
  if (size > 250_000) return { refused: refuse('view_too_large') };
  const title = (view.title as Args | undefined)?.text;
  const faults = [
    ...blockFaults(view.blocks, 100),
    ...(view.type === 'modal' && (text(title) === '' || text(title).length > 24) ? ['title: 1 to 24 characters'] : []),
    ...(text(view.private_metadata).length > 3_000 ? ['private_metadata: must be less than 3001 characters'] : []),
  ];
  return faults.length > 0
    ? {
        refused: refuse('invalid_arguments', {
          response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
        }),
      }
    : { view };
}

/** The methods that the product calls; each answers as docs.slack.dev/reference/methods says. */
export const methods: Readonly<Record<string, Method>> = {
  'auth.test': (_, { origin }) => ({
    ok: true,
    url: `${origin()}/`,
    team: 'Stamps sandbox',
    user: 'stamps',
    team_id: teamId,
    user_id: botUserId,
    bot_id: 'B0STAMPS',
  }),
  'apps.connections.open': (_, { socketUrl }) => ({ ok: true, url: socketUrl() }),

  'chat.postMessage'(args, around) {
    const { workspace } = around;
    const channel =
      workspace.channels.get(text(args.channel)) ??
      (workspace.users.has(text(args.channel)) ? workspace.directChannel(text(args.channel)) : undefined);
    if (!channel) return refuse('channel_not_found');
    if (channel.isArchived) return refuse('is_archived');
    const found = content(args, around);
    if ('refused' in found) return found.refused;
    const threadTs = text(args.thread_ts);
    if (threadTs !== '' && !workspace.find(channel.id, threadTs)) return refuse('thread_not_found');
    const { ts } = workspace.add(channel.id, {
      userId: botUserId,
      ...found.message,
      ...(threadTs === '' ? {} : { threadTs }),
    });
    return { ok: true, channel: channel.id, ts, message: { ts, text: found.message.text } };
  },

  'chat.update'(args, around) {
    const { workspace } = around;
    const channel = text(args.channel);
    if (!workspace.channels.has(channel)) return refuse('channel_not_found');
    const message = workspace.find(channel, text(args.ts));
    if (!message || message.ephemeralTo !== undefined) return refuse('message_not_found');
    if (message.userId !== botUserId) return refuse('cant_update_message');
    const found = content(args, around);
    if ('refused' in found) return found.refused;
    Object.assign(message, found.message, { edited: true });
    workspace.changed();
    return { ok: true, channel, ts: message.ts, text: message.text };
  },

  'chat.postEphemeral'(args, around) {
    const { workspace } = around;
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    if (!channel.members.includes(text(args.user))) return refuse('user_not_in_channel');
    const found = content(args, around);
    if ('refused' in found) return found.refused;
    const threadTs = text(args.thread_ts);
    const { ts } = workspace.add(channel.id, {
      userId: botUserId,
      ephemeralTo: text(args.user),
      ...found.message,
      ...(threadTs === '' ? {} : { threadTs }),
    });
    return { ok: true, message_ts: ts };
  },

  'conversations.history'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    return shownTo(args, channel.messages.filter(({ threadTs }) => threadTs === undefined).toReversed());
  },

  'conversations.replies'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    const thread = channel.messages.filter(({ ts, threadTs }) => ts === args.ts || threadTs === args.ts);
    return thread.length === 0 ? refuse('thread_not_found') : shownTo(args, thread);
  },

  'conversations.info'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    return channel
      ? {
          ok: true,
          channel: {
            id: channel.id,
            name: channel.name,
            is_member: true,
            is_im: channel.isDirect ?? false,
            is_ext_shared: false,
          },
        }
      : refuse('channel_not_found');
  },

  'canvases.create': createCanvas,
  'canvases.access.set': setCanvasAccess,
  'files.list': listFiles,

  /** Names: small letters, digits, dashes and underscores, 80 characters at most; one channel a name. */
  'conversations.create'(args, { workspace }) {
    const name = text(args.name);
    if (name === '') return refuse('invalid_name_required');
    if (name.length > 80) return refuse('invalid_name_maxlength');
    if (!/^[a-z0-9_-]+$/.test(name)) return refuse('invalid_name_specials');
    if ([...workspace.channels.values()].some((channel) => channel.name === name)) return refuse('name_taken');
    const { id } = workspace.newChannel(name, [botUserId]);
    return { ok: true, channel: { id, name, is_channel: true, creator: botUserId } };
  },

  /** With `force` the valid ones are invited, and the others are passed over. */
  'conversations.invite'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    if (channel.isArchived) return refuse('is_archived');
    if (!channel.members.includes(botUserId)) return refuse('not_in_channel');
    const wanted = text(args.users).split(',').filter(Boolean);
    if (wanted.length === 0 || wanted.length > 100) return refuse(wanted.length === 0 ? 'no_user' : 'too_many_users');
    const faults = wanted.map((user) => {
      const known = workspace.users.get(user);
      if (!known || known.deleted) return 'user_not_found';
      if (user === botUserId) return 'cant_invite_self';
      if (known.isRestricted || known.isStranger) return 'user_is_restricted';
      return channel.members.includes(user) ? 'already_in_channel' : undefined;
    });
    const fault = faults.find((one) => one !== undefined);
    const valid = wanted.filter((_, index) => faults[index] === undefined);
    if (fault !== undefined && (String(args.force) !== 'true' || valid.length === 0)) return refuse(fault);
    channel.members.push(...valid);
    workspace.changed();
    return { ok: true, channel: { id: channel.id, name: channel.name } };
  },

  'conversations.setTopic'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    if (channel.isArchived) return refuse('is_archived');
    if (!channel.members.includes(botUserId)) return refuse('not_in_channel');
    if (text(args.topic).length > 250) return refuse('too_long');
    channel.topic = text(args.topic);
    workspace.changed();
    return { ok: true, channel: { id: channel.id, topic: { value: channel.topic } } };
  },

  /**
   * A bot leaves what it archives and cannot bring it back; the name stays taken (docs.slack.dev, conversations.archive
   * and .unarchive; slack-go/slack#1066).
   */
  'conversations.archive'(args, { workspace }) {
    const channel = workspace.channels.get(text(args.channel));
    if (!channel) return refuse('channel_not_found');
    if (channel.isArchived) return refuse('already_archived');
    if (!channel.members.includes(botUserId)) return refuse('not_in_channel');
    channel.isArchived = true;
    channel.members = channel.members.filter((member) => member !== botUserId);
    workspace.changed();
    return { ok: true };
  },

  'conversations.unarchive': () => refuse('not_in_channel'),

  'users.conversations'(args, { workspace }) {
    const withArchived = String(args.exclude_archived) !== 'true';
    const all = [...workspace.channels.values()].filter(
      (channel) =>
        !channel.isDirect && channel.members.includes(botUserId) && (withArchived || channel.isArchived !== true),
    );
    const from = Number(args.cursor) || 0;
    const limit = Math.min(Number(args.limit) || 100, 999);
    return {
      ok: true,
      channels: all.slice(from, from + limit).map(({ id, name }) => ({ id, name, is_channel: true })),
      response_metadata: { next_cursor: from + limit < all.length ? String(from + limit) : '' },
    };
  },

  'conversations.open'(args, { workspace }) {
    const user = text(args.users);
    if (!workspace.users.has(user)) return refuse('user_not_found');
    return { ok: true, channel: { id: workspace.directChannel(user).id } };
  },

  'users.info'(args, { workspace }) {
    const user = workspace.users.get(text(args.user));
    if (!user) return refuse('user_not_found');
    const { id, name, realName, isBot = false, deleted = false, isRestricted = false, isStranger = false } = user;
    return {
      ok: true,
      user: {
        id,
        team_id: isStranger ? 'T0OTHER' : teamId,
        name,
        real_name: realName,
        deleted,
        is_bot: isBot,
        is_restricted: isRestricted,
        is_ultra_restricted: false,
        is_stranger: isStranger,
        profile: { display_name: realName, ...(user.email !== undefined && { email: user.email }) },
      },
    };
  },

  /** docs.slack.dev/reference/methods/users.lookupByEmail: bots and who has left are not found. */
  'users.lookupByEmail'(args, around) {
    const wanted = text(args.email).toLowerCase();
    const user = [...around.workspace.users.values()].find((one) => !one.deleted && one.email === wanted);
    return user ? (methods['users.info'] as Method)({ user: user.id }, around) : refuse('users_not_found');
  },

  'usergroups.users.list'(args, { workspace }) {
    const group = workspace.groups.get(text(args.usergroup));
    return group ? { ok: true, users: [...group.users] } : refuse('no_such_subteam');
  },

  'usergroups.list': (_, { workspace }) => ({
    ok: true,
    usergroups: [...workspace.groups.values()].map(({ id, handle, users }) => ({
      id,
      handle,
      name: handle,
      user_count: users.length,
    })),
  }),

  'views.open'(args, around) {
    const trigger = around.workspace.useTrigger(text(args.trigger_id));
    if ('error' in trigger) return refuse(trigger.error);
    const found = opened(args);
    if ('refused' in found) return found.refused;
    const id = around.workspace.newId('V');
    around.workspace.views.set(id, { id, userId: trigger.userId, view: found.view, hash: around.workspace.newId('h') });
    around.workspace.changed();
    return { ok: true, view: { id, ...found.view } };
  },

  'views.update'(args, around) {
    const known = around.workspace.views.get(text(args.view_id));
    if (!known) return refuse('not_found');
    const found = opened(args);
    if ('refused' in found) return found.refused;
    Object.assign(known, { view: found.view, hash: around.workspace.newId('h') });
    around.workspace.changed();
    return { ok: true, view: { id: known.id, ...found.view } };
  },

  'views.publish'(args, around) {
    if (!around.workspace.users.has(text(args.user_id))) return refuse('user_not_found');
    const found = opened(args);
    if ('refused' in found) return found.refused;
    around.workspace.homes.set(text(args.user_id), found.view);
    around.workspace.changed();
    return { ok: true, view: { id: `VH${text(args.user_id)}`, ...found.view } };
  },

  'files.getUploadURLExternal': uploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': fileInfo,
};
