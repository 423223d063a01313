import { Estate } from '../../../sandbox/azure/estate.ts';
import { Faults } from '../../../sandbox/azure/faults.ts';
import { snapshotOf } from '../../../sandbox/azure/snapshot.ts';

const start = Date.UTC(2026, 9, 5, 3, 0, 30);

function world(dnsTtlSeconds = 30) {
  const time = { now: start };
  const estate = new Estate({ now: () => time.now, seed: 1, replicaDelayMs: 1_500, dnsTtlSeconds });
  const faults = new Faults(estate, 50);
  const region = (name: string) => {
    const found = snapshotOf(estate, faults).regions.find((one) => one.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const pass = (seconds: number) => {
    time.now += seconds * 1000;
    estate.settle();
  };
  return { time, estate, faults, region, pass };
}

describe('emulated regions', () => {
  it('lose their clients evenly within the time to live of DNS', () => {
    const { faults, region, pass } = world();
    faults.setEndpoint('eastus', false);
    const shares = [0, 15, 15].map((seconds) => {
      pass(seconds);
      return [region('eastus').led, region('westus').led];
    });
    expect(shares).toEqual([
      [1, 0],
      [0.5, 0.5],
      [0, 1],
    ]);
  });

  it('answer nothing when lost: clients fail until DNS has led them away', () => {
    const { faults, region, pass } = world();
    const errors = () => region('eastus').cells.map(({ errorShare }) => Math.round(errorShare * 10) / 10);
    faults.failRegion('eastus');
    expect(errors()).toEqual([1, 1, 1]);
    pass(15);
    expect(errors()).toEqual([0.5, 0.5, 0.5]);
    pass(15);
    expect(errors()).toEqual([0, 0, 0]);
    expect(region('eastus').lost).toBe(true);
    expect(region('westus').cells.every(({ served }) => served > 0)).toBe(true);
  });

  it('serve badly what is too much for them', () => {
    const { faults, region, pass } = world();
    for (const { name } of region('westus').cells) faults.setScale(name, 1, 20);
    pass(5);
    faults.failRegion('eastus');
    pass(60);
    for (const cell of region('eastus').cells) expect(cell.errorShare).toBeGreaterThan(0.4);
  });

  it('keep clients at an endpoint that is lost under Geographic routing, and share them out by weight', () => {
    const { faults, region, pass, estate } = world();
    faults.routing('Geographic');
    faults.failRegion('eastus');
    pass(60);
    expect(region('eastus').led).toBe(1);
    faults.healRegion('eastus');
    faults.routing('Weighted');
    for (const [index, endpoint] of estate.profile.endpoints.entries()) endpoint.weight = index === 0 ? 3 : 1;
    pass(60);
    pass(60);
    expect([region('eastus').led, region('westus').led]).toEqual([0.75, 0.25]);
  });

  it('leave the writes of Cosmos where they are lost when its failover is not automatic', () => {
    const { faults, estate, pass } = world();
    faults.cosmosFailover(false);
    faults.failRegion('eastus');
    pass(1);
    pass(60);
    expect(estate.data.cosmosRegions[0]?.name).toBe('eastus');
  });

  it('let Azure move the writes of Cosmos by itself, and seed SQL anew after a forced failover', () => {
    const { faults, estate, pass } = world();
    faults.failRegion('eastus');
    pass(1);
    expect(estate.data.cosmosRegions[0]?.name).toBe('eastus');
    pass(6);
    expect(estate.data.cosmosRegions[0]?.name).toBe('westus');
    expect(estate.data.failOver(1, false)).toBe(false);
    expect(estate.data.failOver(1, true)).toBe(true);
    faults.healRegion('eastus');
    pass(1);
    expect(estate.data.replication).toBe('SEEDING');
    expect(estate.data.failOver(0, false)).toBe(false);
    pass(10);
    expect(estate.data.replication).toBe('CATCH_UP');
    expect(estate.data.failOver(0, false)).toBe(true);
  });
});
