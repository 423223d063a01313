import type { Delivery, SlackHands } from './contract.ts';
import type { Deliveries } from './deliveries.ts';
import { botUserId, teamId } from './seed.ts';
import type { Message, Workspace } from './workspace.ts';

type Json = Record<string, unknown>;

export interface HandsOptions {
  readonly workspace: Workspace;
  readonly deliveries: Deliveries;
  readonly origin: () => string;
}

/** What one person can do in Slack, with the payloads that Slack makes of it (types of @slack/bolt). */
export function createHands({ workspace, deliveries, origin }: HandsOptions, userId: string): SlackHands {
  const team = workspace.users.get(userId)?.isStranger ? 'T0OTHER' : teamId;
  const name = workspace.users.get(userId)?.name ?? userId;
  const user = { id: userId, username: name, name, team_id: team };
  const common = () => ({
    trigger_id: workspace.newTrigger(userId),
    team: { id: teamId, domain: 'sandbox' },
    user,
    api_app_id: 'A0STAMPS',
    token: 'unused',
    is_enterprise_install: false,
    enterprise: null,
  });
  const whisper = (channel: string, text: string, more: Partial<Message> = {}) =>
    workspace.add(channel, { userId: botUserId, ephemeralTo: userId, text, ...more });

  const interact = (payload: Json) => deliveries.deliver({ type: 'interactive', payload });

  return {
    async command(channelId, text) {
      const channel = workspace.channels.get(channelId);
      const responseId = workspace.newResponse({ channel: channelId, userId });
      const delivery = await deliveries.deliver({
        type: 'slash_commands',
        payload: {
          command: '/stamps',
          text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
          trigger_id: workspace.newTrigger(userId),
          user_id: userId,
          user_name: name,
          team_id: team,
          team_domain: 'sandbox',
          channel_id: channelId,
          channel_name: channel?.name ?? '',
          response_url: `${origin()}/response/${responseId}`,
          api_app_id: 'A0STAMPS',
          token: 'unused',
          is_enterprise_install: 'false',
        },
      });
      if (delivery.status !== 200)
        whisper(
          channelId,
          `/stamps failed with the error "${delivery.body === 'operation_timeout' ? 'operation_timeout' : 'dispatch_failed'}"`,
        );
      else if (delivery.body !== '') whisper(channelId, ...saidIn(delivery.body));
      return delivery;
    },

    async act(channelId, ts, actionId, value) {
      const message = workspace.find(channelId, ts);
      if (!message) return { status: 0, ms: 0, body: 'message_not_found' };
      const action = actionIn(message.blocks ?? [], actionId, value);
      const place = {
        channel: channelId,
        userId,
        ts,
        ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
      };
      return interact({
        type: 'block_actions',
        ...common(),
        container: {
          type: 'message',
          message_ts: ts,
          channel_id: channelId,
          is_ephemeral: message.ephemeralTo !== undefined,
          ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
        },
        channel: { id: channelId, name: workspace.channels.get(channelId)?.name ?? '' },
        ...(message.ephemeralTo === undefined
          ? {
              message: {
                type: 'message',
                user: botUserId,
                ts,
                text: message.text,
                blocks: message.blocks ?? [],
                ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
              },
            }
          : {}),
        state: { values: {} },
        response_url: `${origin()}/response/${workspace.newResponse(place)}`,
        actions: [action],
      });
    },

    async actInView(viewId, actionId, value) {
      const view = viewId === 'home' ? workspace.homes.get(userId) : workspace.views.get(viewId)?.view;
      if (!view) return { status: 0, ms: 0, body: 'view_not_found' };
      return interact({
        type: 'block_actions',
        ...common(),
        container: { type: 'view', view_id: viewId },
        view: {
          id: viewId,
          type: view.type,
          callback_id: view.callback_id ?? '',
          private_metadata: view.private_metadata ?? '',
          state: { values: {} },
          blocks: view.blocks,
        },
        actions: [actionIn((view.blocks as object[]) ?? [], actionId, value)],
      });
    },

    async submit(viewId, values) {
      const open = workspace.views.get(viewId);
      if (!open) return { status: 0, ms: 0, body: 'view_not_found' };
      const delivery = await interact({
        type: 'view_submission',
        ...common(),
        view: {
          id: viewId,
          hash: open.hash,
          type: 'modal',
          callback_id: open.view.callback_id ?? '',
          private_metadata: open.view.private_metadata ?? '',
          blocks: open.view.blocks,
          state: { values: stateOf(open.view, values) },
        },
        response_urls: [],
      });
      submitted(viewId, delivery);
      return delivery;
    },

    async closeView(viewId) {
      workspace.views.delete(viewId);
      workspace.changed();
    },

    async say(channelId, text, threadTs) {
      const mentioned = text.replaceAll(/@stamps\b/g, `<@${botUserId}>`);
      const message = workspace.add(channelId, {
        userId,
        text: mentioned,
        ...(threadTs === undefined ? {} : { threadTs }),
      });
      if (!mentioned.includes(`<@${botUserId}>`)) return;
      await deliveries.deliverEvent(
        event({
          type: 'app_mention',
          user: userId,
          text: mentioned,
          ts: message.ts,
          channel: channelId,
          event_ts: message.ts,
          ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
        }),
      );
    },

    async pin(channelId, ts) {
      const message = workspace.find(channelId, ts);
      if (!message || message.ephemeralTo !== undefined || message.pinned) return;
      message.pinned = true;
      workspace.changed();
      await deliveries.deliverEvent(
        event({
          type: 'pin_added',
          user: userId,
          channel_id: channelId,
          item: {
            type: 'message',
            channel: channelId,
            created_by: userId,
            message: {
              type: 'message',
              user: message.userId,
              text: message.text,
              ts,
              ...(message.userId === botUserId ? { bot_id: 'B0STAMPS' } : {}),
              ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
            },
          },
          item_user: message.userId,
          event_ts: workspace.newTs(),
        }),
      );
    },

    openHome: () =>
      deliveries.deliverEvent(
        event({
          type: 'app_home_opened',
          user: userId,
          channel: workspace.directChannel(userId).id,
          tab: 'home',
          event_ts: workspace.newTs(),
        }),
      ),
  };

  function event(inner: Json): Json {
    return {
      type: 'event_callback',
      token: 'unused',
      team_id: team,
      api_app_id: 'A0STAMPS',
      event_id: workspace.newId('Ev'),
      event_time: Number(String(inner.event_ts).split('.')[0]),
      authorizations: [
        { team_id: teamId, user_id: botUserId, is_bot: true, enterprise_id: null, is_enterprise_install: false },
      ],
      event: inner,
    };
  }

  /** What the answer to a form says: nothing closes it, faults keep it open. */
  function submitted(viewId: string, delivery: Delivery): void {
    const open = workspace.views.get(viewId);
    if (!open) return;
    if (delivery.status !== 200) {
      open.errors = { '': 'We had some trouble connecting. Try again?' };
    } else {
      const answer = (delivery.body === '' ? {} : JSON.parse(delivery.body)) as {
        response_action?: string;
        errors?: Record<string, string>;
        view?: Json;
      };
      if (answer.response_action === 'errors') open.errors = answer.errors ?? {};
      else if (answer.response_action === 'update' && answer.view)
        Object.assign(open, { view: answer.view, hash: workspace.newId('h') });
      else workspace.views.delete(viewId);
      if (answer.response_action === 'errors') open.hash = workspace.newId('h');
    }
    workspace.changed();
  }
}

