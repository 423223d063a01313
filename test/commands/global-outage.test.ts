import type { Incident } from '../../src/domain/incident.ts';
import { OpsError } from '../../src/errors.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { createDesk, requestOf } from '../support/fakes/desk.ts';
import { createFakeWorld, pairedEstate } from '../support/playbook-world.ts';

type Desk = ReturnType<typeof createDesk>;
const said = 'global-outage because nobody can sign in since 03:05';
const lose = ({ azure }: Desk, region: string) => {
  const { endpoints, probeStatus } = azure.disaster;
  const endpoint = endpoints.get(region);
  if (endpoint) endpoints.set(region, { ...endpoint, monitorStatus: 'Degraded' });
  probeStatus.set(region, 503);
};
const asked = ({ incidentBook }: Desk) => incidentBook.calls.map(([method]) => method);

describe('global-outage', () => {
  it('declares a P0, pages, looks, and plans what loses nothing', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    const shown = await desk.type(said);
    expect(asked(desk)).toEqual(['declare', 'page', 'note']);
    expect(desk.incidentBook.calls[0]?.[1]).toMatchObject({
      requestKey: 'key-1',
      title: 'Global outage: nobody can sign in since 03:05',
      severity: 'P0',
    });
    expect(desk.incidentBook.calls[2]).toEqual(['note', 'i-18', 'Found broken: eastus.', 'U0ANA', 'key-1/assessment']);
    const reason = 'nobody can sign in since 03:05';
    const [method, request] = requestOf('failover-region', { from: 'eastus', to: 'westus', reason });
    expect(desk.operations.acts()).toEqual([[method, { ...(request as object), requestKey: 'key-1/failover/eastus' }]]);
    expect(shown).toContain('*P0 declared:* `i-18`');
    expect(shown).toContain('The on-call is being paged; the card says what becomes of it.');
    expect(shown).toContain('*Planned, and waiting for approval:* `r-18`.');
    expect(shown).toContain('⛔ *eastus* — *broken*');
  });

  it('joins the P0 of the whole estate that alerts have opened, and opens no second one', async () => {
    const desk = createDesk();
    const open = desk.incidentBook.book.get('i-17') as Incident;
    desk.incidentBook.book.set('i-17', { ...open, severity: 'P0', place: { scope: 'global' } });
    const shown = await desk.type(said);
    expect(asked(desk)).toEqual(['note', 'page', 'note']);
    expect(desk.incidentBook.calls[0]).toEqual([
      ...['note', 'i-17', 'Global outage: nobody can sign in since 03:05.', 'U0ANA', 'key-1/seen'],
    ]);
    expect(shown).toContain('*P0 is open already:* `i-17`');
    expect(shown).toContain('The on-call is being paged;');
  });

  it('claims no page of its own where the P0 that it joins has called them before', async () => {
    const desk = createDesk();
    const open = desk.incidentBook.book.get('i-17') as Incident;
    desk.incidentBook.book.set('i-17', { ...open, severity: 'P0', place: { scope: 'global' } });
    desk.incidentBook.paged.add('i-17');
    const shown = await desk.type(said);
    expect(shown).toContain('The on-call was called for it before, and is not paged once more;');
    expect(shown).not.toContain('being paged');
  });

  it('says that its own P0 wakes them, where the severity has done that already', async () => {
    const desk = createDesk();
    desk.incidentBook.paged.add('i-18');
    expect(await desk.type(said)).toContain('The on-call is being paged;');
  });

  it.each([true, false])('says that nobody is paged without PagerDuty, joined or not: %s', async (joins) => {
    const desk = createDesk();
    desk.onCall.state.pagesIncidents = false;
    const open = desk.incidentBook.book.get('i-17') as Incident;
    if (joins) desk.incidentBook.book.set('i-17', { ...open, severity: 'P0', place: { scope: 'global' } });
    const shown = await desk.type(said);
    expect(shown).toContain('PagerDuty is not configured: call them by phone.');
    expect(shown).not.toMatch(/is being paged|was called/);
  });

  it('goes on with its own P0 when the process died in its middle, and declares no second one', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    const title = 'Global outage: nobody can sign in since 03:05';
    const own = {
      ...(desk.incidentBook.book.get('i-17') as Incident),
      title,
      severity: 'P0',
      place: { scope: 'global' },
    };
    desk.incidentBook.book.set('i-17', own as Incident);
    const shown = await desk.type(said);
    expect(asked(desk)).toEqual(['page', 'note']);
    expect(shown).toContain('*P0 declared:* `i-17`');
    expect(desk.operations.acts()).toMatchObject([['request', { requestKey: 'key-1/failover/eastus' }]]);
  });

  it.each([
    ['is less grave', { severity: 'P1', place: { scope: 'global' } }],
    ['is of one region', { severity: 'P0', place: { scope: 'region', region: 'eastus' } }],
    ['is mitigated', { severity: 'P0', place: { scope: 'global' }, mitigatedAt: '2026-11-24T03:11:00Z' }],
  ] as const)('opens one of its own where another %s', async (_case, change) => {
    const desk = createDesk();
    desk.incidentBook.book.set('i-17', { ...(desk.incidentBook.book.get('i-17') as Incident), ...change });
    await desk.type(said);
    expect(asked(desk)).toEqual(['declare', 'page', 'note']);
  });

  it('leaves what loses data to a person, as a button', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    desk.azure.disaster.sql = { ...desk.azure.disaster.sql, replicationState: 'SUSPENDED' };
    const shown = await desk.type(said);
    expect(desk.operations.acts()).toEqual([]);
    expect(shown).toContain('nothing safe to do was found');
    expect(shown).toContain('SQL does not replicate to westus (SUSPENDED): what was written since is lost.');
  });

  it('offers a draft for customers, with the components of what was found broken, and publishes nothing', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    expect(await desk.type(said)).toMatch(/Customers are told nothing yet.* names eastus;/);
    await desk.press('statuspage_outage', 'i-17:eastus,mars');
    expect(desk.statusPage.asked).toEqual([['draft', 'i-17', ['eastus']]]);
    await desk.press('statuspage_outage', 'i-17');
    expect(desk.statusPage.asked.at(-1)).toEqual(['draft', 'i-17']);
    expect(desk.statusPage.published).toEqual([]);
    expect(await desk.press('statuspage_outage', '../i-17:eastus')).toContain('not understood any more');
  });

  it('drafts for the whole service when nothing or everything is found broken', async () => {
    const well = await createDesk().type(said);
    expect(well).toMatch(/names the whole service/);
    const desk = createDesk();
    for (const region of ['eastus', 'westus']) lose(desk, region);
    expect(await desk.type(said)).toMatch(/names the whole service/);
  });

  it('notes that Traffic Manager is switched off as a whole, and leaves that to people', async () => {
    const desk = createDesk();
    const { disaster } = desk.azure;
    disaster.profile = { ...disaster.profile, monitorStatus: 'Disabled' };
    expect(await desk.type(said)).toContain('⛔ Traffic Manager is switched off as a whole');
    expect(desk.incidentBook.calls.at(-1)?.[2]).toBe(
      'Traffic Manager is switched off as a whole. No region is found broken.',
    );
    expect(desk.operations.acts()).toEqual([]);
  });

  it('notes a region of which a part is down beside those that are broken', async () => {
    const desk = createDesk();
    desk.azure.health.set('app-cell-retail.example.net', 'Down');
    expect(await desk.type(said)).toContain('⚠️ *eastus* — *impaired*');
    expect(desk.incidentBook.calls.at(-1)?.[2]).toBe('No region is found broken; impaired: eastus.');
  });

  it('never turns on again what somebody switched off', async () => {
    const desk = createDesk();
    const { endpoints } = desk.azure.disaster;
    const endpoint = endpoints.get('eastus');
    if (endpoint) endpoints.set('eastus', { ...endpoint, enabled: false });
    await desk.type(said);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('wakes somebody even when nothing can be looked at', async () => {
    for (const desk of [createDesk({ withoutAzure: true }), createDesk()]) {
      for (const call of ['traffic.profile', 'gateways.healthOfPools', 'containerApps.appsOf', 'load', 'sql.group'])
        desk.azure.failures.set(call, new OpsError('unavailable', 'Azure is away.'));
      expect(await desk.type(said)).toContain('*P0 declared:*');
      expect(asked(desk).slice(0, 2)).toEqual(['declare', 'page']);
    }
  });

  it('asks for what the playbook plans, though Traffic Manager still says Online', async () => {
    const desk = createDesk();
    desk.azure.disaster.probeStatus.set('eastus', 503);
    await desk.type(said);
    const world = createFakeWorld(pairedEstate);
    const plan = await world.plan(failoverRegion, 'r-18', desk.operations.inputOf('failover-region'));
    expect(plan.reason).toBe('nobody can sign in since 03:05');
  });

  it('says what could not be planned, and what to do about it', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    const hint = 'Change the routing first: `az network traffic-manager profile update`.';
    desk.operations.failures.set('request', new OpsError('refused', 'Geographic routing cannot do it.', { hint }));
    expect(await desk.type(said)).toContain(`⚠️ eastus to westus: Geographic routing cannot do it. ${hint}`);
  });

  it.each([['global-outage'], ['global-outage because'], ['global-outage eastus because it is dark']])(
    'declares nothing for “%s”',
    async (text) => {
      const desk = createDesk();
      await desk.type(text);
      expect(asked(desk)).toEqual([]);
    },
  );
});
