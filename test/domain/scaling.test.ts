import {
  defaultScaling,
  type LoadWindow,
  loadCallsFor,
  loadIsOver,
  type ScalingDirection,
  type ScalingPolicy,
  wantedReplicas,
} from '../../src/domain/scaling.ts';
import { fc } from '../support/properties.ts';

const slotMs = 5 * 60_000;
const policy: ScalingPolicy = { ...defaultScaling, in: { ...defaultScaling.in, hits: 3, of: 4 } };
const at = (index: number) => new Date(Date.UTC(2026, 9, 25, 0, 0) + index * slotMs).toISOString();

/** Windows of CPU, with as many requests; `?` is not known. */
function windowsOf(text: string): LoadWindow[] {
  return text.split(' ').map((one, index) => ({
    at: at(index),
    values: one === '?' ? {} : { cpu: Number(one), requests: Number(one), memory: 40 },
  }));
}

describe('what a load calls for', () => {
  it.each([
    ['90 90 90', 'out'],
    ['50 90 90', 'out'],
    ['90 50 90', 'out'],
    ['90 50 50', undefined],
    ['90 90 90 50 50', undefined],
    // The threshold itself is not above it.
    ['80 80 80', undefined],
    ['? 90 90', 'out'],
    ['? ? 90', undefined],
    ['20 20 20 20', 'in'],
    ['20 20 20 50', 'in'],
    ['20 20 50 50', undefined],
    ['35 35 35 35', undefined],
    // Not known is not low.
    ['? ? ? ?', undefined],
    ['20 20 ? ?', undefined],
    ['20 ? 20 20', 'in'],
    ['', undefined],
  ])('%s → %s', (text, direction) => {
    expect(loadCallsFor(policy, text === '' ? [] : windowsOf(text))).toBe(direction);
  });

  it('scales out for memory alone, and in for nothing less than all', () => {
    const full = [0, 1, 2].map((index) => ({ at: at(index), values: { cpu: 20, requests: 20, memory: 90 } }));
    expect(loadCallsFor(policy, full)).toBe('out');
    const half = [0, 1, 2, 3].map((index) => ({ at: at(index), values: { cpu: 20 } }));
    expect(loadCallsFor(policy, half)).toBeUndefined();
  });

  it.each([
    ['out', '74 74 74', true],
    ['out', '90 74 74', true],
    ['out', '76 76 76', false],
    ['out', '74 ? ?', false],
    ['out', '? ? ?', false],
    ['in', '41 41 20', true],
    ['in', '39 39 39', false],
    ['in', '? ? ?', false],
  ] as const)('%s with %s is over: %s', (direction, text, over) => {
    expect(loadIsOver(policy, direction, windowsOf(text))).toBe(over);
  });
});

describe('how many replicas', () => {
  const replicas = { minReplicas: 6, maxReplicas: 12, running: 6 };
  it.each<[ScalingDirection, string, object, object]>([
    // 6 × 90/80 ÷ 0.75 = 9.
    ['out', '90 90 90', {}, { to: 9 }],
    ['out', '81 81 81', {}, { to: 9 }],
    // At most twice as many, and what the policy allows.
    ['out', '100 100 100', { minReplicas: 1, running: 1 }, { to: 2 }],
    ['out', '90 90 90', { minReplicas: 19, running: 19 }, { to: 20 }],
    ['out', '90 90 90', { minReplicas: 20, running: 20 }, { none: expect.stringContaining('20 at the most') }],
    // More run than it must keep: never fewer than there are.
    ['out', '90 90 90', { running: 10 }, { to: 15 }],
    // Its memory, 40 of 85 %, needs four.
    ['in', '20 20 20 20', {}, { to: 4 }],
    ['in', '20 20 20 20', { floor: 5 }, { to: 5 }],
    ['in', '20 20 20 20', { floor: 6 }, { none: expect.stringContaining('at least 6') }],
    ['in', '20 20 20 20', { running: 9 }, { none: expect.stringContaining('must keep only 6') }],
    ['in', '20 20 20 20', { minReplicas: 1, running: 1 }, { none: expect.stringContaining('what its load needs') }],
  ])('%s at %s with %j → %j', (direction, text, more, wanted) => {
    expect(wantedReplicas(policy, direction, windowsOf(text), { ...replicas, ...more })).toEqual(wanted);
  });

  it('never goes below the floor, above the limit, or the wrong way, whatever the load', () => {
    const value = fc.option(fc.double({ min: 0, max: 150, noNaN: true }), { nil: undefined });
    const window = fc.record({ cpu: value, memory: value, requests: value });
    fc.assert(
      fc.property(
        fc.array(window, { minLength: 1, maxLength: 12 }),
        fc.constantFrom<ScalingDirection>('out', 'in'),
        fc.integer({ min: 0, max: 25 }),
        fc.integer({ min: 0, max: 25 }),
        fc.option(fc.integer({ min: 1, max: 25 }), { nil: undefined }),
        (raw, direction, minReplicas, running, floor) => {
          const windows = raw.map((values, index) => ({ at: at(index), values: known(values) }));
          const wanted = wantedReplicas(policy, direction, windows, {
            minReplicas,
            maxReplicas: 30,
            running,
            ...(floor !== undefined && { floor }),
          });
          if ('none' in wanted) return;
          if (direction === 'out') {
            expect(wanted.to).toBeGreaterThan(Math.max(minReplicas, running));
            expect(wanted.to).toBeLessThanOrEqual(policy.mostPerCell);
          } else {
            expect(wanted.to).toBeLessThan(minReplicas);
            expect(wanted.to).toBeGreaterThanOrEqual(floor ?? 1);
          }
        },
      ),
      { seed: 5 },
    );
  });
});

