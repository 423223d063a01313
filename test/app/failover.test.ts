import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(90_000);

describe('failing a region over, and back', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const region = (name: string) => world.azure.snapshot().regions.find((one) => one.name === name);
  const writes = () => world.azure.accepted.map(({ path }) => path.split('/').slice(-2).join('/').toLowerCase());
  /** `quick`: what Azure takes its time for passes in no time. */
  const approvedByTwo = async (title: string, quick = false) => {
    const { ts, runId } = await world.card(`Waiting for approval: ${title}`);
    await world.press('U0BEN', ts, 'run_approve');
    await world.press('U0DANA', ts, 'run_approve');
    const isDone = async () => {
      if (quick) world.pass(1_000);
      return (await world.state(runId)) === 'succeeded';
    };
    await world.until(isDone, `the end of ${runId}`, 40_000);
    await world.sees(`Done: ${title} (${runId})`);
  };

  it('refuses a routing that cannot do it', async () => {
    world.azure.faults.routing('Geographic');
    await world.slack.as('U0ANA').command(incidents, 'failover eastus to westus because we must leave it');
    await world.sees(/Geographic routing has one endpoint/, { to: 'U0ANA' });
    world.azure.faults.routing('Priority');
    expect(world.azure.accepted).toEqual([]);
  });

  it('sees a profile that somebody switched off as a whole, leads nobody there, and leaves it to them', async () => {
    const ana = world.slack.as('U0ANA');
    world.azure.faults.setProfile(false);
    await ana.command(incidents, 'assess');
    const seen = await world.sees(/Traffic Manager is switched off as a whole/, { to: 'U0ANA' });
    const shown = wordsOf(seen);
    expect(shown).toContain('DNS leads to no region of the estate');
    expect(shown).toMatch(/It was switched off by dana@stamps\.example by hand/);
    expect(shown).not.toMatch(/\*broken\*|Proposed/);
    await ana.command(incidents, 'failover eastus to westus because nobody is led anywhere');
    await world.sees(/The Traffic Manager profile is switched off as a whole: it would lead nobody there/);
    world.azure.faults.setProfile(true);
    await ana.command(incidents, 'assess');
    await world.sees('Both regions are well', { to: 'U0ANA' });
    expect(world.azure.accepted).toEqual([]);
  });

  it.each([
    [
      'has too few cores',
      (on: boolean) => world.azure.faults.fewCores(on),
      /cae-westus uses \d+ of 10 cores, and \d+ more would be needed/,
    ],
    [
      'shows a certificate that has ended',
      (on: boolean) => world.azure.faults.gatewayCertificate('westus', on ? -1 : 2_160),
      /The certificate gateway-stamps-example of the gateway of westus has ended/,
    ],
    [
      'shows a certificate that ends meanwhile',
      (on: boolean) => world.azure.faults.gatewayCertificate('westus', on ? 10 : 2_160),
      /The certificate gateway-stamps-example of the gateway of westus ends in (9|10)h/,
    ],
    [
      'has no copy of the storage',
      (on: boolean) => world.azure.faults.stuckCopies('eastus', on),
      /Azure does not fail the storage account stcellbanking over: its copy is Bootstrap/,
    ],
  ])('refuses a region that %s, and says so', async (_, fault, says) => {
    fault(true);
    await world.slack.as('U0ANA').command(incidents, 'failover eastus to westus because we must leave it');
    await world.sees(says);
    fault(false);
    expect(world.azure.accepted).toEqual([]);
  });

  it('shows who approves how far behind the copies of the storage are', async () => {
    world.azure.faults.storageLag('eastus', 1_200);
    const { ts, runId } = await world.ask('U0ANA', 'failover eastus to westus because we must leave it');
    await world.sees(
      /⚠️ stcellbanking, stcellretail, stcellhealthcare: 1,2\d\d s \(20m.*\) behind; without loss, and no writes until/,
    );
    await world.press('U0ANA', ts, 'run_cancel');
    await world.sees(`Cancelled: Fail over eastus to westus (${runId})`);
    world.azure.faults.storageLag('eastus', 0);
    expect(world.azure.accepted).toEqual([]);
  });

  it('moves a healthy region with a reason, without loss, and brings back exactly what was there', async () => {
    for (const cell of ['cell-banking-dr', 'cell-retail-dr', 'cell-healthcare-dr'])
      world.azure.faults.setScale(cell, 1, 20);
    const before = world.azure.configuration();
    const ana = world.slack.as('U0ANA');
    await ana.command(incidents, 'failover eastus to westus');
    await world.sees(/looks healthy/, { to: 'U0ANA' });

    await ana.command(incidents, 'failover eastus to westus because the power is out in two zones');
    const { runId } = await world.card('Waiting for approval: Fail over eastus to westus');
    await world.slack.as('U0BEN').command(incidents, 'failover eastus to westus because I see that too');
    await world.sees(`${runId} is open on eastus already`, { to: 'U0BEN' });
    await approvedByTwo('Fail over eastus to westus');
    expect(region('westus')).toMatchObject({ led: 1, writes: ['SQL', 'Cosmos', 'storage'] });
    expect(region('eastus')).toMatchObject({ led: 0, endpointOn: false, writes: [] });
    await world.sees(/"Fail back"/);
    for (const cell of region('eastus')?.cells ?? []) expect(cell).toMatchObject({ errorShare: 0, served: 0 });
    // Capacity, then data, then clients.
    expect(writes()).toEqual([
      'containerapps/app-cell-banking-dr',
      'containerapps/app-cell-retail-dr',
      'containerapps/app-cell-healthcare-dr',
      'fog-stamps/failover',
      'cosmos-global-stamps/failoverprioritychange',
      'stcellbanking/failover',
      'stcellretail/failover',
      'stcellhealthcare/failover',
      'externalendpoints/primary-endpoint',
      'origins/eastus-origin',
    ]);

    await ana.command(incidents, 'failover eastus to westus because I forgot about it');
    await world.sees(/failed over already/, { to: 'U0ANA' });

    await ana.command(incidents, 'failback eastus');
    await approvedByTwo('Fail back to eastus');
    expect(world.azure.configuration()).toEqual(before);
    expect(world.azure.accepted.every(({ changed }) => changed)).toBe(true);
  });

  it('moves a lost region by force only when the loss was accepted, and back when the data is there', async () => {
    world.azure.faults.storageLag('eastus', 1_200);
    await world.until(() => world.azure.snapshot().trouble.some((it) => it.includes('1200 s behind')), 'a lag');
    world.azure.faults.failRegion('eastus');
    const ana = world.slack.as('U0ANA');
    await ana.command(incidents, 'assess');
    await world.sees(/broken: eastus.*stcellhealthcare: forced; what was written in.*Fail over, accepting loss/s, {
      to: 'U0ANA',
    });
    await ana.command(incidents, 'failover eastus to westus');
    await world.sees(/loses what was written since/, { to: 'U0ANA' });
    await ana.command(incidents, 'failover eastus to westus accepting loss');
    await world.sees(/⚠️ SQL does not replicate to westus/);
    await world.sees(
      /⚠️ .*stcellbanking, stcellretail, stcellhealthcare: forced; what was written in the last 1,2\d\d s \(2\dm.*\) is lost/,
    );
    await approvedByTwo('Fail over eastus to westus');
    expect(writes()).toContain('fog-stamps/forcefailoverallowdataloss');
    expect(region('westus')).toMatchObject({ led: 1 });
    expect(region('westus')?.writes).toEqual(expect.arrayContaining(['SQL', 'storage']));
    await world.sees(/RPO of storage: 3 of 3 accounts were forced over/);

    await ana.command(incidents, 'failback eastus');
    await world.sees(/does not answer/);
    world.azure.faults.healRegion('eastus');
    await ana.command(incidents, 'failback eastus');
    await world.sees(/has not caught up: it is SEEDING/);

    world.pass(10_000);
    await world.until(() => world.azure.snapshot().replication === 'CATCH_UP', 'data that has caught up');
    world.azure.faults.storageLag('eastus', 0);
    await ana.command(incidents, 'failback eastus');
    // Azure moved them by itself when the region was lost, and never back.
    await world.sees(/⚠️ .*Cosmos takes writes in westus and stays there: no run of ours moved them/);
    await approvedByTwo('Fail back to eastus', true);
    expect(region('eastus')).toMatchObject({ led: 1, endpointOn: true, writes: ['SQL', 'storage'] });
    expect(region('westus')?.writes).toEqual(['Cosmos']);
  });
});
