import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(180_000);
const operations = 'C0OPERATIONS';
/** Whenever the report in UTC is there, which is due at 06:30 of every day, the calendar was looked at since. */
const everyDay = (text: string) => {
  const digests = `digests:
  - { channel: C0OPERATIONS, at: "08:30", zone: Europe/Berlin, kinds: [daily] }
  - { channel: C0INCIDENTS, at: "06:30", zone: UTC, kinds: [daily] }
`;
  const changed = text.replace(/^digests:\n(?: {2}.*\n)+/m, digests);
  if (changed === text) throw new Error('the sandbox has other digests now');
  return changed;
};

describe('the day’s report where the clocks change', () => {
  let world: World;
  let database: Client;
  afterEach(async () => {
    await database.end();
    await world.stop();
  });

  const inChannel = (channel: string, threadTs?: string): readonly SlackMessage[] =>
    (world.slack.snapshot().channels.find(({ id }) => id === channel)?.messages ?? []).filter(
      (message) => message.threadTs === threadTs,
    );
  const titled = (channel: string) =>
    inChannel(channel).flatMap((message) => /Daily digest, (\w+ \d+ \w+ \d+)/.exec(wordsOf(message))?.[1] ?? []);
  const aRun = (number: number, at: string) =>
    database.query(
      `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel, checks, requested_at, expires_at)
       values ('r-' || $1::int, $1, 'x' || $1::int, 'scale-cell', '{}', '{"title": "Scale"}', '', 'succeeded', 'U0ANA', 'C', '[]', $2, $2)`,
      [number, at],
    );

  it.each([
    {
      how: 'back',
      begins: '2026-10-24T04:00:00Z',
      runs: ['2026-10-24T06:29:00Z', '2026-10-24T06:31:00Z', '2026-10-25T07:29:00Z', '2026-10-25T07:31:00Z'],
      looks: [
        ['2026-10-24T06:30:00Z', ['Sat 24 Oct 2026']],
        // Half past seven in Berlin by now.
        ['2026-10-25T06:30:00Z', ['Sat 24 Oct 2026']],
        ['2026-10-25T07:30:00Z', ['Sat 24 Oct 2026', 'Sun 25 Oct 2026']],
        ['2026-10-26T06:30:00Z', ['Sat 24 Oct 2026', 'Sun 25 Oct 2026']],
      ],
      hours: 25,
    },
    {
      how: 'forward',
      begins: '2026-03-28T04:00:00Z',
      runs: ['2026-03-28T07:29:00Z', '2026-03-28T07:31:00Z', '2026-03-29T06:29:00Z', '2026-03-29T06:31:00Z'],
      looks: [
        ['2026-03-28T06:30:00Z', []],
        ['2026-03-28T07:30:00Z', ['Sat 28 Mar 2026']],
        ['2026-03-29T06:30:00Z', ['Sat 28 Mar 2026', 'Sun 29 Mar 2026']],
        // The hour at which it would have been a day earlier is no second time.
        ['2026-03-29T07:30:00Z', ['Sat 28 Mar 2026', 'Sun 29 Mar 2026']],
        ['2026-03-30T06:30:00Z', ['Sat 28 Mar 2026', 'Sun 29 Mar 2026', 'Mon 30 Mar 2026']],
      ],
      hours: 23,
    },
  ] as const)(
    'by an hour $how comes once, at its local time, over the hours since the last, and says so',
    async (change) => {
      world = await startWorld({ calendar: change.begins, policy: everyDay });
      database = new Client({ connectionString: world.databaseUrl });
      await database.connect();
      for (const [index, at] of change.runs.entries()) await aRun(index + 1, at);
      for (const [moment, seen] of change.looks) {
        const witnesses = titled('C0INCIDENTS').length + (moment.includes('T06:30') ? 1 : 0);
        world.calendarTo(moment);
        await world.until(
          () => titled('C0INCIDENTS').length === witnesses && titled(operations).length >= seen.length,
          `the reports of ${moment}`,
          60_000,
        );
        expect({ moment, titles: titled(operations) }).toEqual({ moment, titles: seen });
      }
      const report = inChannel(operations).find((message) => wordsOf(message).includes('Daily digest, Sun'));
      const words = wordsOf(report as SlackMessage);
      expect(words).toContain(`The clocks were put ${change.how} by 1h: this report covers ${change.hours} hours.`);
      expect(words).toContain(`2 runs in ${change.hours} hours`);
      await world.until(() => inChannel(operations, report?.ts).length === 3, 'its thread');
      const thread = inChannel(operations, report?.ts).map(wordsOf).join('\n');
      expect([...new Set(thread.match(/r-\d/g))].sort()).toEqual(['r-2', 'r-3']);
      const [before] = inChannel(operations).filter((message) => wordsOf(message).includes('Daily digest, Sat'));
      expect(wordsOf(before as SlackMessage)).not.toContain('The clocks were');
      expect(wordsOf(before as SlackMessage)).toContain('in 24 hours');
    },
  );
});
