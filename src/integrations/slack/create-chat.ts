import { WebClient, type WebClientOptions } from '@slack/web-api';
import { z } from 'zod';
import type { Person } from '../../domain/person.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { ChatPort, MessageContent, MessagePlace } from '../../ports/chat.ts';
import { type Clock, systemClock } from '../../ports/clock.ts';
import type { Secret } from '../../secret.ts';
import { slackWord, translateSlackError } from './translate-error.ts';

export interface ChatOptions {
  readonly botToken: Secret;
  /** Undefined: Slack's own. */
  readonly apiUrl: string | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A person waits for it; a modal's trigger is dead after 3 s. */
const interactiveTimeoutMs = 2_500;
const bulkTimeoutMs = 10_000;
const uploadTimeoutMs = 20_000;
/** Slack looks uploads over before it shows them: a second usually. It says so by the file's type, unknown before. */
const pictureReadyMs = [100, 200, 400, 800, 1_600, 3_200, 6_400];
/** Of a file's description; an image block has room for more (docs.slack.dev, files.getUploadURLExternal). */
const fileAltLength = 1_000;
/** docs.slack.dev/reference/methods/conversations.invite: 100 at once are safe on every plan. */
const invitedAtOnce = 100;
/** docs.slack.dev/reference/methods/conversations.setTopic. */
const longestTopic = 250;
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
const User = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().default(''),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_workflow_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
  }),
});
const Emailed = z.object({ user: z.object({ profile: z.object({ email: z.string().optional() }).optional() }) });
const Identified = z.object({ user: z.object({ id: z.string(), deleted: z.boolean().default(false) }) });
const Users = z.object({ users: z.array(z.string()).default([]) });
const Opened = z.object({ channel: z.object({ id: z.string() }) });
const Canvas = z.object({ canvas_id: z.string().regex(/^[A-Z0-9]+$/) });
const Workspace = z.object({ url: z.url(), team_id: z.string().regex(/^[A-Z0-9]+$/) });
const Channels = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().default('') })).default([]),
  response_metadata: z.object({ next_cursor: z.string().default('') }).optional(),
});
const Ticket = z.object({ upload_url: z.url(), file_id: z.string() });
const FileInfo = z.object({ file: z.object({ mimetype: z.string().nullish() }) });
const Self = z.object({ team_id: z.string() });

