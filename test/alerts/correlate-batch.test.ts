import { type AlertWriter, createAlertWriter } from '../../src/alerts/alert-writer.ts';
import { readAzureMonitorAlert } from '../../src/alerts/azure-monitor-schema.ts';
import { correlateBatch } from '../../src/alerts/correlate-batch.ts';
import { refreshIncident } from '../../src/alerts/incident-cards.ts';
import type { IncidentDeskContext } from '../../src/alerts/incident-context.ts';
import { findIncidents, getIncident, readTimeline } from '../../src/alerts/incident-store.ts';
import { createIncidents } from '../../src/alerts/incidents.ts';
import { settleIncidents } from '../../src/alerts/settle-incidents.ts';
import { createPlaceFinder } from '../../src/domain/find-place.ts';
import type { Database } from '../../src/engine/database.ts';
import { systemClock } from '../../src/ports/clock.ts';
import { type AzureAlertOptions, azureAlert } from '../support/azure-alerts.ts';
import { ana } from '../support/engine-harness.ts';
import { armId, incidentContext, twoRegions } from '../support/incident-world.ts';
import { newDatabase } from '../support/test-database.ts';

const app = (cell: string) => armId(`rg-${cell.slice(0, 2)}`, 'Microsoft.App/containerApps', `app-${cell}`);

