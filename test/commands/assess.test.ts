import { readAssessment } from '../../src/commands/read-assessment.ts';
import { standingOf } from '../../src/domain/assessment.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { OpsError } from '../../src/errors.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import type { SqlFailoverGroup } from '../../src/ports/azure.ts';
import { createFakeAzure, type FakeAzure } from '../support/fake-azure.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createDesk, requestOf } from '../support/fakes/desk.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';
import { createFakeOperations } from '../support/fakes/fake-operations.ts';
import { createFakeWorld, estateText, pairedEstate } from '../support/playbook-world.ts';
import { sampleLease, sampleRun } from '../support/sample-run.ts';
import { buttonsOf } from '../support/shown-text.ts';

type Desk = ReturnType<typeof createDesk>;
const endpoint = (desk: Desk, region: string, change: object) => {
  const { endpoints } = desk.azure.disaster;
  const found = endpoints.get(region);
  if (found) endpoints.set(region, { ...found, ...change });
};
const lose = (desk: Desk, region: string) => {
  endpoint(desk, region, { monitorStatus: 'Degraded' });
  desk.azure.disaster.probeStatus.set(region, 503);
};

/** What the button that fails over carries, on the card that was shown last. */
const proposed = ({ chat }: Desk) => {
  const buttons = chat.shown.flatMap((shown) => ('content' in shown ? buttonsOf(shown.content) : []));
  return buttons.findLast(({ actionId }) => actionId === 'failover_propose')?.value ?? '';
};

const apiGateway = (desk: Desk, change: object) => {
  const { state } = desk.azure.apim;
  const [first, ...others] = state.service.gateways;
  state.service = { ...state.service, gateways: [{ ...(first as NonNullable<typeof first>), ...change }, ...others] };
};

