import { createEffects, type EffectHandler, wantEffect } from '../../src/engine/effects.ts';
import { OpsError } from '../../src/errors.ts';
import { quiet } from '../support/engine-harness.ts';
import { newDatabase } from '../support/test-database.ts';

type Database = Awaited<ReturnType<typeof newDatabase>>;

describe('effects on the outside', () => {
  let database: Database;
  beforeAll(async () => {
    database = await newDatabase();
  });
  afterAll(() => database.close());
  beforeEach(() => database.query('truncate stamps.effects cascade'));

  /** A replica whose handler does what the script says, one entry a try (a promise: waits for it); then it succeeds. */
  function replica(script: (Error | 'hangs' | Promise<void>)[] = [], stopper = new AbortController()) {
    const tried: string[] = [];
    const told: string[] = [];
    const handler: EffectHandler = {
      async perform(args, key, signal) {
        tried.push(key);
        const next = script.shift();
        if (next === 'hangs') {
          await new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        }
        if (next instanceof Error) throw next;
        await next;
        return `did ${String(args.what)}`;
      },
      tell: async (_tx, _args, key, { done, says }) => void told.push(`${key}: ${done} ${says}`),
      tellDelay: async (_tx, _args, key, error) => void told.push(`${key} waits: ${error.message}`),
    };
    const effects = createEffects(database, { test: handler }, quiet, stopper.signal);
    const turn = async () => {
      const begun = await effects.pump();
      await effects.idle();
      return begun;
    };
    return { effects, tried, told, turn, stopper };
  }

  const want = (key: string, stream: string, kind = 'test') =>
    database.transaction((tx) => wantEffect(tx, { key, stream, kind, args: { what: key } }));
  /** What waits is due now. */
  const letTimePass = () =>
    database.query('update stamps.effects set next_at = clock_timestamp() where done_at is null');
  const rows = () =>
    database.query<{ key: string; outcome: string | null; failures: number; waits: number }>(
      `select key, outcome, failures, extract(epoch from next_at - clock_timestamp())::float as waits from stamps.effects order by seq`,
    );

  it('are done once, in the order of their stream, streams side by side', async () => {
    for (const [key, stream] of [
      ['a1', 'a'],
      ['a2', 'a'],
      ['b1', 'b'],
      ['a3', 'a'],
    ] as const)
      await want(key, stream);
    const { turn, tried, effects } = replica();
    expect(await effects.depth()).toBe(4);
    expect([await turn(), await turn(), await turn(), await turn()]).toEqual([2, 1, 1, 0]);
    expect(tried.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1']);
    expect(tried.filter((key) => key.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(await effects.depth()).toBe(0);
  });

  it('are wanted once for a key, and not at all when the transaction fails', async () => {
    await want('a1', 'a');
    await want('a1', 'a');
    await expect(
      database.transaction(async (tx) => {
        await wantEffect(tx, { key: 'a2', stream: 'a', kind: 'test', args: {} });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await rows()).map(({ key }) => key)).toEqual(['a1']);
  });

  it('wait for a service that is away, hold up what follows, and say so once', async () => {
    await want('a1', 'a');
    await want('a2', 'a');
    const away = new OpsError('throttled', 'too many');
    const { turn, tried, told } = replica([away, away, away]);
    for (let n = 0; n < 4; n += 1) {
      await letTimePass();
      await turn();
    }
    expect(tried).toEqual(['a1', 'a1', 'a1', 'a1']);
    expect(told).toEqual(['a1 waits: too many', 'a1: true did a1']);
    await turn();
    expect(tried.at(-1)).toBe('a2');
  });

  it('wait longer each time, a minute at most, and as long as the service asks', async () => {
    await want('a1', 'a');
    const away = new OpsError('unavailable', 'away');
    const { turn } = replica([...Array(8).fill(away), new OpsError('throttled', 'x', { retryAfterMs: 300_000 })]);
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      await letTimePass();
      await turn();
      waits.push(Math.round((await rows())[0]?.waits ?? 0));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 300]);
  });

  it('end when the service refuses for good, with its words and what to do', async () => {
    await want('a1', 'a');
    await want('a2', 'a');
    const { turn, told } = replica([new OpsError('bad-input', 'refused.', { hint: 'Look at the key.' })]);
    await turn();
    await turn();
    expect((await rows()).map(({ outcome }) => outcome)).toEqual(['Not done: refused. Look at the key.', 'did a2']);
    expect(told).toEqual(['a1: false refused. Look at the key.', 'a2: true did a2']);
  });

  it('of a kind that nobody knows end and are said to be unknown', async () => {
    await want('a1', 'a', 'mystery');
    await replica().turn();
    expect(await rows()).toMatchObject([{ outcome: 'Not done: Nothing here can do “mystery”.' }]);
  });

  it('that a replica took and did not end are done by another once its claim is over', async () => {
    await want('a1', 'a');
    const dead = replica(['hangs']);
    await dead.effects.pump();
    const survivor = replica();
    expect(await survivor.turn()).toBe(0);
    await database.query('update stamps.effects set claimed_until = clock_timestamp()');
    expect(await survivor.turn()).toBe(1);
    dead.stopper.abort(new Error('gone'));
    await dead.effects.idle();
    expect([survivor.told, dead.told]).toEqual([['a1: true did a1'], []]);
  });

  it('are told of once, though two replicas did them', async () => {
    await want('a1', 'a');
    const slow = Promise.withResolvers<void>();
    const [first, second] = [replica([slow.promise]), replica()];
    await first.effects.pump();
    await database.query('update stamps.effects set claimed_until = null');
    await second.turn();
    slow.resolve();
    await first.effects.idle();
    expect([first.tried, first.told, second.told]).toEqual([['a1'], [], ['a1: true did a1']]);
  });

  it('are shared by replicas without one done by both', async () => {
    for (let n = 0; n < 40; n += 1) await want(`s${n}`, `stream-${n}`);
    const replicas = [replica(), replica(), replica()];
    for (let turns = 0; turns < 3; turns += 1) await Promise.all(replicas.map(({ turn }) => turn()));
    const tried = replicas.flatMap((one) => one.tried);
    expect(tried).toHaveLength(40);
    expect(new Set(tried).size).toBe(40);
  });
});
