import type { Member } from '../../src/domain/person.ts';
import type { Incidents } from '../../src/ports/incidents.ts';
import { ana, ben, dana, gus } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

let harness: IncidentHarness;
let asked = 0;
beforeAll(async () => {
  harness = await startIncidents();
});
afterAll(() => harness.stop());

const place = { scope: 'cell', region: 'eastus', cell: 'cell-banking' } as const;
const declare = (severity: 'P0' | 'P1' | 'P2' | 'P3' = 'P2', title = 'Card payments time out') => {
  asked += 1;
  return harness.incidents.declare({ requestKey: `d-${asked}`, title, severity, place, channel: 'C0OTHER' }, ana);
};
const card = async (id: string) => (await harness.messages()).get(`incident:${id}`) ?? '';
const thread = async (id: string) =>
  [...(await harness.messages())].filter(([key]) => key.startsWith(`incident:${id}:`)).map(([, text]) => text);
const effectsOf = async (id: string) =>
  (await harness.effects()).filter(({ args }) => JSON.stringify(args).includes(`"${id}"`)).map(({ kind }) => kind);

describe('a declared incident', () => {
  it('stands in the policy’s channel, is remembered, and pages when policy says so', async () => {
    const incident = await declare('P1');
    expect(incident).toMatchObject({ state: 'open', severity: 'P1', severityBy: ana.id, channel: 'C0INCIDENTS' });
    expect(await card(incident.id)).toContain('🟠 P1 · Card payments time out');
    expect(await effectsOf(incident.id)).toEqual(['pagerduty-trigger']);
    expect(await harness.incidents.timeline(incident.id)).toMatchObject([{ kind: 'opened', actor: ana.id }]);
    expect(await harness.audits()).toContain(`incident-opened by ${ana.id}`);
  });

  it('is one incident however often the command is delivered', async () => {
    const wanted = { requestKey: 'twice', title: 'Sign-in fails', severity: 'P1', place, channel: 'C0' } as const;
    const [first, second] = [
      await harness.incidents.declare(wanted, ana),
      await harness.incidents.declare(wanted, ana),
    ];
    expect(second.id).toBe(first.id);
    expect(await effectsOf(first.id)).toEqual(['pagerduty-trigger']);
    expect(await harness.incidents.timeline(first.id)).toHaveLength(1);
  });

  it('pages nobody at P2, and gets a channel of its own at P0', async () => {
    expect(await effectsOf((await declare('P2')).id)).toEqual([]);
    expect(await effectsOf((await declare('P0')).id)).toEqual(['pagerduty-trigger', 'incident-channel']);
  });

  it('calls the on-call once when people ask for it, and says whether they had been called before', async () => {
    const [calm, grave] = [await declare('P2'), await declare('P1')];
    expect((await harness.incidents.page(calm.id, ana)).earlier).toBe(false);
    expect((await harness.incidents.page(calm.id, ben)).earlier).toBe(true);
    expect((await harness.incidents.page(grave.id, ana)).earlier).toBe(true);
    expect(await effectsOf(calm.id)).toEqual(['pagerduty-trigger']);
    expect((await harness.incidents.timeline(calm.id)).map(({ says }) => says)).toContain('The on-call is being paged');
    expect((await harness.incidents.timeline(grave.id)).map(({ kind }) => kind)).toEqual(['opened']);
  });
});

describe('who may', () => {
  const nobody: Member = { ...ben, id: 'U0NIA', groups: [] };
  const bot: Member = { ...ana, id: 'U0ROB', barred: 'bot' };
  const stranger: Member = { ...ana, id: 'U0SAM', barred: 'stranger' };
  const acts: [string, (incidents: Incidents, id: string, member: Member) => Promise<unknown>][] = [
    ['declare', (it, _, member) => it.declare({ requestKey: 'x', title: 'x', severity: 'P3', channel: 'C0' }, member)],
    ['acknowledge', (it, id, member) => it.acknowledge(id, member)],
    ['assign', (it, id, member) => it.assign(id, ben.id, member)],
    ['setSeverity', (it, id, member) => it.setSeverity(id, 'P0', member)],
    ['note', (it, id, member) => it.note(id, 'seen', member, 'k')],
    ['mitigate', (it, id, member) => it.mitigate(id, member)],
    ['resolve', (it, id, member) => it.resolve(id, member)],
    ['merge', (it, id, member) => it.merge(id, 'i-1', member)],
    ['split', (it, id, member) => it.split(id, 'cell-banking', member)],
  ];

  it.each(acts)('refuses %s to guests, bots, strangers and people in no group, and changes nothing', async (_, act) => {
    const { id } = await declare();
    const before = [await harness.incidents.incident(id), await harness.incidents.timeline(id)];
    for (const member of [gus, bot, stranger, nobody])
      await expect(act(harness.incidents, id, member)).rejects.toMatchObject({ code: 'not-allowed' });
    expect([await harness.incidents.incident(id), await harness.incidents.timeline(id)]).toEqual(before);
  });

  it('lets nobody do anything when the policy names no responders', async () => {
    const empty = await startIncidents({ responders: [] });
    for (const member of [ana, ben, dana])
      for (const [, act] of acts)
        await expect(act(empty.incidents, 'i-1', member)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await empty.incidents.incidents({})).toEqual([]);
    await empty.stop();
  });
});

