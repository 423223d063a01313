import { createDrillCalendar } from '../../src/digests/drill-calendar.ts';
import type { DrillSetting } from '../../src/domain/drill-schedule.ts';
import { dayMs, hourMs, minuteMs } from '../../src/domain/duration.ts';
import type { Run } from '../../src/domain/run.ts';
import { createSchedules } from '../../src/engine/schedules.ts';
import { OpsError } from '../../src/errors.ts';
import type { MessageContent } from '../../src/ports/chat.ts';
import { faultsOfMessage } from '../support/block-limits.ts';
import { createFakeLogger } from '../support/fakes/fake-logger.ts';
import { sampleRun } from '../support/sample-run.ts';
import { shownText } from '../support/shown-text.ts';
import { newDatabase } from '../support/test-database.ts';

jest.setTimeout(30_000);

const setting: DrillSetting = {
  region: 'eastus',
  to: 'westus',
  withData: true,
  lastsMs: 15 * minuteMs,
  channel: 'C0OPERATIONS',
  every: 'month',
  on: 'tuesday',
  at: '10:00',
  zone: 'Europe/Berlin',
  windowMs: 2 * hourMs,
  aheadMs: dayMs,
};
// The first Tuesday of December, at ten in Berlin.
const due = Date.parse('2026-12-01T09:00:00Z');

let database: Awaited<ReturnType<typeof newDatabase>>;
let now: number;
let asked: unknown[];
let answer: () => Run;
let paused: { by: string; reason: string; at: string } | undefined;
let incidents: { id: string; severity: 'P0' | 'P1' | 'P2' | 'P3'; title: string }[];

beforeEach(async () => {
  database = await newDatabase();
  asked = [];
  answer = () => sampleRun({ id: 'r-9', state: 'waiting', expiresAt: '2026-12-01T11:00:00.000Z' });
  paused = undefined;
  incidents = [];
  now = Date.parse('2026-11-29T12:00:00Z');
});
afterEach(() => database.close());

async function look(at = now): Promise<void> {
  now = at;
  const calendar = createDrillCalendar(
    {
      operations: {
        paused: async () => paused,
        async requestByCalendar(request, expiresAfterMs) {
          asked.push([request, expiresAfterMs]);
          return answer();
        },
      },
      openIncidents: async () => incidents,
    },
    [setting],
  );
  await createSchedules(database, calendar, createFakeLogger().logger, 'replica-1', async () => now).look();
}
async function said(): Promise<string[]> {
  const rows = await database.query<{ content: MessageContent }>('select content from stamps.messages order by seq');
  for (const { content } of rows) expect(faultsOfMessage(content)).toEqual([]);
  return rows.map(({ content }) => `${content.text}\n${shownText(content)}`);
}

describe('a drill of the calendar', () => {
  it('is said once, a day ahead, and asks for nothing before its time', async () => {
    for (now = due - 3 * dayMs; now < due; now += hourMs) await look();
    const messages = await said();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('A drill of eastus to westus comes up');
    expect(messages[0]).toContain('2026-12-01 09:00 UTC');
    expect(asked).toEqual([]);
  });

  it('is put up for approval at its time, once, by nobody, and for as long as its window', async () => {
    await look();
    await Promise.all([look(due), look(due)]);
    await look(due + minuteMs);
    expect(asked).toEqual([
      [
        {
          requestKey: 'drill/eastus:2026-12-01T09:00:00.000Z',
          playbook: 'drill-region',
          channel: 'C0OPERATIONS',
          input: {
            region: 'eastus',
            to: 'westus',
            withData: true,
            for: '15m',
            reason: 'The drill that the calendar asks for.',
          },
        },
        2 * hourMs,
      ],
    ]);
    expect((await said()).at(-1)).toMatch(/r-9.*waits for approval until/);
  });

  it.each([
    [
      'an incident is open',
      () => void incidents.push({ id: 'i-4', severity: 'P2', title: 'Slow payments' }),
      /i-4 \(P2\) is open: Slow payments/,
    ],
    [
      'everything is paused',
      () => {
        paused = { by: 'U0DANA', reason: 'a freeze', at: '' };
      },
      /everything is paused: a freeze/,
    ],
  ])('is skipped with the reason, and not even planned, while %s', async (_, arrange, reason) => {
    await look();
    arrange();
    await look(due);
    expect(asked).toEqual([]);
    expect((await said()).at(-1)).toMatch(reason);
  });

  it('is not stopped by a small incident', async () => {
    await look();
    incidents.push({ id: 'i-5', severity: 'P3', title: 'A typo' });
    await look(due);
    expect(asked).toHaveLength(1);
  });

  it('is skipped with the guard’s words when the region is not well, and with the playbook’s when it refuses', async () => {
    await look();
    answer = () => ({
      ...sampleRun(),
      id: 'r-9',
      state: 'refused',
      stateReason: 'Traffic Manager finds eastus Degraded.',
    });
    await look(due);
    expect((await said()).at(-1)).toMatch(
      /No drill of eastus to westus this time.*Traffic Manager finds eastus Degraded\. .*r-9/s,
    );
    answer = () => {
      throw new OpsError('refused', 'eastus is held by r-3: this is no time for a drill.');
    };
    // January's.
    await look(Date.parse('2027-01-05T09:00:00Z'));
    expect((await said()).at(-1)).toContain('eastus is held by r-3');
  });

  it('is tried again when what stands in the way may pass', async () => {
    await look();
    answer = () => {
      throw new OpsError('unavailable', 'Azure is away.', { service: 'Azure' });
    };
    await look(due);
    expect((await said()).join()).not.toContain('No drill');
    answer = () => sampleRun({ id: 'r-9', state: 'waiting', expiresAt: '2026-12-01T11:00:00.000Z' });
    await look(due + 30 * minuteMs);
    expect((await said()).at(-1)).toContain('r-9');
    // What is left of the window.
    expect(asked.at(-1)).toMatchObject([expect.anything(), 90 * minuteMs]);
  });

  it('is over when nobody was there in its window', async () => {
    await look();
    await look(due + 3 * hourMs);
    expect(asked).toEqual([]);
    expect((await said()).at(-1)).toContain('is 3h late');
  });
});
