import { Estate } from '../../../sandbox/azure/estate.ts';

it('asks for more of one cell alone, which more replicas make lighter again', () => {
  let now = Date.UTC(2026, 10, 24, 3, 0);
  const estate = new Estate({ now: () => now, seed: 1, replicaDelayMs: 0 });
  const at = () => estate.traffic(now).get('cell-banking')?.demand ?? 0;
  const others = () => estate.traffic(now).get('cell-healthcare')?.demand ?? 0;
  const [usual, untouched] = [at(), others()];
  estate.setDemand('cell-banking', 2);
  expect(at()).toBeCloseTo(2 * usual);
  expect(others()).toBe(untouched);
  const served = estate.traffic(now).get('cell-banking')?.served ?? 0;
  estate.app('cell-banking').rescale({ minReplicas: 12, maxReplicas: 12 }, now);
  now += 60_000;
  estate.settle();
  expect(estate.traffic(now).get('cell-banking')?.served ?? 0).toBeGreaterThanOrEqual(served);
  expect(estate.app('cell-banking').replicas(now).serving).toBe(12);
  estate.setDemand('cell-banking', 1);
  now -= 60_000;
  expect(at()).toBeCloseTo(usual);
});
