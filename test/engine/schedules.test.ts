import { createSchedules, type Occurrence, type Schedule } from '../../src/engine/schedules.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);
let database: Awaited<ReturnType<typeof newDatabase>>;
let now: number;
let done: Occurrence[];
let work: Schedule['work'];

beforeEach(async () => {
  database = await newDatabase();
  done = [];
  work = async (occurrence) => {
    done.push(occurrence);
    return [{ key: `digest:${occurrence.dueAt}`, channel: 'C0OPERATIONS', content: { text: 'x', blocks: [] } }];
  };
});
afterEach(() => database.close());

const schedules = (pattern = '30 8 * * *', timeZone = 'Europe/Berlin', name = 'daily') =>
  createSchedules(
    database,
    [{ name, pattern, timeZone, work: (one) => work(one) }],
    createFakeLogger().logger,
    'replica-1',
    async () => now,
  );
const at = (iso: string) => {
  now = Date.parse(iso);
};
const dues = () => done.map(({ dueAt }) => dueAt);
const wanted = () => database.query<{ key: string }>('select key from stamps.messages order by key');

/** Looks every hour between two moments, as replicas that start anew each time. */
async function lookThrough(from: string, to: string, pattern: string, timeZone: string): Promise<void> {
  for (now = Date.parse(from); now <= Date.parse(to); now += 3_600_000) await schedules(pattern, timeZone).look();
}

describe('a schedule', () => {
  it('is done at its local time, once, however often and by whomever it is looked at', async () => {
    at('2026-11-25T07:00:00Z');
    await schedules().look();
    at('2026-11-25T07:29:59Z');
    await schedules().look();
    expect(done).toEqual([]);
    at('2026-11-25T07:30:00Z');
    const [one, other] = [schedules(), schedules()];
    await Promise.all([one.look(), other.look(), one.look()]);
    await schedules().look();
    expect(done).toEqual([
      { dueAt: '2026-11-25T07:30:00.000Z', previousAt: '2026-11-24T07:30:00.000Z', lateMs: 0, missed: 0 },
    ]);
    expect(await wanted()).toHaveLength(1);
  });

  it('owes nothing for the time before it was there', async () => {
    at('2026-11-25T12:00:00Z');
    await schedules().look();
    at('2026-11-25T13:00:00Z');
    await schedules().look();
    expect(done).toEqual([]);
  });

  it('owes nothing either when its time is changed', async () => {
    at('2026-11-25T06:00:00Z');
    await schedules().look();
    at('2026-11-25T12:00:00Z');
    await schedules().look();
    await schedules('0 11 * * *').look();
    expect(dues()).toEqual(['2026-11-25T07:30:00.000Z']);
  });

  it('is done late when it was missed, only the newest, and says so', async () => {
    at('2026-11-20T12:00:00Z');
    await schedules().look();
    at('2026-11-25T10:00:00Z');
    await schedules().look();
    expect(done).toMatchObject([{ dueAt: '2026-11-25T07:30:00.000Z', lateMs: 9_000_000, missed: 4 }]);
    at('2026-11-26T07:31:00Z');
    await schedules().look();
    expect(done.at(-1)).toMatchObject({ dueAt: '2026-11-26T07:30:00.000Z', lateMs: 0, missed: 0 });
  });

  it('is tried again after a failure, later each time, and shows nothing before it is whole', async () => {
    at('2026-11-25T07:00:00Z');
    await schedules().look();
    at('2026-11-25T07:30:00Z');
    const whole = work;
    let tries = 0;
    work = async () => {
      tries += 1;
      throw new Error('no picture today');
    };
    await schedules().look();
    now += 30_000;
    await schedules().look();
    expect(tries).toBe(1);
    now += 31_000;
    await schedules().look();
    expect(tries).toBe(2);
    expect(await wanted()).toEqual([]);
    work = whole;
    now += 3 * 60_000;
    await schedules().look();
    expect(dues()).toEqual(['2026-11-25T07:30:00.000Z']);
    expect(await wanted()).toHaveLength(1);
  });

  it('is taken over from a replica that died at it', async () => {
    at('2026-11-25T07:00:00Z');
    await schedules().look();
    at('2026-11-25T07:30:00Z');
    const whole = work;
    let begun = false;
    work = () => {
      begun = true;
      return new Promise(() => undefined);
    };
    void schedules().look();
    await until(() => begun);
    // By its name others free it sooner, once the replica is struck out.
    expect(await database.query('select claimed_by from stamps.occurrences')).toEqual([{ claimed_by: 'replica-1' }]);
    work = whole;
    now += 9 * 60_000;
    await schedules().look();
    expect(done).toEqual([]);
    now += 2 * 60_000;
    await schedules().look();
    expect(dues()).toEqual(['2026-11-25T07:30:00.000Z']);
  });

  it.each([
    [
      'does a time that the clocks skip at the end of the gap',
      '30 2 * * *',
      '2026-03-28T12:00:00Z',
      '2026-03-30T12:00:00Z',
      ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
      23.5,
    ],
    [
      'does a time that comes twice the first time only',
      '30 2 * * *',
      '2026-10-24T12:00:00Z',
      '2026-10-26T12:00:00Z',
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
      24,
    ],
    [
      'keeps to the local time over a change of clocks',
      '30 8 * * *',
      '2026-10-24T12:00:00Z',
      '2026-10-26T12:00:00Z',
      ['2026-10-25T07:30:00.000Z', '2026-10-26T07:30:00.000Z'],
      25,
    ],
    [
      'knows Mondays',
      '0 8 * * 1',
      '2026-11-22T12:00:00Z',
      '2026-11-23T12:00:00Z',
      ['2026-11-23T07:00:00.000Z'],
      7 * 24,
    ],
    [
      'knows the first of a month',
      '0 0 1 * *',
      '2026-11-29T12:00:00Z',
      '2026-12-01T12:00:00Z',
      ['2026-11-30T23:00:00.000Z'],
      30 * 24,
    ],
  ])(
    '%s',
    async (_, pattern, from, to, expected, hoursSince) => {
      await lookThrough(from, to, pattern, 'Europe/Berlin');
      expect(dues()).toEqual(expected);
      const [first] = done;
      expect((Date.parse(first?.dueAt ?? '') - Date.parse(first?.previousAt ?? '')) / 3_600_000).toBe(hoursSince);
    },
    30_000,
  );
});

async function until(holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns += 1) {
    if (turns > 1_000_000) throw new Error('never');
    await new Promise((next) => setImmediate(next));
  }
}