describe('over time', () => {
  /** Lives through a series of loads as the trigger does; answers with what it proposed and withdrew, by window. */
  function live(loads: readonly (number | undefined)[]): { index: number; what: string }[] {
    const windows: LoadWindow[] = [];
    const events: { index: number; what: string }[] = [];
    let open: ScalingDirection | undefined;
    loads.forEach((load, index) => {
      windows.push({ at: at(index), values: load === undefined ? {} : { cpu: load, requests: load } });
      if (open !== undefined && loadIsOver(policy, open, windows)) {
        events.push({ index, what: 'withdrawn' });
        open = undefined;
      }
      const calls = loadCallsFor(policy, windows);
      if (open === undefined && calls !== undefined) {
        events.push({ index, what: calls });
        open = calls;
      }
    });
    return events;
  }

  it('does not flap on noise around a threshold', () => {
    const near = (limit: number) =>
      fc.array(
        fc.option(fc.double({ min: limit - policy.band, max: limit + policy.band, noNaN: true }), { nil: undefined }),
        { maxLength: 200 },
      );
    fc.assert(
      fc.property(fc.oneof(near(80), near(35)), (loads) => {
        expect(live(loads).length).toBeLessThanOrEqual(1);
      }),
      { seed: 5 },
    );
  });

  it('never proposes twice without a withdrawal and another window between, whatever the load', () => {
    const load = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(load, { maxLength: 300 }), (loads) => {
        const events = live(loads);
        for (let one = 2; one < events.length; one += 1) {
          const [first, gone, again] = [events[one - 2], events[one - 1], events[one]];
          if (first?.what !== 'out' || again?.what !== 'out') continue;
          expect(gone?.index).toBeGreaterThan(first.index);
          expect(again.index).toBeGreaterThan(gone?.index ?? 0);
        }
        // Proposed and withdrawn take turns: never two open.
        const open = events.map(({ what }) => (what === 'withdrawn' ? -1 : 1));
        open.reduce((sum, step) => {
          expect([0, 1]).toContain(sum + step);
          return sum + step;
        }, 0);
      }),
      { seed: 5 },
    );
  });

  it('does not call for the other direction once its own wish was done', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.double({ min: 81, max: 100, noNaN: true }), (replicas, load) => {
        const before = windowsOf([load, load, load].join(' '));
        const wanted = wantedReplicas(policy, 'out', before, {
          minReplicas: replicas,
          maxReplicas: 20,
          running: replicas,
        });
        const to = 'to' in wanted ? wanted.to : replicas;
        const then = (load * replicas) / to;
        expect(loadCallsFor(policy, windowsOf([then, then, then, then].join(' ')))).not.toBe('in');
      }),
      { seed: 5 },
    );
  });
});

function known(values: Record<string, number | undefined>) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
