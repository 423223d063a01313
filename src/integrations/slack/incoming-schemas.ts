import { z } from 'zod';
import type {
  IncomingAction,
  IncomingCommand,
  IncomingEdit,
  IncomingHome,
  IncomingMention,
  IncomingPin,
  IncomingSubmission,
} from '../../ports/incoming.ts';

/** What a person typed, at most far more than Slack lets anybody type. Slack escapes three characters in it (“Formatting text”). */
const Text = z
  .string()
  .max(40_000)
  .transform((text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
const Value = z.string().max(40_000);
const Id = z.string().min(1).max(255);
const Named = z.object({ id: Id });

const Command = z.object({
  trigger_id: Id,
  user_id: Id,
  team_id: Id,
  channel_id: Id,
  text: Text.prefault(''),
  response_url: z.string(),
});

const Action = z.object({
  trigger_id: Id,
  user: z.object({ id: Id, team_id: Id.optional() }),
  team: Named.nullish(),
  channel: Named.nullish(),
  message: z.object({ ts: Id, thread_ts: Id.optional() }).nullish(),
  container: z
    .object({ message_ts: Id.optional(), thread_ts: Id.optional(), channel_id: Id.optional(), view_id: Id.optional() })
    .nullish(),
  response_url: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: Id,
        action_ts: z.string().optional(),
        value: Value.optional(),
        selected_option: z.object({ value: Value }).nullish(),
        selected_user: Id.nullish(),
      }),
    )
    .min(1),
});

const InputState = z.looseObject({
  value: Value.nullish(),
  selected_option: z.object({ value: Value }).nullish(),
  selected_user: Id.nullish(),
});
const Submission = z.object({
  user: z.object({ id: Id, team_id: Id.optional() }),
  team: Named.nullish(),
  view: z.object({
    id: Id,
    hash: z.string().default(''),
    callback_id: Id,
    private_metadata: z.string().default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), InputState)) }),
  }),
});

const Mention = z.object({
  event_id: Id,
  team_id: Id,
  event: z.object({
    type: z.literal('app_mention'),
    user: Id,
    channel: Id,
    ts: Id,
    thread_ts: Id.optional(),
    text: Text,
    // “Also send to the channel”: one message of one person all the same, with one ts.
    subtype: z.literal('thread_broadcast').optional(),
    bot_id: z.undefined().optional(),
    edited: z.object({ ts: Id }).optional(),
  }),
});

const Home = z.object({
  event_id: Id,
  team_id: Id,
  event: z.object({ type: z.literal('app_home_opened'), user: Id, tab: z.string().optional() }),
});

const Pin = z.object({
  event_id: Id,
  team_id: Id,
  event: z.object({
    type: z.literal('pin_added'),
    user: Id,
    channel_id: Id,
    item: z.object({
      type: z.literal('message'),
      message: z.object({ ts: Id, thread_ts: Id.optional(), user: Id, text: Text, bot_id: z.undefined().optional() }),
    }),
  }),
});

/** Each reads only the fields in use; undefined: not of that kind, or not from a person who did it themself. */
type Read<T> = (body: unknown) => T | undefined;

export const readCommand: Read<IncomingCommand> = (body) => {
  const { data } = Command.safeParse(body);
  return (
    data && {
      type: 'command',
      key: `command:${data.trigger_id}`,
      personId: data.user_id,
      teamId: data.team_id,
      channel: data.channel_id,
      text: data.text,
      responseUrl: data.response_url,
      triggerId: data.trigger_id,
    }
  );
};

export const readAction: Read<IncomingAction> = (body) => {
  const { data } = Action.safeParse(body);
  const action = data?.actions[0];
  if (!data || !action) return undefined;
  const channel = data.channel?.id ?? data.container?.channel_id;
  const messageTs = data.message?.ts ?? data.container?.message_ts;
  const threadTs = data.message?.thread_ts ?? data.container?.thread_ts;
  return {
    type: 'action',
    key: `action:${data.trigger_id}`,
    personId: data.user.id,
    teamId: data.user.team_id ?? data.team?.id ?? '',
    actionId: action.action_id,
    value: action.value ?? action.selected_option?.value ?? action.selected_user ?? '',
    triggerId: data.trigger_id,
    ...(channel === undefined ? {} : { channel }),
    ...(data.container?.view_id === undefined ? {} : { viewId: data.container.view_id }),
    ...(messageTs === undefined ? {} : { messageTs }),
    ...(threadTs === undefined ? {} : { threadTs }),
    ...(data.response_url === undefined || data.response_url === '' ? {} : { responseUrl: data.response_url }),
  };
};

export const readSubmission: Read<IncomingSubmission> = (body) => {
  const { data } = Submission.safeParse(body);
  if (!data) return undefined;
  const { view } = data;
  const values = Object.entries(view.state.values).map(([block, inputs]) => {
    const input = Object.values(inputs)[0];
    return [block, input?.value ?? input?.selected_option?.value ?? input?.selected_user ?? ''] as const;
  });
  return {
    type: 'submission',
    // A form that was given back with faults comes again under the same view, with other values.
    key: `submission:${view.id}:${view.hash}`,
    personId: data.user.id,
    teamId: data.user.team_id ?? data.team?.id ?? '',
    callbackId: view.callback_id,
    values: Object.fromEntries(values),
    privateMetadata: view.private_metadata,
  };
};

/**
 * What a message said when it was sent counts, and once: its key is the message's own, under whatever event it comes.
 * What an edit says is handed on as an edit, without its words: nothing can be done by it.
 */
export const readMention: Read<IncomingMention | IncomingEdit> = (body) => {
  const { data } = Mention.safeParse(body);
  if (!data) return undefined;
  const { channel, ts, user, thread_ts: threadTs, text, edited } = data.event;
  const said = {
    ...{ personId: user, teamId: data.team_id, channel, ts },
    ...(threadTs === undefined ? {} : { threadTs }),
  };
  if (edited) return { type: 'edit', key: `edit:${channel}:${ts}:${edited.ts}`, ...said };
  const words = text.replace(/<@[UW][A-Z0-9]+(\|[^>]*)?>/, '').trim();
  return { type: 'mention', key: `mention:${channel}:${ts}`, text: words, ...said };
};

/** Undefined also for what is no message of a person: files, and the app's own cards. */
export const readPin: Read<IncomingPin> = (body) => {
  const { data } = Pin.safeParse(body);
  if (!data) return undefined;
  const { message } = data.event.item;
  return {
    type: 'pin',
    key: `event:${data.event_id}`,
    personId: data.event.user,
    teamId: data.team_id,
    channel: data.event.channel_id,
    ts: message.ts,
    authorId: message.user,
    text: message.text,
    ...(message.thread_ts === undefined ? {} : { threadTs: message.thread_ts }),
  };
};

export const readHome: Read<IncomingHome> = (body) => {
  const { data } = Home.safeParse(body);
  if (!data || data.event.tab === 'messages') return undefined;
  return { type: 'home', key: `event:${data.event_id}`, personId: data.event.user, teamId: data.team_id };
};
