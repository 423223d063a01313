import type { SlackMessage, SlackSnapshot, SlackUser, SlackView } from './contract.ts';
import { botUserId, channels as seedChannels, groups as seedGroups, users as seedUsers, teamId } from './seed.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
export type Message = Mutable<SlackMessage>;

interface Channel {
  id: string;
  name: string;
  isDirect?: boolean;
  isArchived?: boolean;
  topic?: string;
  members: string[];
  messages: Message[];
}

/** A file as its uploader gave it; unseen until its upload is completed. */
export interface StoredFile {
  readonly name: string;
  readonly altText: string;
  title: string;
  bytes: Buffer;
  /** Milliseconds since 1970. */
  completedAt?: number;
}

/** A modal's trigger lives 3 s and opens one view (docs.slack.dev/surfaces/modals). */
const triggerLifeMs = 3_000;
/** A response_url takes 5 answers within 30 minutes (docs.slack.dev/interactivity/handling-user-interaction). */
const responseLifeMs = 30 * 60_000;
const responseUses = 5;

export interface ResponsePlace {
  readonly channel: string;
  readonly userId: string;
  readonly ts?: string;
  readonly threadTs?: string;
}

/** What the workspace holds, and who is told when it changes. */
export class Workspace {
  readonly users = new Map(seedUsers.map((user) => [user.id, user]));
  readonly groups = new Map(
    seedGroups.map((group) => [group.id as string, { ...group, users: [...group.users] as string[] }]),
  );
  readonly channels = new Map<string, Channel>(
    seedChannels.map((channel) => [channel.id, { ...channel, members: [...channel.members], messages: [] }]),
  );
  readonly views = new Map<string, Mutable<SlackView> & { hash: string }>();
  readonly homes = new Map<string, Record<string, unknown>>();
  readonly files = new Map<string, StoredFile>();
  readonly canvases = new Map<string, { title: string; markdown: string; channels: string[]; createdAt: number }>();
  /** Off: the workspace is on the free plan. */
  canvasesAllowed = true;
  readonly #triggers = new Map<string, { userId: string; until: number }>();
  readonly #responses = new Map<string, ResponsePlace & { until: number; left: number }>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #lastTs = 0;
  #serial = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Seconds with six digits, unique and growing: a message's name in its channel. */
  newTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 1, Math.floor(this.#now() * 1000));
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, '0')}`;
  }

  newId(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#now().toString(36).toUpperCase()}${this.#serial}`;
  }

  add(channelId: string, message: Omit<Message, 'ts'>): Message {
    const posted = { ...message, ts: this.newTs() };
    this.channels.get(channelId)?.messages.push(posted);
    this.changed();
    return posted;
  }

  find(channelId: string, ts: string): Message | undefined {
    return this.channels.get(channelId)?.messages.find((message) => message.ts === ts);
  }

  directChannel(userId: string): Channel {
    const id = `D${userId.slice(1)}`;
    const known = this.channels.get(id) ?? {
      id,
      name: 'Stamps',
      isDirect: true,
      members: [userId, botUserId],
      messages: [],
    };
    this.channels.set(id, known);
    return known;
  }

  newChannel(name: string, members: readonly string[]): Channel {
    const channel: Channel = { id: this.newId('C0'), name, members: [...members], messages: [] };
    this.channels.set(channel.id, channel);
    this.changed();
    return channel;
  }

  newTrigger(userId: string): string {
    const trigger = this.newId('trigger.');
    this.#triggers.set(trigger, { userId, until: this.#now() + triggerLifeMs });
    return trigger;
  }

  /** Whose trigger it is, once; an error in Slack's words otherwise. */
  useTrigger(trigger: string): { userId: string } | { error: string } {
    const known = this.#triggers.get(trigger);
    if (!known) return { error: 'invalid_trigger_id' };
    this.#triggers.set(trigger, { ...known, until: Number.NEGATIVE_INFINITY });
    if (known.until === Number.NEGATIVE_INFINITY) return { error: 'exchanged_trigger_id' };
    return known.until < this.#now() ? { error: 'expired_trigger_id' } : { userId: known.userId };
  }

  newResponse(place: ResponsePlace): string {
    const id = this.newId('');
    this.#responses.set(id, { ...place, until: this.#now() + responseLifeMs, left: responseUses });
    return id;
  }

  useResponse(id: string): ResponsePlace | undefined {
    const known = this.#responses.get(id);
    if (!known || known.left <= 0 || known.until < this.#now()) return undefined;
    known.left -= 1;
    return known;
  }

  setUser(user: SlackUser): void {
    this.users.set(user.id, user);
    this.changed();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  snapshot(): SlackSnapshot {
    return structuredClone({
      teamId,
      botUserId,
      users: [...this.users.values()],
      groups: [...this.groups.values()],
      channels: [...this.channels.values()],
      views: [...this.views.values()].map(({ hash: _, ...view }) => view),
      homes: Object.fromEntries(this.homes),
    });
  }
}