describe('assess', () => {
  it('shows every source of every region, and that all is well', async () => {
    const shown = await createDesk().type('assess');
    expect(shown).toContain('Both regions are well');
    expect(shown).toContain('Priority routing, 30 s to live  ·  DNS leads to eastus  ·  SQL replicates');
    expect(shown).toContain(
      '✅ *eastus* — well\nendpoint Online, DNS leads here, probe answers, origin on, API gateway on, 3 of 3 backends up, 3 of 3 apps ready, 300 req/s at <!date^240^{time}|00:04 UTC> on 6 replicas, SQL primary, Cosmos writes',
    );
    expect(shown).toContain('✅ *westus* — well\nendpoint Online, probe answers, origin on');
    expect(shown).not.toContain('Proposed');
  });

  it('proposes to leave a region that is broken, with a button that asks for it', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    const shown = await desk.type('assess');
    expect(shown).toContain('broken: eastus');
    expect(shown).toContain('⛔ *eastus* — *broken*');
    expect(shown).toContain('*Proposed:* fail eastus over to westus.');
    expect(shown).not.toContain('accepting loss');
    const seen = 'Traffic Manager finds it Degraded; its probe says: it answers 503';
    expect(proposed(desk)).toBe(`eastus:westus::${seen}`);
    await desk.press('failover_propose', proposed(desk));
    expect(desk.operations.calls.at(-1)).toEqual(
      requestOf('failover-region', { from: 'eastus', to: 'westus', reason: seen }),
    );
    // Of a card from before the button told what was seen.
    await desk.press('failover_propose', 'eastus:westus');
    expect(desk.operations.calls.at(-1)).toEqual(requestOf('failover-region', { from: 'eastus', to: 'westus' }));
  });

  it.each([
    ['its probe says: it answers 503', ({ disaster }: FakeAzure) => void disaster.probeStatus.set('eastus', 503)],
    [
      'the gateway finds 3 of 3 backends down',
      ({ health }: FakeAzure) => {
        for (const cell of ['banking', 'retail', 'healthcare']) health.set(`app-cell-${cell}.example.net`, 'Down');
      },
    ],
  ])('proposes what the playbook plans, though Traffic Manager still says Online: %s', async (seen, arrange) => {
    const desk = createDesk();
    arrange(desk.azure);
    await desk.type('assess');
    await desk.press('failover_propose', proposed(desk));
    const world = createFakeWorld(pairedEstate);
    arrange(world.azure);
    const plan = await world.plan(failoverRegion, 'r-18', desk.operations.inputOf('failover-region'));
    expect(plan.reason).toBe(seen);
  });

  it.each([
    ['CheckingEndpoint', 'well'],
    ['Unmonitored', 'well'],
    ['Stopped', '*broken*'],
  ])('takes a region that Traffic Manager calls %s, and that answers, for %s', async (monitorStatus, standing) => {
    const desk = createDesk();
    endpoint(desk, 'eastus', { monitorStatus });
    const shown = await desk.type('assess');
    expect(shown).toContain(`*eastus* — ${standing}\n`);
    expect(shown.includes('but its probe answers')).toBe(standing !== 'well');
  });

  it('does not know how a region is that Traffic Manager does not watch, and of which nothing else is seen', () => {
    const watched = { name: 'primary-endpoint', enabled: true, monitorStatus: 'Online' };
    const facts = { name: 'eastus', serves: true, endpoint: watched };
    expect(standingOf(facts)).toBe('well');
    expect(standingOf({ ...facts, endpoint: { ...watched, monitorStatus: 'Unmonitored' } })).toBe('not-known');
  });

  it('shows the load of the newest minute, so that a region whose clients have left is not seen to serve', async () => {
    const desk = createDesk();
    const [one = ''] = [...desk.azure.loads.keys()];
    for (const id of desk.azure.loads.keys()) if (id !== one) desk.azure.loads.delete(id);
    const byMinute = new Map([
      [60_000, 900],
      [120_000, 12],
    ]);
    desk.azure.loads.set(one, { requestsPerSecond: 456, replicas: 9, byMinute });
    expect(await desk.type('assess')).toMatch(/ 12 req\/s at .*00:02 UTC> on 9 replicas/);
  });

  it('says that Traffic Manager is switched off as a whole, and calls no region broken for it', async () => {
    const desk = createDesk();
    const { disaster } = desk.azure;
    disaster.profile = { ...disaster.profile, monitorStatus: 'Disabled' };
    for (const region of ['eastus', 'westus']) endpoint(desk, region, { monitorStatus: 'Inactive' });
    const shown = await desk.type('assess');
    expect(shown).toContain('⛔ Traffic Manager is switched off as a whole');
    expect(shown).toContain('By whom is not known');
    expect(shown).not.toContain('*broken*');
    expect(shown).not.toContain('Proposed');
    disaster.activity.push({
      at: '2026-11-24T03:00:00Z',
      caller: 'dana@example.com',
      resourceId: desk.estate.trafficManagerId,
      operation: 'Microsoft.Network/trafficManagerProfiles/write',
    });
    expect(await desk.type('assess')).toMatch(
      /It was switched off by dana@example.com by hand at .* On again, by hand: `az network traffic-manager profile update --name tm-stamps --resource-group rg-stamps-production --status Enabled`/,
    );
  });

  it('says that a name of Front Door is switched off, by whom, and how it is on again', async () => {
    const desk = createDesk();
    const { entries, activity } = desk.azure.disaster;
    const [entry] = entries;
    if (entry) entries[0] = { ...entry, enabled: false };
    activity.push({
      at: '2026-11-24T03:00:00Z',
      caller: 'dana@example.com',
      resourceId: entry?.id ?? '',
      operation: 'Microsoft.Cdn/profiles/afdEndpoints/write',
    });
    const shown = await desk.type('assess');
    expect(shown).toContain('⛔ The endpoint stamps of Front Door is switched off: it answers nobody');
    expect(shown).toMatch(
      /Front Door: It was switched off by dana@example.com by hand at .*`az afd endpoint update --profile-name fd-stamps --endpoint-name stamps --resource-group rg-stamps-production --enabled-state Enabled`/,
    );
  });

  it('never takes a load that Azure does not tell for none', async () => {
    const desk = createDesk();
    const [one] = [...desk.azure.loads.keys()];
    for (const id of desk.azure.loads.keys()) if (id !== one) desk.azure.loads.delete(id);
    const shown = await desk.type('assess');
    expect(shown).toMatch(/req\/s at .* on \d+ replicas in the 1 of 3 cells that are measured/);
    expect(shown).toContain('no load measured');
    expect(shown).not.toMatch(/\b0 req\/s/);
  });

  it('says when that loses data', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    desk.azure.disaster.sql = { ...desk.azure.disaster.sql, replicationState: 'SUSPENDED' };
    const shown = await desk.type('assess');
    expect(shown).toContain('⚠️ SQL does not replicate to westus (SUSPENDED): what was written since is lost.');
    expect(shown).toContain('Fail over, accepting loss');
    await desk.press('failover_propose', proposed(desk));
    expect(desk.operations.calls.at(-1)).toMatchObject(
      requestOf('failover-region', {
        ...{ from: 'eastus', to: 'westus', acceptLoss: true },
        reason: 'Traffic Manager finds it Degraded; its probe says: it answers 503',
      }),
    );
  });

  describe('judges the data of what it proposes to leave', () => {
    const now = Date.parse('2026-11-24T03:11:00Z');
    const withStorage = (change: object) => {
      const desk = createDesk();
      lose(desk, 'eastus');
      for (const { name, storageId } of desk.estate.cells.filter(({ region }) => region === 'eastus'))
        desk.azure.disaster.storage.set(storageId, { ...fakeAccount(`st${name}`, 'eastus', 'westus', now), ...change });
      return desk;
    };

    it('storage that goes with nothing lost', async () => {
      const shown = await withStorage({}).type('assess');
      expect(shown).toContain('*Proposed:* fail eastus over to westus.');
      expect(shown).not.toMatch(/accepting loss|stcell/);
    });

    it('storage that can only be forced, with how much is lost', async () => {
      const forced = { canFailOverPlanned: false, lastSyncAt: now - 1_200_000 };
      const shown = await withStorage(forced).type('assess');
      expect(shown).toMatch(/⚠️ stcell-banking, .*: forced; what was written in the last 1,200 s \(20m\) is lost\./);
      expect(shown).toContain('Fail over, accepting loss');
    });

    it('storage that would stay behind', async () => {
      const shown = await withStorage({ secondary: undefined, redundancy: 'Standard_LRS' }).type('assess');
      expect(shown).toMatch(/stcell-banking stays behind\. .* is Standard_LRS: it has no copy in westus/);
      expect(shown).toContain('Fail over, accepting loss');
    });

    it('Cosmos, which Azure moves without being asked: said, and nothing to accept', async () => {
      const shown = await withStorage({}).type('assess');
      expect(shown).toContain('⚠️ No step moves the writes of Cosmos');
      expect(shown).toContain('Azure moves them by itself; until then they fail');
      expect(shown).not.toContain('accepting loss');
    });

    it('nothing of regions that stay, so that no account is read for them', async () => {
      const desk = withStorage({ canFailOverPlanned: false });
      lose(desk, 'westus');
      desk.azure.failures.set('storageAccounts.account', new OpsError('unavailable', 'Azure is away.'));
      expect(await desk.type('assess')).not.toContain('Not known');
    });

    it('as not known when it cannot be read; the guards of the plan decide then', async () => {
      const desk = withStorage({});
      desk.azure.failures.set('storageAccounts.account', new OpsError('unavailable', 'Azure is away.'));
      expect(await desk.type('assess')).toMatch(/Not known.*storage of eastus: Azure is away/s);
    });
  });

  it('says nothing of API Management where there is none, and that it is not known where it cannot be read', async () => {
    const desk = createDesk();
    desk.azure.apim.state.failures.set('service', new OpsError('not-found', 'Azure has no apim-stamps.'));
    expect(await desk.type('assess')).not.toMatch(/API/);
    desk.azure.apim.state.failures.set('service', new OpsError('not-allowed', 'Azure does not let us.'));
    expect(await desk.type('assess')).toMatch(/Not known.*API Management/s);
  });

  it('proposes nothing where the other region is no better', async () => {
    const desk = createDesk();
    lose(desk, 'eastus');
    lose(desk, 'westus');
    expect(await desk.type('assess')).not.toContain('Proposed');
  });

  it.each([
    [
      'Traffic Manager finds it Online, but its probe says: it answers 503',
      (desk: Desk) => void desk.azure.disaster.probeStatus.set('eastus', 503),
    ],
    [
      'Traffic Manager finds it Degraded, but its probe answers',
      (desk: Desk) => endpoint(desk, 'eastus', { monitorStatus: 'Degraded' }),
    ],
    [
      'its endpoint is on, but its origin in Front Door is off',
      (desk: Desk) => {
        const [first] = desk.azure.disaster.origins;
        if (first) desk.azure.disaster.origins[0] = { ...first, enabled: false };
      },
    ],
    [
      'its endpoint is on, but its gateway in API Management is off',
      (desk: Desk) => apiGateway(desk, { enabled: false }),
    ],
    [
      'its probe answers, but its gateway in API Management does not reach stapim.blob.core.windows.net',
      (desk: Desk) => apiGateway(desk, { unreachable: ['stapim.blob.core.windows.net'] }),
    ],
    [
      'the gateway finds 1 of 3 backends down, though its apps are ready',
      (desk: Desk) => void desk.azure.health.set('app-cell-retail.example.net', 'Down'),
    ],
    [
      'SQL takes writes there, Cosmos elsewhere',
      (desk: Desk) => {
        desk.azure.disaster.cosmos = { ...desk.azure.disaster.cosmos, regions: ['westus', 'eastus'] };
      },
    ],
    [
      'its endpoint is off, but SQL and Cosmos still takes writes there',
      (desk: Desk) => endpoint(desk, 'eastus', { enabled: false }),
    ],
  ])('marks that %s', async (says, arrange) => {
    const desk = createDesk();
    arrange(desk);
    expect(await desk.type('assess')).toContain(`⚠️ ${says}`);
  });

  describe('tells Azure’s own word', () => {
    const away = { state: 'unavailable', cause: 'platform', since: '2026-11-24T03:02:00Z' } as const;
    const gatewayOf = (desk: Desk, region: string) =>
      desk.estate.regions.find(({ name }) => name === region)?.gatewayId;

    it('on what looks broken, and whose doing it is', async () => {
      const desk = createDesk();
      lose(desk, 'eastus');
      desk.azure.told.set(gatewayOf(desk, 'eastus') ?? '', away);
      const shown = await desk.type('assess');
      expect(shown).toMatch(
        /⛔ \*eastus\* — \*broken\*\n.*\nAzure says: \*agw-stamps\* in eastus is unavailable since .*, Azure’s own doing/,
      );
      desk.azure.told.set(gatewayOf(desk, 'eastus') ?? '', { ...away, cause: 'customer' });
      expect(await desk.type('assess')).toContain(', somebody’s doing, not Azure’s');
    });

    it('that it finds nothing wrong where a region is broken, which leaves what runs there', async () => {
      const desk = createDesk();
      expect(await desk.type('assess')).not.toContain('Azure Resource Health');
      lose(desk, 'eastus');
      expect(await desk.type('assess')).toMatch(
        /⛔ \*eastus\* .*\n.*\nAzure Resource Health, minutes behind, finds nothing wrong with the \d+ resources that it watches here: look at the apps/,
      );
    });

    it('without calling a region broken for it: it is late', async () => {
      const desk = createDesk();
      desk.azure.told.set(gatewayOf(desk, 'eastus') ?? '', away);
      const shown = await desk.type('assess');
      expect(shown).toContain('✅ *eastus* — well');
      expect(shown).toContain('Azure says: *agw-stamps* in eastus is unavailable');
      expect(shown).not.toContain('Proposed');
    });

    it('on what is in no region, beside who switched it off', async () => {
      const desk = createDesk();
      desk.azure.told.set(desk.estate.trafficManagerId, { ...away, cause: 'customer' });
      expect(await desk.type('assess')).toMatch(/Azure says: \*tm-stamps\* is unavailable since .*, somebody’s doing/);
    });

    it('of many resources in a line for each thing that it says, three of them, and where the others stand', async () => {
      const desk = createDesk();
      lose(desk, 'eastus');
      const [first, ...others] = desk.estate.cells.filter(({ region }) => region === 'eastus');
      for (const { sqlDatabaseId, storageId } of others) {
        desk.azure.told.set(sqlDatabaseId, away);
        desk.azure.told.set(storageId, away);
      }
      const shown = await desk.type('assess');
      expect(shown).toMatch(/Azure says: \*sql-cell-retail, .*\* and 1 more in eastus are unavailable since/);
      desk.azure.told.set(first?.sqlDatabaseId ?? '', { ...away, says: 'One.' });
      desk.azure.told.set(first?.storageId ?? '', { ...away, says: 'Two.' });
      desk.azure.told.set(gatewayOf(desk, 'eastus') ?? '', { state: 'degraded' });
      const more = await desk.type('assess');
      expect(more.match(/Azure says: \*/g)).toHaveLength(3);
      expect(more).toContain('Azure says 1 more such thing: `/stamps status`');
    });
  });

  describe('tells what was switched off on purpose', () => {
    it('by a run that still holds it, and proposes to come back when it answers', async () => {
      const desk = createDesk();
      endpoint(desk, 'eastus', { enabled: false });
      desk.operations.leases.push({ ...sampleLease, subject: 'eastus', of: 'region', reason: 'the power is out' });
      const shown = await desk.type('assess');
      expect(shown).toContain(`⏸️ *eastus* — switched off on purpose by \`${sampleLease.runId}\`: the power is out`);
      expect(shown).toContain('*Proposed:* eastus answers again');
      desk.azure.disaster.probeStatus.set('eastus', 503);
      expect(await desk.type('assess')).not.toContain('Proposed');
    });

    it('by somebody, from Azure’s activity log, and leaves that to them', async () => {
      const desk = createDesk();
      endpoint(desk, 'eastus', { enabled: false });
      const { endpoints, activity } = desk.azure.disaster;
      activity.push({
        at: '2026-11-24T03:00:00Z',
        caller: 'dana@example.com',
        resourceId: endpoints.get('eastus')?.id ?? '',
        operation: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints/write',
      });
      const shown = await desk.type('assess');
      expect(shown).toContain('switched off on purpose by dana@example.com by hand at');
      expect(shown).not.toContain('Proposed');
    });

    it('by a run of ours that no longer holds it', async () => {
      const desk = createDesk();
      endpoint(desk, 'eastus', { enabled: false });
      const id = desk.azure.disaster.endpoints.get('eastus')?.id ?? '';
      const on = { enabled: true, priority: 1, weight: 1 };
      const step = {
        kind: 'change',
        id: 'disable-source-endpoint',
        says: 'off',
        resource: { kind: 'traffic-endpoint', id },
        before: on,
        after: { ...on, enabled: false },
        timeoutMs: 1,
      } as const;
      const report = { stepId: step.id, state: 'done', says: 'off', startedAt: '2026-11-24T03:00:00Z' } as const;
      desk.operations.runs.set(
        'r-9',
        sampleRun({ id: 'r-9', plan: { ...sampleRun().plan, steps: [step] }, steps: [report] }),
      );
      expect(await desk.type('assess')).toContain('switched off on purpose by `r-9`');
    });

    it('or that it is not known', async () => {
      const desk = createDesk();
      endpoint(desk, 'eastus', { enabled: false });
      expect(await desk.type('assess')).toContain('switched off, by whom is not known');
    });
  });

  it.each([
    'traffic.profile',
    'frontDoor.origins',
    'gateways.healthOfPools',
    'containerApps.appsOf',
    'sql.group',
    'cosmosAccounts.account',
    'load',
    'probes.leadsTo',
    'resourceHealth.list',
  ])('shows what %s would tell as not known, and the rest', async (call) => {
    const desk = createDesk();
    desk.azure.failures.set(call, new OpsError('unavailable', 'Azure is away.'));
    const shown = await desk.type('assess');
    expect(shown).toContain('*Not known:*');
    expect(shown).toContain('Azure is away.');
    expect(shown).toContain('*westus*');
  });

  describe('names each source that is late, with its reason, and shows the rest', () => {
    /** The same, but for one call that nobody ever answers. */
    function without<Of extends object>(of: Of, path: string): Of {
      const [first = '', ...rest] = path.split('.');
      const inner = of[first as keyof Of];
      const late = rest.length === 0 ? () => new Promise(() => undefined) : without(inner as object, rest.join('.'));
      return { ...of, [first]: late };
    }

    it.each([
      ['azure.traffic.profile', 'Traffic Manager'],
      ['azure.frontDoor.origins', 'Front Door'],
      ['azure.frontDoor.endpoints', 'Front Door’s endpoints'],
      ['azure.sql.group', 'SQL’s fog-stamps'],
      ['azure.cosmosAccounts.account', 'Cosmos'],
      ['azure.apim.service', 'API Management'],
      ['azure.gateways.healthOfPools', 'gateway of eastus'],
      ['azure.containerApps.appsOf', 'container apps in rg-stamps-production'],
      ['azure.load.load', 'load in eastus'],
      ['azure.storageAccounts.account', 'storage of eastus'],
      ['azure.activity.writes', 'the activity log'],
      ['probes.leadsTo', 'DNS of stamps.example.net'],
      ['probes.call', 'probe of westus'],
      ['operations.leases', 'our own leases'],
      ['operations.runs', 'our own runs'],
    ])('%s', async (path, named) => {
      const desk = createDesk();
      const { clock, estate } = desk;
      if (path.includes('storage')) lose(desk, 'eastus');
      if (path.includes('activity')) endpoint(desk, 'westus', { enabled: false });
      const { azure, disaster } = { azure: desk.azure.ports, disaster: desk.azure.disaster };
      const all = { estate, azure, probes: disaster.probes, operations: desk.operations.operations };
      const reading = readAssessment({ ...without(all, path), clock: clock.clock }, 8_000);
      await clock.pass(9_000);
      const { verdicts, troubles } = await reading;
      expect(troubles).toContain(`${named}: no answer within 8s`);
      for (const says of troubles) expect(says).toContain(': no answer within 8s');
      expect(verdicts.map(({ facts }) => facts.name)).toEqual(['eastus', 'westus']);
    });
  });

  it('calls a pool of which the gateway knows nothing neither up nor down, and proposes nothing for it', async () => {
    const desk = createDesk();
    for (const cell of ['banking', 'retail', 'healthcare'])
      desk.azure.health.set(`app-cell-${cell}.example.net`, 'Unknown');
    const shown = await desk.type('assess');
    expect(shown).toContain('0 of 3 backends up, 3 not known');
    expect(shown).toContain('gateway of eastus: it does not know how 3 of 3 pools are');
    expect(shown).not.toMatch(/broken|impaired|Proposed|backends down/);
    desk.azure.health.set('app-cell-retail.example.net', 'Down');
    const half = await desk.type('assess');
    expect(half).toContain('the gateway finds 1 of 3 backends down');
    expect(half).not.toContain('*broken*');
  });

  describe('calls a region of which a part is down impaired, not well', () => {
    const down = (desk: Desk, ...cells: readonly string[]) => {
      for (const cell of cells) desk.azure.health.set(`app-${cell}.example.net`, 'Down');
    };
    const notReady = ({ azure }: Desk, cell: string) => {
      for (const [id, app] of azure.apps)
        if (id.endsWith(`/app-${cell}`)) azure.apps.set(id, { ...app, latestReadyRevision: 'an-older-one' });
    };

    it('whether or not its apps are ready', async () => {
      const desk = createDesk();
      down(desk, 'cell-banking', 'cell-retail');
      notReady(desk, 'cell-banking');
      const shown = await desk.type('assess');
      expect(shown).toMatch(/⚠️ \*eastus\* — \*impaired\*\n.*, 1 of 3 backends up, 2 of 3 apps ready/);
      expect(shown).toContain('⚠️ the gateway finds 2 of 3 backends down\n');
      expect(shown).toContain('impaired: eastus');
      expect(shown).not.toMatch(/regions are well|Proposed/);
    });

    it('and still proposes it where no other stands by: the guards decide', async () => {
      const desk = createDesk();
      lose(desk, 'eastus');
      down(desk, 'cell-spare-dr');
      const shown = await desk.type('assess');
      expect(shown).toContain('broken: eastus; impaired: westus');
      expect(shown).toContain('*Proposed:* fail eastus over to westus.');
    });
  });

  it('names what the answers do not have of what the estate file wants', async () => {
    const desk = createDesk();
    const { disaster } = desk.azure;
    disaster.endpoints.delete('westus');
    disaster.origins.splice(0, 1);
    disaster.sql = { ...disaster.sql, servers: disaster.sql.servers.slice(0, 1) };
    const shown = await desk.type('assess');
    expect(shown).toContain('endpoint of westus: Traffic Manager has none that is known to be its own');
    expect(shown).toContain('origin of eastus: Front Door has none of the name eastus-origin');
    expect(shown).toContain('SQL of westus: its failover group has no server there');
  });

  describe('with a failover group of its own for each pair of regions', () => {
    const pair = (region: string, cells: string) => `
  - name: ${region}
    resourceGroup: rg-stamps-${region}
    probe: https://${region}.example.net/health
    sqlServer: sql-stamps-${region}
    failoverGroup: fog-europe
    cells: [${cells}]`;
    const cell = (name: string, more: string) => `{ name: ${name}, requestsPerSecondPerReplica: 50, ${more} }`;
    const estate = parseEstate(
      `${estateText.trimEnd()}${pair('northeurope', cell('cell-eu', 'role: active, fallback: { cell: cell-eu-dr }'))}${pair('westeurope', cell('cell-eu-dr', 'role: standby'))}\n`,
    );
    const europe = {
      primary: 'sql-stamps-northeurope',
      servers: [
        { name: 'sql-stamps-northeurope', region: 'northeurope', role: 'Primary' },
        { name: 'sql-stamps-westeurope', region: 'westeurope', role: 'Secondary' },
      ],
      replicationState: 'CATCH_UP',
    } as const;

    function look(group: Partial<SqlFailoverGroup> = {}, lost: readonly string[] = []) {
      const { ports: azure, disaster } = createFakeAzure(estate);
      disaster.otherSql.set('fog-europe', { ...europe, ...group });
      for (const region of lost) disaster.probeStatus.set(region, 503);
      const { operations } = createFakeOperations();
      const asked: string[] = [];
      const sql = {
        ...azure.sql,
        group: (id: string, signal: AbortSignal) => {
          asked.push(id);
          return azure.sql.group(id, signal);
        },
      };
      const sources = { estate, operations, azure: { ...azure, sql }, probes: disaster.probes };
      const reading = readAssessment({ ...sources, clock: createFakeClock().clock }, 8_000);
      return reading.then((assessment) => ({ ...assessment, asked }));
    }

    it('reads each group once, and tells each region its own', async () => {
      const { verdicts, troubles, replicates, asked } = await look();
      expect(verdicts.map(({ facts }) => [facts.name, facts.sql])).toEqual([
        ['eastus', 'Primary'],
        ['westus', 'Secondary'],
        ['northeurope', 'Primary'],
        ['westeurope', 'Secondary'],
      ]);
      expect(troubles).toEqual([]);
      expect(replicates).toBe(true);
      expect(asked.map((id) => id.split('/').at(-1))).toEqual(['fog-stamps', 'fog-europe']);
    });

    it('judges what a failover loses by the group that it moves', async () => {
      const { proposals, replicates } = await look({ replicationState: 'SUSPENDED' }, ['eastus', 'northeurope']);
      expect(proposals).toMatchObject([
        { from: 'eastus', to: 'westus', losesData: false },
        { from: 'northeurope', to: 'westeurope', losesData: true },
      ]);
      expect(replicates).toBe(false);
    });

    it('says which has no server in its region', async () => {
      const { troubles } = await look({ servers: europe.servers.slice(0, 1) });
      expect(troubles).toEqual(['SQL of westeurope: its failover group has no server there']);
    });
  });

  it('says so when the activity log holds more than was read', async () => {
    const desk = createDesk();
    endpoint(desk, 'westus', { enabled: false });
    desk.azure.disaster.activityIsLong = true;
    expect(await desk.type('assess')).toContain('who switched something off may be in the rest of it');
  });

  it('asks Azure’s activity log only when something is off', async () => {
    const desk = createDesk();
    desk.azure.failures.set('activity.writes', new OpsError('not-allowed', 'No right.'));
    expect(await desk.type('assess')).not.toContain('No right.');
    endpoint(desk, 'westus', { enabled: false });
    expect(await desk.type('assess')).toContain('the activity log: No right.');
  });

  it('says so when Azure is not configured', async () => {
    expect(await createDesk({ withoutAzure: true }).type('assess')).toContain('Azure is not configured');
  });
});