function saidIn(body: string): [string, Partial<Message>] {
  try {
    const { text = '', blocks } = JSON.parse(body) as { text?: string; blocks?: object[] };
    return [text, blocks ? { blocks } : {}];
  } catch {
    return [body, {}];
  }
}

/** The element as Slack sends it back; one that is not there is sent too, as from a message that has changed since. */
function actionIn(blocks: readonly object[], actionId: string, value: string | undefined): Json {
  for (const block of blocks as Json[]) {
    const elements = [
      ...((block.elements as Json[] | undefined) ?? []),
      ...(block.accessory ? [block.accessory as Json] : []),
      ...(block.element ? [block.element as Json] : []),
    ];
    const element =
      elements.find(
        (one) => one.action_id === actionId && (value === undefined || one.type !== 'button' || one.value === value),
      ) ?? elements.find((one) => one.action_id === actionId);
    if (!element) continue;
    const chosen =
      element.type === 'button'
        ? // Whoever looks at an older state of the message presses the button that they see.
          { value: value ?? element.value }
        : element.type === 'users_select'
          ? { selected_user: value }
          : { selected_option: { text: { type: 'plain_text', text: value ?? '' }, value } };
    return { type: element.type, action_id: actionId, block_id: block.block_id ?? 'block', action_ts: '0', ...chosen };
  }
  return { type: 'button', action_id: actionId, block_id: 'block', action_ts: '0', value };
}

function stateOf(view: Json, values: Record<string, string>): Json {
  const inputs = ((view.blocks as Json[] | undefined) ?? []).filter((block) => block.type === 'input');
  return Object.fromEntries(
    inputs.map((block) => {
      const element = block.element as Json;
      const given = values[String(block.block_id)];
      const isSelect = String(element.type).endsWith('select');
      const state =
        element.type === 'users_select'
          ? { selected_user: given || null }
          : isSelect
            ? { selected_option: given ? { value: given } : null }
            : { value: given || null };
      return [block.block_id, { [String(element.action_id)]: { type: element.type, ...state } }];
    }),
  );
}
