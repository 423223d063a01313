import { errorBudget, kpiState, objectiveShare, ratioOf, worstState } from '../../src/domain/kpi.ts';
import { kpiDefinition, kpiDefinitions } from '../../src/kpis/definitions.ts';
import { fc } from '../support/properties.ts';

const dayMs = 86_400_000;

describe('the state of a value', () => {
  it.each([
    ['availability', 99.95, 'ok'],
    ['availability', 99.9499, 'warning'],
    ['availability', 99.9, 'warning'],
    ['availability', 99.89, 'alert'],
    ['latency', 100, 'ok'],
    ['latency', 150, 'warning'],
    ['latency', 150.1, 'alert'],
    ['apiThroughput', 50_000, 'ok'],
    ['apiThroughput', 45_600, 'warning'],
    ['apiThroughput', 39_999, 'alert'],
    ['errorRate', 0.1, 'ok'],
    ['errorRate', 0.51, 'alert'],
    ['containerCpu', 82, 'warning'],
    ['containerCpu', 86, 'alert'],
    ['storageIops', 0, 'alert'],
  ] as const)('%s of %d is %s', (id, value, state) => {
    expect(kpiState(kpiDefinition(id), value)).toBe(state);
  });

  it('is unknown without a value, whatever the indicator', () => {
    for (const definition of kpiDefinitions) {
      expect(kpiState(definition, undefined)).toBe('unknown');
      expect(kpiState(definition, Number.NaN)).toBe('unknown');
    }
  });

  it('never gets worse as the value gets better', () => {
    const order = ['alert', 'warning', 'ok'];
    fc.assert(
      fc.property(
        fc.constantFrom(...kpiDefinitions),
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        fc.double({ min: 0, max: 100_000, noNaN: true }),
        (definition, a, b) => {
          const [worse, better] =
            definition.better === 'higher' ? [Math.min(a, b), Math.max(a, b)] : [Math.max(a, b), Math.min(a, b)];
          expect(order.indexOf(kpiState(definition, better))).toBeGreaterThanOrEqual(
            order.indexOf(kpiState(definition, worse)),
          );
        },
      ),
    );
  });
});

describe('the worst of some states', () => {
  it.each([
    [[], 'unknown'],
    [['ok', 'ok'], 'ok'],
    [['ok', 'unknown'], 'unknown'],
    [['warning', 'unknown'], 'warning'],
    [['warning', 'alert', 'ok'], 'alert'],
  ] as const)('of %j is %s', (states, worst) => {
    expect(worstState(states)).toBe(worst);
  });
});

describe('the error budget', () => {
  it('of availability allows one minute in 2,000 to fail', () => {
    const sums = { good: 43_200 - 10, total: 43_200, known: 8_640, met: 8_630 };
    const budget = errorBudget(kpiDefinition('availability'), sums, 30 * dayMs);
    expect(budget?.usedShare).toBeCloseTo(10 / 21.6);
    expect(budget?.leftShare).toBeCloseTo(1 - 10 / 21.6);
    expect(budget?.knownShare).toBe(1);
  });

  it('of the error rate counts what failed against a thousandth', () => {
    const budget = errorBudget(kpiDefinition('errorRate'), { good: 998, total: 1_000, known: 1, met: 0 }, 300_000);
    expect(budget?.usedShare).toBeCloseTo(2);
    expect(budget?.leftShare).toBe(0);
  });

  it('of a latency counts the windows that missed the target against a hundredth', () => {
    const budget = errorBudget(kpiDefinition('latency'), { good: 0, total: 0, known: 1_000, met: 995 }, 30 * dayMs);
    expect(budget?.usedShare).toBeCloseTo(0.5);
    expect(budget?.knownShare).toBeCloseTo(1_000 / 8_640);
  });

  it('is unknown while nothing is known', () => {
    for (const definition of kpiDefinitions)
      expect(errorBudget(definition, { good: 0, total: 0, known: 0, met: 0 }, dayMs)).toBeUndefined();
  });
});

describe('a ratio', () => {
  it('is what went well, or what did not, as its indicator has it', () => {
    expect(ratioOf({ better: 'higher' }, 999, 1_000)).toBeCloseTo(99.9);
    expect(ratioOf({ better: 'lower' }, 999, 1_000)).toBeCloseTo(0.1);
    expect(ratioOf({ better: 'lower' }, 0, 0)).toBeUndefined();
    expect(objectiveShare(kpiDefinition('errorRate'))).toBeCloseTo(0.999);
  });
});

describe('the definitions', () => {
  it('are the nine of the guide, each with an alert beyond its target', () => {
    expect(
      kpiDefinitions
        .map(({ level }) => level)
        .sort()
        .join(),
    ).toBe('cell,cell,cell,cell,global,global,global,global,global');
    for (const { better, target, alert, windowMs, judgedOverMs } of kpiDefinitions) {
      expect(better === 'higher' ? alert < target : alert > target).toBe(true);
      expect(judgedOverMs % windowMs).toBe(0);
    }
  });
});