/** Slack behind the port. Two clients, neither of which retries or waits by itself: who calls decides what a repeat means. */
export function createChat({ botToken, apiUrl, clock = systemClock }: ChatOptions): ChatPort {
  const base: WebClientOptions = {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  };
  const interactive = new WebClient(botToken.reveal(), { ...base, timeout: interactiveTimeoutMs });
  const bulk = new WebClient(botToken.reveal(), { ...base, timeout: bulkTimeoutMs });
  let team: Promise<string> | undefined;

  async function call<T>(
    client: WebClient,
    method: string,
    args: Record<string, unknown>,
    schema: z.ZodType<T>,
  ): Promise<T> {
    let answer: unknown;
    try {
      answer = await client.apiCall(method, args);
    } catch (error) {
      throw translateSlackError(error, method);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new OpsError('bad-response', `Slack’s answer to ${method} has an unknown shape.`, {
      service: 'Slack',
      cause: parsed.error,
    });
  }

  /** Our own workspace; a failure is asked again next time. */
  function ownTeam(): Promise<string> {
    team ??= call(interactive, 'auth.test', {}, Self).then(({ team_id }) => team_id);
    team.catch(() => {
      team = undefined;
    });
    return team;
  }

  /** Bytes to Slack's store, not yet a file that anybody sees. Answers with the file's id. */
  async function store(bytes: Uint8Array<ArrayBuffer>, name: string, altText?: string): Promise<string> {
    const { upload_url, file_id } = await call(
      bulk,
      'files.getUploadURLExternal',
      { filename: name, length: bytes.length, ...(altText !== undefined && { alt_txt: altText }) },
      Ticket,
    );
    const hosts = [...ownHosts(apiUrl), 'files.slack.com'];
    await send(upload_url, { method: 'POST', body: bytes }, uploadTimeoutMs, hosts);
    return file_id;
  }

  /** A channel that the app is in, as it is in each that it made. */
  async function ownChannel(name: string): Promise<string | undefined> {
    let cursor = '';
    do {
      const asked = { types: 'public_channel', exclude_archived: true, limit: 200, ...(cursor && { cursor }) };
      const { channels, response_metadata } = await call(bulk, 'users.conversations', asked, Channels);
      const found = channels.find((channel) => channel.name === name);
      if (found) return found.id;
      cursor = response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    return undefined;
  }

  return {
    async post(place, key, content) {
      const { ts } = await call(
        bulk,
        'chat.postMessage',
        { ...placed(place), ...shown(content), ...marked(key) },
        Posted,
      );
      return ts;
    },
    async update(channel, ts, key, content) {
      await call(bulk, 'chat.update', { channel, ts, ...shown(content), ...marked(key) }, z.object({}));
    },
    async findByKey({ channel, threadTs }, key) {
      const where = { channel, limit: lookBack, include_all_metadata: true };
      const { messages } =
        threadTs === undefined
          ? await call(bulk, 'conversations.history', where, Found)
          : await call(bulk, 'conversations.replies', { ...where, ts: threadTs }, Found);
      return messages.find(({ metadata }) => metadata?.event_payload?.key === key)?.ts;
    },
    async upload(place, { name, title, text }) {
      const file_id = await store(Buffer.from(text, 'utf8'), name);
      await call(
        bulk,
        'files.completeUploadExternal',
        {
          files: [{ id: file_id, title }],
          channel_id: place.channel,
          ...(place.threadTs === undefined ? {} : { thread_ts: place.threadTs }),
        },
        z.object({}),
      );
    },
    async uploadPicture({ name, title, altText, png }) {
      const id = await store(new Uint8Array(png), name, altText.slice(0, fileAltLength));
      await call(bulk, 'files.completeUploadExternal', { files: [{ id, title }] }, z.object({}));
      for (const waitMs of pictureReadyMs) {
        const { file } = await call(bulk, 'files.info', { file: id }, FileInfo);
        if (file.mimetype?.startsWith('image/')) return id;
        await clock.sleep(waitMs);
      }
      throw new OpsError('timeout', 'Slack took too long to look over a picture.', { service: 'Slack' });
    },
    async whisper(place, personId, content) {
      await call(
        interactive,
        'chat.postEphemeral',
        { ...placed(place), user: personId, ...shown(content) },
        z.object({}),
      );
    },
    async respond(responseUrl, content) {
      const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...shown(content) });
      await send(
        responseUrl,
        { method: 'POST', headers: { 'content-type': 'application/json' }, body },
        interactiveTimeoutMs,
        [...ownHosts(apiUrl), 'hooks.slack.com'],
      );
    },
    async openView(triggerId, view) {
      await call(interactive, 'views.open', { trigger_id: triggerId, view }, z.object({}));
    },
    async updateView(viewId, view) {
      await call(interactive, 'views.update', { view_id: viewId, view }, z.object({}));
    },
    async publishHome(personId, view) {
      await call(interactive, 'views.publish', { user_id: personId, view }, z.object({}));
    },
    async person(personId) {
      try {
        const [{ user }, own] = await Promise.all([
          call(interactive, 'users.info', { user: personId }, User),
          ownTeam(),
        ]);
        const barred = barredAs(user, own);
        const name = user.profile?.display_name || user.real_name || user.name;
        return {
          id: user.id,
          teamId: user.team_id ?? own,
          name,
          ...(user.name === '' ? {} : { handle: user.name }),
          ...(barred === undefined ? {} : { barred }),
        };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { id: personId, teamId: '', name: personId, barred: 'unknown' };
        throw error;
      }
    },
    async idByEmail(email) {
      try {
        const { user } = await call(interactive, 'users.lookupByEmail', { email }, Identified);
        return user.deleted ? undefined : user.id;
      } catch (error) {
        if (isOpsError(error, 'not-found')) return undefined;
        throw error;
      }
    },
    async emailOf(personId) {
      return (await call(interactive, 'users.info', { user: personId }, Emailed)).user.profile?.email;
    },
    async groupMembers(slackGroupId) {
      return (await call(interactive, 'usergroups.users.list', { usergroup: slackGroupId }, Users)).users;
    },
    async createChannel(name) {
      try {
        return (await call(bulk, 'conversations.create', { name }, Opened)).channel.id;
      } catch (error) {
        if (!isOpsError(error) || slackWord(error) !== 'name_taken') throw error;
        const known = await ownChannel(name);
        if (known !== undefined) return known;
        throw new OpsError('conflict', `There is a channel #${name} already, which is not ours.`, { service: 'Slack' });
      }
    },
    async invite(channel, personIds) {
      for (const users of inLots(personIds, invitedAtOnce)) {
        try {
          // With `force` those who can be invited are, whatever is wrong with the others.
          const wanted = { channel, users: users.join(','), force: true };
          await call(bulk, 'conversations.invite', wanted, z.object({}));
        } catch (error) {
          if (!isOpsError(error, 'bad-input')) throw error;
        }
      }
    },
    async setTopic(channel, topic) {
      const text = topic.length > longestTopic ? `${topic.slice(0, longestTopic - 1).toWellFormed()}…` : topic;
      await call(bulk, 'conversations.setTopic', { channel, topic: text }, z.object({}));
    },
    async createCanvas(channel, title, markdown) {
      const content = { title, document_content: { type: 'markdown', markdown } };
      // Before it is made: whatever fails after that leaves a canvas that nobody is told of.
      const { url, team_id } = await call(bulk, 'auth.test', {}, Workspace);
      const { canvas_id } = await call(bulk, 'canvases.create', content, Canvas);
      const access = { canvas_id, access_level: 'read', channel_ids: [channel] };
      await call(bulk, 'canvases.access.set', access, z.object({}));
      return new URL(`docs/${team_id}/${canvas_id}`, url).href;
    },
    async directChannel(personId) {
      return (await call(interactive, 'conversations.open', { users: personId }, Opened)).channel.id;
    },
    async ping() {
      await call(interactive, 'auth.test', {}, Self);
    },
  };
}

