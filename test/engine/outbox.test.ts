import type { Database } from '../../src/engine/database.ts';
import { wantMessage } from '../../src/engine/messages.ts';
import { createOutbox, type Outbox } from '../../src/engine/outbox.ts';
import { OpsError } from '../../src/errors.ts';
import type { ChatPort, MessageContent } from '../../src/ports/chat.ts';
import { quiet } from '../support/engine-harness.ts';
import { newDatabase } from '../support/test-database.ts';

/** A channel that keeps what is posted; faults run instead of the next writes, before or after their effect. */
class Channel {
  readonly posts: { key: string; text: string; ts: string; threadTs: string | undefined }[] = [];
  readonly faults: { when: 'before' | 'after'; error: OpsError }[] = [];
  writes = 0;

  readonly port = {
    post: async ({ threadTs }, key, content) =>
      this.write(() => {
        const ts = `${this.posts.length + 1}.000`;
        this.posts.push({ key, text: content.text, ts, threadTs });
        return ts;
      }),
    update: async (_channel, ts, _key, content) =>
      this.write(() => {
        const post = this.posts.find((one) => one.ts === ts);
        if (!post) throw new OpsError('not-found', 'message_not_found', { service: 'Slack' });
        post.text = content.text;
      }),
    findByKey: async (_place, key) => this.posts.find((post) => post.key === key)?.ts,
  } as Partial<ChatPort> as ChatPort;

  private write<T>(effect: () => T): T {
    this.writes += 1;
    const fault = this.faults.shift();
    if (fault?.when === 'before') throw fault.error;
    const result = effect();
    if (fault) throw fault.error;
    return result;
  }
}

const says = (text: string): MessageContent => ({ text, blocks: [] });

describe('the outbox', () => {
  let database: Database;
  let channel: Channel;
  let outbox: Outbox;
  beforeEach(async () => {
    database = await newDatabase();
    channel = new Channel();
    outbox = createOutbox(database, channel.port, quiet);
  });
  afterEach(() => database.close());

  const want = (key: string, text: string, more: { threadOf?: string; priority?: 0 | 1 | 2 } = {}) =>
    wantMessage(database, { key, channel: 'C0', content: says(text), ...more });
  /** Lets a second pass for the channel and for every message. */
  const later = () =>
    database.query(
      `with slots as (update stamps.channel_slots set next_at = now()) update stamps.messages set next_at = now(), claimed_until = null`,
    );
  async function pumpAll(): Promise<void> {
    for (let n = 0; n < 20 && (await outbox.depth()) > 0; n += 1) {
      await outbox.pump();
      await later();
    }
  }

  it('writes once a second and channel, over replicas', async () => {
    for (const key of ['a', 'b', 'c']) await want(key, key);
    const other = createOutbox(database, channel.port, quiet);
    await Promise.all([outbox.pump(), other.pump(), outbox.pump(), other.pump()]);
    expect(channel.writes).toBe(1);
    await pumpAll();
    expect(channel.posts.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('shows the newest content of a card with few writes', async () => {
    await want('card', 'v0');
    await pumpAll();
    for (let n = 1; n <= 50; n += 1) await want('card', `v${n}`);
    await pumpAll();
    expect(channel.posts.map(({ text }) => text)).toEqual(['v50']);
    expect(channel.writes).toBe(2);
  });

  it('writes nothing when the content is the same', async () => {
    await want('card', 'same');
    await pumpAll();
    await want('card', 'same');
    expect(await outbox.depth()).toBe(0);
  });

  it('lets what is urgent go first', async () => {
    await want('late', 'calm');
    await want('soon', 'urgent', { priority: 0 });
    await outbox.pump();
    expect(channel.posts.map(({ text }) => text)).toEqual(['urgent']);
  });

  it('posts into a thread only when its card stands', async () => {
    await want('reply', 'reply', { threadOf: 'card' });
    await outbox.pump();
    expect(channel.posts).toEqual([]);
    await want('card', 'card');
    await pumpAll();
    expect(channel.posts).toMatchObject([{ key: 'card' }, { key: 'reply', threadTs: '1.000' }]);
  });

  it('edits a card before it posts what is said in its thread, and what is new before both', async () => {
    await want('card', 'one');
    await pumpAll();
    await want('note', 'raised', { threadOf: 'card' });
    await want('card', 'two');
    await want('other', 'new');
    const order: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      await later();
      await outbox.pump();
      order.push(channel.posts.map(({ text }) => text).join(' '));
    }
    expect(order).toEqual(['one new', 'two new', 'two new raised']);
  });

  it('gives a card a moment to be drawn, and does not keep a thread waiting for one that never stands still', async () => {
    await want('card', 'one');
    await pumpAll();
    await want('note', 'raised', { threadOf: 'card' });
    expect(await outbox.pump()).toBe(0);
    await later();
    await want('card', 'two');
    await database.query(`update stamps.messages set next_at = now() - interval '4 seconds' where key = 'note'`);
    await outbox.pump();
    expect(channel.posts.map(({ text }) => text)).toEqual(['one', 'raised']);
  });

  it.each(['before', 'after'] as const)('posts once when the answer is lost %s the effect', async (when) => {
    channel.faults.push({ when, error: new OpsError('timeout', 'lost', { service: 'Slack' }) });
    await want('card', 'hello');
    await pumpAll();
    expect(channel.posts.map(({ text }) => text)).toEqual(['hello']);
  });

  it('waits as long as Slack says, with the whole channel', async () => {
    channel.faults.push({
      when: 'before',
      error: new OpsError('throttled', '429', { service: 'Slack', retryAfterMs: 60_000 }),
    });
    await want('card', 'hello');
    await want('other', 'world');
    await outbox.pump();
    await outbox.pump();
    const [slot] = await database.query<{ waits: number }>(
      'select extract(epoch from next_at - clock_timestamp())::float8 as waits from stamps.channel_slots',
    );
    expect(slot?.waits).toBeGreaterThan(50);
    expect(channel.writes).toBe(1);
    await later();
    await pumpAll();
    expect(channel.posts.map(({ text }) => text).sort()).toEqual(['hello', 'world']);
  });

  it('posts a card again that somebody deleted', async () => {
    await want('card', 'one');
    await pumpAll();
    channel.posts.length = 0;
    await want('card', 'two');
    await pumpAll();
    expect(channel.posts.map(({ text }) => text)).toEqual(['two']);
  });
});
