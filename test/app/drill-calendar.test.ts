import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(180_000);

const title = 'Drill: serve eastus from westus for 15m';
/** The sandbox's drill, every Tuesday at ten in Berlin, in a channel that the tests read, and nothing else by the calendar. */
const weekly = (text: string) => {
  const drills = text.replace(/channel: \w+\n {4}every: month/, 'channel: C0INCIDENTS\n    every: week');
  if (drills === text) throw new Error('the sandbox has another drill now');
  return drills.replace(/^digests:\n(?: {2}.*\n)+/m, '');
};
const beforeTime = '2026-11-30T08:30:00Z';
const dayAhead = '2026-11-30T09:05:00Z';
const isRequest = (message: SlackMessage) => /`r-\d+` waits for approval until/.test(wordsOf(message));
const [first, second, third] = ['2026-12-01T09:00:00Z', '2026-12-08T09:00:00Z', '2026-12-15T09:00:00Z'] as const;

describe('a drill by the calendar', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ calendar: beforeTime, policy: weekly });
  });
  afterAll(() => world.stop());

  const region = (name: string) => world.azure.snapshot().regions.find((one) => one.name === name);
  async function asked(at: string, not?: string): Promise<{ ts: string; runId: string }> {
    world.calendarTo(at);
    await world.until(
      () => world.messages().some((it) => isRequest(it) && (not === undefined || !wordsOf(it).includes(not))),
      `the request of ${at}`,
    );
    const notice = world.messages().findLast(isRequest);
    const runId = /`(r-\d+)`/.exec(notice ? wordsOf(notice) : '')?.[1] ?? '';
    const card = await world.sees(new RegExp(`${title}.*\\(${runId}\\)`));
    return { ts: card.ts, runId };
  }
  async function drilled(at: string, not?: string): Promise<string> {
    const { ts, runId } = await asked(at, not);
    await world.press('U0BEN', ts, 'run_approve');
    expect(await world.state(runId)).toBe('waiting');
    expect(world.azure.accepted).toHaveLength(writes);
    await world.press('U0DANA', ts, 'run_approve');
    await world.until(() => region('westus')?.led === 1, 'clients at westus');
    await world.until(() => region('westus')?.writes.length === 3, 'data at westus');
    await world.sees(new RegExp(`▶️ Serve from westus for 15m.*${runId}|${runId}.*▶️ Serve from westus for 15m`));
    world.pass(15 * 60_000);
    await world.sees(`Done: ${title} (${runId})`, { withinMs: 40_000 });
    writes = world.azure.accepted.length;
    return runId;
  }
  let writes = 0;

  it('asks at its hour, runs when two people approve, puts the region back, and compares with the one before', async () => {
    const before = world.azure.configuration();
    world.calendarTo(dayAhead);
    await world.sees(`A drill of eastus to westus comes up`);
    const runId = await drilled(first);
    expect(world.azure.configuration()).toEqual(before);
    expect(region('eastus')).toMatchObject({ led: 1, writes: ['SQL', 'Cosmos', 'storage'] });
    await world.sees(
      /Measured: \d+ s until westus served, \d+ s until the last client could follow\. RPO 0.*first of its kind/,
    );

    await drilled(second, runId);
    expect(world.azure.configuration()).toEqual(before);
    await world.sees(
      new RegExp(`Measured: .*Before, until westus served: \\d+ s on \\d{4}-\\d\\d-\\d\\d \\(${runId}, RPO 0\\)`),
    );
  });

  it('does nothing when the region is not fit at its hour, and says what stands in the way', async () => {
    const accepted = world.azure.accepted.length;
    world.azure.faults.failRegion('westus');
    world.calendarTo(third);
    await world.sees(/No drill of eastus to westus this time:\* .*westus/, { withinMs: 40_000 });
    expect(world.azure.accepted).toHaveLength(accepted);
  });
});

describe('a drill by the calendar that nobody is there for', () => {
  it('expires, and says so without calling anybody; one whose hour passed while Stamps was away is told as skipped', async () => {
    const world = await startWorld({ calendar: beforeTime, policy: weekly });
    let databaseUrl: string;
    try {
      world.calendarTo(first);
      const { runId } = await world.card(`Waiting for approval: ${title}`);
      await world.expire(runId);
      await world.until(async () => (await world.state(runId)) === 'expired', 'the end of its window');
      const said = await world.sees('Expired: nobody approved it in time. Nothing was done');
      expect(wordsOf(said)).not.toContain('stamps');
      expect(world.azure.accepted).toEqual([]);
      databaseUrl = world.databaseUrl;
    } finally {
      await world.stop();
    }
    const later = await startWorld({ calendar: '2026-12-08T12:00:00Z', policy: weekly, databaseUrl });
    try {
      await later.sees(/No drill of eastus to westus this time:\* Stamps was away at its time, and is 3h late/);
      expect(later.azure.accepted).toEqual([]);
    } finally {
      await later.stop();
    }
  });
});