describe('taking it', () => {
  it('gives it to whoever is first, tells PagerDuty and the thread, and stays so', async () => {
    const { id } = await declare('P1');
    expect(await harness.incidents.acknowledge(id, ben)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: ben.id,
      assigneeId: ben.id,
    });
    expect(await harness.incidents.acknowledge(id, dana)).toMatchObject({ acknowledgedBy: ben.id });
    expect(await effectsOf(id)).toEqual(['pagerduty-trigger', 'pagerduty-acknowledge']);
    expect(await thread(id)).toEqual([`Acknowledged by <@${ben.id}>.`]);
    expect(await card(id)).toContain(`<@${ben.id}> has it`);
    expect(await card(id)).not.toContain('Nobody has acknowledged it');
  });

  it('is not told back to PagerDuty when PagerDuty said so', async () => {
    const { id } = await declare('P1');
    const pagerDuty: Member = { ...ben, id: 'pagerduty' };
    await harness.incidents.acknowledge(id, pagerDuty);
    await harness.incidents.resolve(id, pagerDuty);
    expect(await effectsOf(id)).toEqual(['pagerduty-trigger']);
    expect(await thread(id)).toEqual(['Acknowledged by PagerDuty.', 'Resolved by PagerDuty.']);
  });

  it('can be given to somebody else', async () => {
    const { id } = await declare();
    await harness.incidents.acknowledge(id, ana);
    expect(await harness.incidents.assign(id, ben.id, ana)).toMatchObject({ assigneeId: ben.id });
    expect(await thread(id)).toContain(`Assigned to <@${ben.id}> by <@${ana.id}>.`);
  });
});

describe('its severity', () => {
  it('raised by a person pages, calls whom the policy names, and starts the clock anew', async () => {
    const { id, severitySince } = await declare('P3');
    await harness.age(id, 3_600_000);
    const raised = await harness.incidents.setSeverity(id, 'P0', ben);
    expect(raised).toMatchObject({ severity: 'P0', severityBy: ben.id });
    expect(Date.parse(raised.severitySince)).toBeGreaterThan(Date.parse(severitySince));
    expect(await effectsOf(id)).toEqual(['pagerduty-trigger', 'incident-channel']);
    expect(await thread(id)).toEqual([`<@${ana.id}> <@${dana.id}> Raised from P3 to P0 by <@${ben.id}>.`]);
  });

  it('lowered tells nobody in the thread, and the card shows who chose it', async () => {
    const { id } = await declare('P1');
    await harness.incidents.setSeverity(id, 'P3', ben);
    expect(await thread(id)).toEqual([]);
    expect(await card(id)).toContain(`severity chosen by <@${ben.id}>`);
  });
});

