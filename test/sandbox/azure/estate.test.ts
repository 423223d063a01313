import { Estate } from '../../../sandbox/azure/estate.ts';
import { Faults } from '../../../sandbox/azure/faults.ts';
import { guideRegions } from '../../../sandbox/azure/layout.ts';
import { snapshotOf } from '../../../sandbox/azure/snapshot.ts';
import { fc } from '../../support/properties.ts';

const start = Date.UTC(2026, 9, 5, 3, 0, 30);
const minuteMs = 60_000;
const allCells = guideRegions.flatMap(({ cells }) => cells.map(({ name }) => name));

function world(seed = 1) {
  const time = { now: start };
  const estate = new Estate({ now: () => time.now, seed, replicaDelayMs: 1_500 });
  const faults = new Faults(estate, 50);
  const cell = (name: string) => {
    const found = snapshotOf(estate, faults)
      .regions.flatMap(({ cells }) => cells)
      .find((one) => one.name === name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  const requests = (name: string, minute: number) => {
    estate.settle();
    return estate.history.requests(name, start - (start % minuteMs) + minute * minuteMs);
  };
  return { time, estate, faults, cell, requests };
}

describe('the emulated estate', () => {
  it('serves everybody when nothing is broken, at any time and for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 86_400_000 }), (seed, passed) => {
        const { time, cell } = world(seed);
        time.now += passed;
        for (const name of allCells) {
          const { demand, served, errorShare } = cell(name);
          expect(errorShare).toBe(0);
          expect(served).toBe(demand);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('asks for the same with the same seed, for something else with another', () => {
    expect(world(7).cell('cell-retail').demand).toBe(world(7).cell('cell-retail').demand);
    expect(world(7).cell('cell-retail').demand).not.toBe(world(8).cell('cell-retail').demand);
  });

  it('moves smoothly', () => {
    const { time, cell } = world();
    let before = cell('cell-banking').demand;
    for (let second = 0; second < 300; second += 1) {
      time.now += 1_000;
      const { demand } = cell('cell-banking');
      expect(Math.abs(demand - before)).toBeLessThan(0.01 * before);
      before = demand;
    }
  });

  it('carries a cell’s traffic to whichever cell its pool names', () => {
    const { faults, cell } = world();
    const { demand } = cell('cell-banking');
    faults.setPool('cell-banking', ['cell-banking-dr']);
    expect(cell('cell-banking')).toMatchObject({ demand, served: 0, errorShare: 0, servedBy: ['cell-banking-dr'] });
    expect(cell('cell-banking-dr')).toMatchObject({ demand: 0, served: demand });
  });

  it('answers from the maintenance backend, which serves nobody', () => {
    const { faults, cell } = world();
    faults.setPool('cell-retail', ['maintenance.stamps.example']);
    expect(cell('cell-retail')).toMatchObject({ served: 0, errorShare: 0, servedBy: ['maintenance.stamps.example'] });
  });

  it('answers with errors when a pool is empty', () => {
    const { faults, cell } = world();
    faults.setPool('cell-retail', []);
    expect(cell('cell-retail')).toMatchObject({ served: 0, errorShare: 1, servedBy: [] });
  });

  it('answers with errors while a cell has failed, and keeps its neighbours out of it', () => {
    const { faults, cell } = world();
    faults.failCell('cell-healthcare');
    expect(cell('cell-healthcare')).toMatchObject({ healthy: false, served: 0, errorShare: 1, capacity: 0 });
    expect(cell('cell-retail')).toMatchObject({ healthy: true, errorShare: 0 });
    faults.healCell('cell-healthcare');
    expect(cell('cell-healthcare')).toMatchObject({ healthy: true, errorShare: 0 });
  });

  it('goes around a broken backend when the pool has another', () => {
    const { faults, cell } = world();
    faults.setPool('cell-banking', ['cell-banking', 'cell-banking-dr']);
    faults.failCell('cell-banking');
    expect(cell('cell-banking').errorShare).toBe(0);
    expect(cell('cell-banking-dr').served).toBe(cell('cell-banking').demand);
  });

  it('fails what exceeds a cell’s capacity, for all that it serves alike', () => {
    const { faults, cell } = world();
    faults.setPool('cell-retail', ['cell-healthcare']);
    const { capacity, served, errorShare } = cell('cell-healthcare');
    expect(served).toBe(capacity);
    expect(cell('cell-retail').errorShare).toBeCloseTo(errorShare, 10);
    expect(errorShare).toBeGreaterThan(0.5);
  });

  it('takes a revision out of traffic at once, and its replicas a little later', () => {
    const { time, faults, cell } = world();
    faults.setRevision('cell-retail', 'app-cell-retail--v57', false);
    expect(cell('cell-retail')).toMatchObject({ replicas: 11, capacity: 150 });
    time.now += 1_500;
    expect(cell('cell-retail')).toMatchObject({ replicas: 3, capacity: 150 });
    faults.setRevision('cell-retail', 'app-cell-retail--v57', true);
    expect(cell('cell-retail').capacity).toBe(150);
    time.now += 1_500;
    expect(cell('cell-retail').capacity).toBe(550);
  });

  it('goes to the other region when Traffic Manager’s first endpoint is off', () => {
    const { estate, cell } = world();
    const { demand } = cell('cell-banking');
    const primary = estate.profile.endpoint('primary-endpoint');
    if (primary) primary.endpointStatus = 'Disabled';
    expect(cell('cell-banking')).toMatchObject({ servedBy: ['cell-banking-dr'], errorShare: 0 });
    expect(cell('cell-banking-dr').served).toBe(demand);
  });

  it('goes to the other region when the first answers no probe', () => {
    const { faults, cell } = world();
    for (const name of ['cell-banking', 'cell-retail', 'cell-healthcare']) faults.failCell(name);
    expect(cell('cell-retail')).toMatchObject({ servedBy: ['cell-retail-dr'], errorShare: 0 });
  });

  it('keeps what was served by the minute, from a quarter of an hour before it began', () => {
    const { time, cell, requests } = world();
    expect(requests('cell-banking', -15)).toBeGreaterThan(60 * 150);
    expect(requests('cell-banking-dr', -1)).toBeUndefined();
    time.now += 2 * minuteMs;
    expect(requests('cell-banking', 1)).toBeCloseTo(cell('cell-banking').demand * 60, -3);
  });

  it('counts requests where they were served', () => {
    const { time, faults, requests } = world();
    faults.setPool('cell-banking', ['cell-banking-dr']);
    time.now += 3 * minuteMs;
    expect(requests('cell-banking', 2)).toBeUndefined();
    expect(requests('cell-banking-dr', 2)).toBeGreaterThan(60 * 150);
  });

  it('tells of each change', () => {
    const { estate, faults } = world();
    let told = 0;
    const stop = estate.subscribe(() => {
      told += 1;
    });
    faults.failCell('cell-retail');
    stop();
    faults.healCell('cell-retail');
    expect(told).toBe(1);
  });

  it('refuses a fault of a cell or revision that it does not have', () => {
    const { faults } = world();
    expect(() => faults.failCell('cell-none')).toThrow('no cell cell-none');
    expect(() => faults.setRevision('cell-retail', 'v99', true)).toThrow('no revision v99');
  });
});
