import { dueOf, watchResponseClocks } from '../../src/alerts/response-clocks.ts';
import { minuteMs } from '../../src/domain/duration.ts';
import { ana, ben, dana } from '../support/engine-harness.ts';
import { type IncidentHarness, incidentPolicy, startIncidents } from '../support/incident-harness.ts';
import { fc } from '../support/properties.ts';

describe('what is due', () => {
  const began = Date.parse('2026-11-24T03:00:00.000Z');
  const due = (minutes: number, escalation = 0, reminded = false) =>
    dueOf(
      { severity: 'P1', severity_at: new Date(began).toISOString(), escalation, reminded_at: reminded ? 'x' : null },
      incidentPolicy,
      new Date(began + minutes * minuteMs).toISOString(),
    );

  it.each([
    ['nothing before half of the time', due(14.9), undefined],
    ['a reminder at half of it', due(15), { rung: 0, does: 'remind' }],
    ['one reminder', due(29, 0, true), undefined],
    ['the first rung when it has passed', due(30, 0, true), { rung: 1, does: 'escalate' }],
    ['the rung that is reached, after a long outage', due(95), { rung: 3, does: 'escalate' }],
    ['a reminder half-way to the next rung', due(45, 1), { rung: 1, does: 'remind' }],
    ['the second rung', due(60, 1, true), { rung: 2, does: 'escalate' }],
    ['no end while nobody takes it', due(300, 9, true), { rung: 10, does: 'escalate' }],
  ])('is %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('never goes back, and never calls a rung twice', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600 })), (minutes) => {
        let escalation = 0;
        for (const minute of minutes.toSorted((a, b) => a - b)) {
          const found = due(minute, escalation, true);
          if (!found) continue;
          expect(found.rung).toBeGreaterThan(escalation);
          escalation = found.rung;
        }
      }),
    );
  });
});

describe('an incident that nobody takes', () => {
  let harness: IncidentHarness;
  let asked = 0;
  beforeAll(async () => {
    harness = await startIncidents();
  });
  afterAll(() => harness.stop());
  const declare = async () => {
    asked += 1;
    const wanted = { requestKey: `d-${asked}`, title: 'Sign-in fails', severity: 'P1', channel: 'C0' } as const;
    return (await harness.incidents.declare(wanted, ana)).id;
  };
  const thread = async (id: string) =>
    [...(await harness.messages())].filter(([key]) => key.startsWith(`incident:${id}:`)).map(([, text]) => text);
  const pass = async (id: string, minutes: number) => {
    await harness.age(id, minutes * minuteMs);
    await watchResponseClocks(harness.context);
  };

  it('is reminded of, then goes up the ladder, by the database’s clock', async () => {
    const id = await declare();
    await pass(id, 10);
    expect(await thread(id)).toEqual([]);
    await pass(id, 6);
    expect(await thread(id)).toEqual([
      `<@${ana.id}> Nobody has acknowledged ${id} yet. Press Acknowledge on its card if you are on it.`,
    ]);
    await pass(id, 15);
    await pass(id, 30);
    expect((await thread(id)).slice(1)).toEqual([
      expect.stringContaining(`<@${ana.id}> Nobody has acknowledged ${id}.`),
      expect.stringContaining(`<@${dana.id}> Nobody has acknowledged ${id} yet (call 2).`),
    ]);
    expect(await harness.incidents.incident(id)).toMatchObject({ escalation: 2, state: 'open' });
    expect((await harness.incidents.timeline(id)).map(({ kind }) => kind)).toEqual([
      'opened',
      'escalated',
      'escalated',
    ]);
    expect(await harness.audits()).toContain('incident-escalated by stamps');
  });

  it('is left alone once somebody has it', async () => {
    const id = await declare();
    await harness.incidents.acknowledge(id, ben);
    await pass(id, 300);
    expect(await thread(id)).toEqual([`Acknowledged by <@${ben.id}>.`]);
  });

  it('is escalated once, however many replicas look', async () => {
    const id = await declare();
    await harness.age(id, 31 * minuteMs);
    await Promise.all(Array.from({ length: 8 }, () => watchResponseClocks(harness.context)));
    expect(await thread(id)).toHaveLength(1);
  });

  it('starts anew when its severity changes', async () => {
    const id = await declare();
    await pass(id, 31);
    await harness.incidents.setSeverity(id, 'P2', ben);
    await watchResponseClocks(harness.context);
    expect(await harness.incidents.incident(id)).toMatchObject({ escalation: 0 });
    expect(await thread(id)).toHaveLength(1);
    expect((await harness.messages()).get(`incident:${id}`)).toContain('oncall will be called.');
  });

  it('says that nobody is on the ladder when the policy has none', async () => {
    const bare = await startIncidents({ ladder: [] });
    const { id } = await bare.incidents.declare(
      { requestKey: 'x', title: 'Sign-in fails', severity: 'P1', channel: 'C0' },
      ana,
    );
    await bare.age(id, 31 * minuteMs);
    await watchResponseClocks(bare.context);
    expect((await bare.incidents.timeline(id)).at(-1)?.says).toContain('the policy’s ladder is empty');
    await bare.stop();
  });
});