describe('its end', () => {
  it('says what still fires, tells PagerDuty, and takes no more', async () => {
    const { id } = await declare('P1');
    await harness.alert(id, { key: `${id}-a` });
    await harness.alert(id, { key: `${id}-b` });
    const over = { instance: `${id}-b`, condition: 'resolved', resolvedAt: '2026-11-24T03:20:00.000Z' } as const;
    await harness.alert(id, { key: `${id}-b-over`, ...over });
    expect((await harness.incidents.incident(id)).alerts).toEqual({ firing: 1, total: 2 });
    await harness.incidents.resolve(id, ben);
    expect(await thread(id)).toEqual([`Resolved by <@${ben.id}>; 1 of its alerts is still firing.`]);
    expect(await effectsOf(id)).toEqual(['pagerduty-trigger', 'pagerduty-resolve']);
    await harness.incidents.resolve(id, ana);
    expect(await thread(id)).toHaveLength(1);
    await expect(harness.incidents.acknowledge(id, ana)).rejects.toMatchObject({ code: 'conflict' });
    await expect(harness.incidents.setSeverity(id, 'P0', ana)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('keeps notes after it, for what people find out later', async () => {
    const { id } = await declare();
    await harness.incidents.resolve(id, ben);
    await harness.incidents.note(id, 'it was the certificate', ben, 'k1');
    expect((await harness.incidents.timeline(id)).map(({ kind }) => kind)).toEqual(['opened', 'resolved', 'note']);
  });
});

describe('merge and split', () => {
  it('takes alerts, cells, timeline and the worse severity over, and says so on both sides', async () => {
    const gone = await declare('P1', 'Retail fails');
    const stays = await declare('P1', 'Banking fails');
    await harness.alert(gone.id, { key: `${gone.id}-a` });
    await harness.incidents.note(gone.id, 'baskets are empty', ben, 'k2');
    const merged = await harness.incidents.merge(gone.id, stays.id, ben);
    expect(merged.alerts.total).toBe(1);
    expect(await harness.incidents.incident(gone.id)).toMatchObject({ state: 'merged', mergedInto: stays.id });
    expect((await harness.incidents.timeline(stays.id)).map(({ says }) => says)).toContain('baskets are empty');
    expect(await effectsOf(gone.id)).toEqual(['pagerduty-trigger', 'pagerduty-note', 'pagerduty-resolve']);
    expect(await card(gone.id)).toContain(`into \`${stays.id}\``);
    await expect(harness.incidents.acknowledge(gone.id, ben)).rejects.toMatchObject({
      code: 'conflict',
      hint: `Do it with ${stays.id}.`,
    });
    await expect(harness.incidents.merge(stays.id, gone.id, ben)).rejects.toMatchObject({ code: 'conflict' });
    await expect(harness.incidents.merge(stays.id, stays.id, ben)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('takes a cell out with its alerts, which a person’s hand keeps there', async () => {
    const { id } = await declare('P2');
    await harness.database.query(`update stamps.incidents set cells = '{cell-banking,cell-retail}' where id = $1`, [
      id,
    ]);
    await harness.alert(id, { key: `${id}-b` });
    const retail = { scope: 'cell', region: 'eastus', cell: 'cell-retail' } as const;
    await harness.alert(id, { key: `${id}-r`, rule: 'Errors', place: retail });
    const split = await harness.incidents.split(id, 'cell-retail', ben);
    expect(split).toMatchObject({
      title: 'cell-retail: Errors',
      severity: 'P2',
      cells: ['cell-retail'],
      alerts: { total: 1 },
    });
    expect(await harness.incidents.incident(id)).toMatchObject({ cells: ['cell-banking'], alerts: { total: 1 } });
    const placed = await harness.database.query('select placed_by from stamps.alerts where incident_id = $1', [
      split.id,
    ]);
    expect(placed).toEqual([{ placed_by: ben.id }]);
    await expect(harness.incidents.split(id, 'cell-banking', ben)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('never waits for itself when two people merge crosswise', async () => {
    const [a, b] = [await declare(), await declare()];
    const both = await Promise.allSettled([
      harness.incidents.merge(a.id, b.id, ana),
      harness.incidents.merge(b.id, a.id, ben),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

it('lets twenty people at once have one taker', async () => {
  const { id } = await declare('P1');
  const people = Array.from({ length: 20 }, (_, n): Member => ({ ...ben, id: `U0N${n}` }));
  await Promise.all(people.map((member) => harness.incidents.acknowledge(id, member)));
  expect((await harness.incidents.timeline(id)).filter(({ kind }) => kind === 'acknowledged')).toHaveLength(1);
  expect(await thread(id)).toHaveLength(1);
});

it('shows each of many alerts on one page of its details, and the last page for one beyond it', async () => {
  const { id } = await declare();
  const rules = Array.from({ length: 25 }, (_, n) => `Rule ${n}`);
  for (const rule of rules) await harness.alert(id, { key: `${id}-${rule}`, rule });
  const page = async (n: number) => {
    const { alerts } = await harness.incidents.details(id, n);
    return { ...alerts, lines: alerts.lines.map(({ rule }) => rule) };
  };
  const pages = [await page(0), await page(1), await page(2)];
  expect(pages.map(({ page, pages, lines }) => [page, pages, lines.length])).toEqual([
    [0, 3, 10],
    [1, 3, 10],
    [2, 3, 5],
  ]);
  expect(pages.flatMap(({ lines }) => lines).sort()).toEqual([...rules].sort());
  expect(await page(99)).toEqual(pages[2]);
});