describe('alerts that become incidents', () => {
  let database: Database;
  let context: IncidentDeskContext;
  let placeOf = createPlaceFinder(twoRegions);
  let writer: AlertWriter;
  const stopper = new AbortController();
  beforeEach(async () => {
    database = await newDatabase();
    context = incidentContext(database);
    placeOf = createPlaceFinder(context.estate);
    writer = createAlertWriter(database, context.policy.incidents.correlateWithinMs, systemClock, stopper.signal);
  });
  afterEach(() => database.close());
  afterAll(() => stopper.abort());

  /** Posts alerts that fire now, unless they say otherwise, and lets the correlator look. */
  async function alerts(...all: readonly AzureAlertOptions[]) {
    const now = new Date().toISOString();
    await Promise.all(
      all.map((options) => {
        const { said, ...sent } = readAzureMonitorAlert(azureAlert({ firedDateTime: now, ...options }), now);
        return writer.store({ ...sent, place: placeOf({ ...sent, ...(said && { said }) }) });
      }),
    );
    while ((await database.transaction((tx) => correlateBatch(tx, context))).looked > 0);
    return findIncidents(database);
  }
  const outcomes = async () =>
    (await database.query<{ outcome: string }>('select outcome from stamps.alerts order by seq')).map(
      (row) => row.outcome,
    );

  it('opens one incident for a cell’s alerts, with its severity, place and moment', async () => {
    const fired = new Date(Date.now() - 60_000).toISOString();
    const incidents = await alerts(
      { id: '1', rule: 'Memory', targets: [app('r1-cell-1')], firedDateTime: fired },
      { id: '2', rule: 'CPU', targets: [app('r1-cell-1')] },
    );
    expect(incidents).toMatchObject([
      {
        title: 'r1-cell-1: Memory',
        state: 'open',
        severity: 'P2',
        severityBy: 'evidence',
        place: { scope: 'cell', cell: 'r1-cell-1' },
        cells: ['r1-cell-1'],
        startedAt: fired,
        alerts: { firing: 2, total: 2 },
      },
    ]);
    const timeline = await readTimeline(database, 'i-1');
    expect(timeline.map(({ kind }) => kind).sort()).toEqual(['alert-fired', 'alert-fired', 'joined', 'opened']);
    expect(timeline.find(({ kind }) => kind === 'joined')?.says).toBe('“CPU” joined because it is about r1-cell-1 too');
  });

  it('makes it a region’s incident when another cell follows, and P1, and pages', async () => {
    await alerts({ id: '1', targets: [app('r1-cell-1')] });
    const [incident] = await alerts({ id: '2', targets: [app('r1-cell-2')] });
    expect(incident).toMatchObject({ id: 'i-1', severity: 'P1', place: { scope: 'region', region: 'r1' } });
    expect(incident?.title).toBe('r1: a rule');
    expect(incident?.cells).toEqual(['r1-cell-1', 'r1-cell-2']);
    expect(await database.query('select kind from stamps.effects')).toMatchObject([{ kind: 'pagerduty-trigger' }]);
  });

  it('lets Front Door swallow the regions’ incidents', async () => {
    await alerts({ id: '1', targets: [app('r1-cell-1')] }, { id: '2', targets: [app('r2-cell-1')] });
    const live = await alerts({ id: '3', rule: 'Front Door', severity: 'Sev0', targets: [twoRegions.frontDoorId] });
    expect(live).toMatchObject([{ id: 'i-1', severity: 'P0', place: { scope: 'global' }, alerts: { total: 3 } }]);
    expect(await getIncident(database, 'i-2')).toMatchObject({ state: 'merged', mergedInto: 'i-1' });
    const notices = await database.query<{ text: string; priority: number }>(
      `select content->>'text' as text, priority from stamps.messages where thread_of is not null order by priority`,
    );
    // Who must come is called first.
    expect(notices).toMatchObject([
      { text: expect.stringContaining('Raised from P2 to P0'), priority: 0 },
      { text: expect.stringContaining('The same trouble as i-2'), priority: 2 },
    ]);
  });

  it('leaves a severity that a person chose', async () => {
    const incidents = createIncidents(context);
    await alerts({ id: '1', targets: [app('r1-cell-1')] });
    await incidents.setSeverity('i-1', 'P3', ana);
    const [incident] = await alerts({ id: '2', targets: [app('r1-cell-2')] });
    expect(incident).toMatchObject({ severity: 'P3', severityBy: ana.id, place: { scope: 'region' } });
  });

  it('keeps apart what a person split, and knows where the next alert goes', async () => {
    const incidents = createIncidents(context);
    await alerts({ id: '1', targets: [app('r1-cell-1')] }, { id: '2', targets: [app('r1-cell-2')] });
    const { id } = await incidents.split('i-1', 'r1-cell-2', ana);
    const live = await alerts({ id: '3', targets: [app('r1-cell-2')] }, { id: '4', targets: [app('r1-cell-1')] });
    expect(live.map((one) => [one.id, one.alerts.total])).toEqual([
      [id, 2],
      ['i-1', 2],
    ]);
  });

  it('goes on in the incident into which a person merged another', async () => {
    const incidents = createIncidents(context);
    await alerts({ id: '1', targets: [app('r1-cell-1')] }, { id: '2', targets: [app('r2-cell-1')] });
    await incidents.merge('i-2', 'i-1', ana);
    expect(await alerts({ id: '3', targets: [app('r2-cell-1')] })).toMatchObject([{ id: 'i-1', alerts: { total: 3 } }]);
  });

  it('ends an alert with its resolution, in whatever order they come', async () => {
    const firedDateTime = new Date(Date.now() - 300_000).toISOString();
    const one = { id: '1', targets: [app('r1-cell-1')], firedDateTime };
    await alerts(one);
    expect(await alerts({ ...one, condition: 'Resolved' })).toMatchObject([{ alerts: { firing: 0, total: 1 } }]);
    const two = { ...one, id: '2', targets: [app('r2-cell-1')] };
    await alerts({ ...two, condition: 'Resolved' });
    expect(await alerts(two)).toHaveLength(1);
    expect((await outcomes()).slice(1)).toEqual(['ends its alert', 'came before its alert', 'over before it was seen']);
  });

  it('takes a fired alert of an instance that fires again for a new one', async () => {
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const health = (currentHealthStatus: string, id: string, firedDateTime: string) => ({
      id,
      firedDateTime,
      monitoringService: 'ResourceHealth',
      targets: [app('r1-cell-1')],
      alertContext: { properties: { currentHealthStatus } },
    });
    await alerts(health('Unavailable', '1', at(3)));
    await alerts(health('Available', '2', at(2)));
    expect(await alerts(health('Unavailable', '3', at(1)))).toMatchObject([{ alerts: { firing: 1, total: 2 } }]);
  });

  it.each([
    ['years ago', '2001-01-01T00:00:00Z'],
    ['in an hour', new Date(Date.now() + 3_600_000).toISOString()],
  ])('takes an alert whose clock says %s for one of now', async (_, firedDateTime) => {
    await alerts({ id: '1', targets: [app('r1-cell-1')] });
    const [incident, ...others] = await alerts({ id: '2', targets: [app('r1-cell-2')], firedDateTime });
    expect(others).toEqual([]);
    expect(Date.parse(incident?.startedAt ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('opens an incident for what the estate does not know', async () => {
    const resource = '/subscriptions/x/resourceGroups/y/providers/Microsoft.Sql/servers/who-knows';
    const [incident] = await alerts({ id: '1', targets: [resource] }, { id: '2', targets: [resource.toUpperCase()] });
    expect(incident).toMatchObject({
      title: 'who-knows: a rule',
      severity: 'P2',
      place: { scope: 'unknown' },
      cells: [],
    });
  });

  it('goes on with a cell that has left the estate: its alerts end, its cards are drawn, what still fires is shown', async () => {
    const firedDateTime = new Date(Date.now() - 300_000).toISOString();
    const one = { id: '1', targets: [app('r1-cell-1')], firedDateTime };
    await alerts(one);
    const left = { ...twoRegions, cells: twoRegions.cells.filter(({ name }) => name !== 'r1-cell-1') };
    context = incidentContext(database, {}, left);
    placeOf = createPlaceFinder(left);

    await alerts({ id: '2', targets: [app('r1-cell-1')] });
    expect((await findIncidents(database)).flatMap(({ alerts }) => alerts)).toMatchObject([{ firing: 2, total: 2 }]);
    await alerts({ ...one, condition: 'Resolved' });
    expect((await outcomes()).at(-1)).toBe('ends its alert');
    await refreshIncident(context, 'i-1');
    const [card] = await database.query<{ text: string }>(
      `select content->>'text' as text from stamps.messages where key = 'incident:i-1'`,
    );
    expect(card?.text).toContain('i-1');
    await createIncidents(context).resolve('i-1', ana);
    expect(await findIncidents(database)).toEqual([]);
  });

  it('stores alerts and shows none when the policy names no channel', async () => {
    context = incidentContext(database, { channel: undefined });
    expect(await alerts({ id: '1' })).toEqual([]);
    expect(await outcomes()).toEqual(['the policy names no channel']);
  });

  it('looks at what may wake somebody first, and only at that while told so', async () => {
    const now = new Date().toISOString();
    const of = (id: string, severity: string, target: string) => {
      const sent = readAzureMonitorAlert(azureAlert({ id, severity, firedDateTime: now, targets: [target] }), now);
      return writer.store({ ...sent, place: placeOf(sent) });
    };
    await of('1', 'Sev1', app('r1-cell-1'));
    await of('2', 'Sev0', twoRegions.trafficManagerId);
    const look = () => database.transaction((tx) => correlateBatch(tx, context, 'P1'));
    expect([(await look()).looked, (await look()).looked]).toEqual([1, 0]);
    expect(await findIncidents(database)).toMatchObject([{ severity: 'P0', alerts: { total: 1 } }]);
  });

  it('joins serious alerts of any cell to what a person declared for the whole estate, and says why', async () => {
    const declaration = { requestKey: 'd', title: 'Nobody can sign in', severity: 'P0', channel: 'C1' } as const;
    const { id } = await createIncidents(context).declare(declaration, ana);
    await database.query(`update stamps.incidents set place = '{"scope":"global"}'`);
    const live = await alerts(
      { id: '1', targets: [app('r1-cell-1')] },
      { id: '2', severity: 'Sev4', targets: [app('r2-cell-1')] },
    );
    expect(live.map((one) => [one.id, one.alerts.total, one.title])).toEqual([
      ['i-2', 1, 'r2-cell-1: a rule'],
      [id, 1, 'Nobody can sign in'],
    ]);
    expect((await readTimeline(database, id)).map(({ says }) => says)).toContain(
      '“a rule” joined because it follows from trouble of the whole estate, at the same time',
    );
    // Long after it, a cell's trouble is its own again.
    await database.query(`update stamps.incidents set started_at = now() - interval '1 hour' where id = $1`, [id]);
    await database.query(`update stamps.alerts set at = at - interval '1 hour' where incident_id = $1`, [id]);
    expect(await alerts({ id: '3', targets: [app('r2-cell-2')] })).toHaveLength(3);
  });

  it('keeps nobody waiting who works on what an alert has nothing to do with', async () => {
    await alerts({ id: '1', targets: [app('r1-cell-1')] }, { id: '2', targets: [app('r2-cell-1')] });
    const now = new Date().toISOString();
    const sent = readAzureMonitorAlert(azureAlert({ id: '3', firedDateTime: now, targets: [app('r2-cell-1')] }), now);
    await writer.store({ ...sent, place: placeOf(sent) });
    const free = await database.transaction(async (tx) => {
      await correlateBatch(tx, context);
      return database.query<{ title: string }>('select title from stamps.incidents for update skip locked');
    });
    expect(free.map(({ title }) => title)).toEqual(['r1-cell-1: a rule']);
  });

  it('does one thing when many replicas look at the same time', async () => {
    const now = new Date().toISOString();
    const sent = readAzureMonitorAlert(azureAlert({ firedDateTime: now, targets: [app('r1-cell-1')] }), now);
    await writer.store({ ...sent, place: placeOf(sent) });
    await Promise.all(Array.from({ length: 5 }, () => database.transaction((tx) => correlateBatch(tx, context))));
    expect(await findIncidents(database)).toHaveLength(1);
    expect(await database.query('select 1 from stamps.timeline')).toHaveLength(2);
  });

  it('resolves what nobody took when it has been calm for a while, and opens it again when it is back', async () => {
    const one = { id: '1', targets: [app('r1-cell-1')] };
    await alerts(one);
    await alerts({ ...one, condition: 'Resolved' });
    await settleIncidents(context);
    expect(await getIncident(database, 'i-1')).toMatchObject({ state: 'open' });
    await database.query(
      `update stamps.alerts set over_at = over_at - interval '6 minutes', at = at - interval '6 minutes'`,
    );
    await settleIncidents(context);
    expect(await getIncident(database, 'i-1')).toMatchObject({ state: 'resolved', resolvedBy: 'stamps' });
    expect(await alerts({ id: '2', targets: [app('r1-cell-1')] })).toMatchObject([{ id: 'i-1', state: 'open' }]);
    expect((await readTimeline(database, 'i-1')).map(({ kind }) => kind)).toContain('reopened');
  });

  it('pages again each time that one is opened again, where policy pages for it, and says when it is over', async () => {
    const { severities } = context.policy.incidents;
    context = incidentContext(database, { severities: { ...severities, P2: { ...severities.P2, page: true } } });
    const targets = [app('r1-cell-1')];
    for (const id of ['1', '2', '3']) {
      expect(await alerts({ id, targets })).toMatchObject([{ id: 'i-1', state: 'open' }]);
      await alerts({ id, targets, condition: 'Resolved' });
      await database.query(
        `update stamps.alerts set over_at = over_at - interval '6 minutes', at = at - interval '6 minutes'`,
      );
      await settleIncidents(context);
    }
    const wanted = await database.query<{ kind: string }>(
      `select kind from stamps.effects where stream = 'pagerduty/stamps/i-1' order by seq`,
    );
    const each = ['pagerduty-trigger', 'pagerduty-resolve'];
    expect(wanted.map(({ kind }) => kind)).toEqual([...each, ...each, ...each]);
  });

  it('asks people, once, whether a severe one is over', async () => {
    const one = { id: '1', severity: 'Sev0', targets: [twoRegions.trafficManagerId] };
    await alerts(one);
    await alerts({ ...one, condition: 'Resolved' });
    await database.query(
      `update stamps.alerts set over_at = over_at - interval '6 minutes', at = at - interval '6 minutes'`,
    );
    for (let n = 0; n < 3; n += 1) await settleIncidents(context);
    expect(await getIncident(database, 'i-1')).toMatchObject({ state: 'open' });
    const asked = await database.query(
      `select 1 from stamps.messages where content->>'text' like '%Resolve it if nobody%'`,
    );
    expect(asked).toHaveLength(1);
  });

  it('keeps a channel readable when unrelated troubles come in a crowd', async () => {
    const crowd = Array.from({ length: 60 }, (_, n) => ({ id: `c-${n}`, targets: [`/unknown/${n}`] }));
    const live = await alerts(...crowd);
    expect(live).toHaveLength(9);
    expect(live.map(({ alerts: { total } }) => total).reduce((a, b) => a + b)).toBe(60);
    const storm = live.find(({ title }) => title.startsWith('Alert storm'));
    expect(storm?.alerts.total).toBe(52);
  });
});