function inLots<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, n * size + size));
}

const quiet = () => undefined;
/** Its lines hold whole requests; failures are logged where they matter. */
const silent = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  setLevel: quiet,
  setName: quiet,
  getLevel: () => 'error',
} as unknown as NonNullable<WebClientOptions['logger']>;

const placed = ({ channel, threadTs }: MessagePlace) => ({
  channel,
  ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
});
const shown = ({ text, blocks }: MessageContent) => ({ text, blocks, unfurl_links: false, unfurl_media: false });
const marked = (key: string) => ({ metadata: { event_type: metadataType, event_payload: { key } } });

function barredAs(user: z.output<typeof User>['user'], ownTeam: string): Person['barred'] {
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot';
  if (user.deleted) return 'deactivated';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== ownTeam)) return 'stranger';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  return undefined;
}

/** The host of our own Web API, which an emulator serves everything from. */
function ownHosts(apiUrl: string | undefined): string[] {
  return apiUrl === undefined ? [] : [new URL(apiUrl).host];
}

/** Sends to a URL that came from outside: to Slack's hosts only, over https there, and no redirect is followed. */
async function send(url: string, init: RequestInit, timeoutMs: number, hosts: readonly string[]): Promise<void> {
  const target = URL.parse(url);
  const isOurs =
    target !== null &&
    hosts.includes(target.host) &&
    (target.protocol === 'https:' || !target.host.endsWith('slack.com'));
  if (!isOurs)
    throw new OpsError('bad-input', 'Slack named an address that is not Slack’s; it was not called.', {
      service: 'Slack',
    });
  let status: number;
  try {
    ({ status } = await fetch(target, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) }));
  } catch (cause) {
    const late = (cause as Error).name === 'TimeoutError';
    throw new OpsError(
      late ? 'timeout' : 'unavailable',
      late ? 'Slack did not answer in time.' : 'Slack can’t be reached.',
      { service: 'Slack', cause },
    );
  }
  if (status === 429)
    throw new OpsError('throttled', 'Slack asks to answer later.', { service: 'Slack', retryAfterMs: 1_000 });
  if (status === 404 || status === 410)
    throw new OpsError('not-found', 'Slack no longer takes this answer.', { service: 'Slack' });
  if (status >= 500) throw new OpsError('unavailable', `Slack answered with status ${status}.`, { service: 'Slack' });
  if (status >= 400)
    throw new OpsError('bad-input', `Slack refused the answer with status ${status}.`, { service: 'Slack' });
}
