import type { AlertPlace } from '../../src/domain/alert.ts';
import { correlate, lookingOrder } from '../../src/domain/correlation.ts';
import { minuteMs } from '../../src/domain/duration.ts';
import { learn, type OpenTrouble, type Signal, spotOf } from '../../src/domain/trouble.ts';
import { createTroubleBook } from '../../src/domain/trouble-book.ts';
import { fc } from '../support/properties.ts';

const withinMs = 15 * minuteMs;
const calm = { withinMs, openedLately: 0 };
const cell = (name: string, region: string): AlertPlace => ({ scope: 'cell', region, cell: name });
const region = (name: string): AlertPlace => ({ scope: 'region', region: name });
const global: AlertPlace = { scope: 'global' };

let named = 0;
function signal(place: AlertPlace, atMinutes: number, more: Partial<Signal> = {}): Signal {
  named += 1;
  const spot = spotOf({ place, resources: [], rule: 'a rule' });
  return { key: `a-${named}`, rule: 'a rule', place, spot, azureSeverity: 1, at: atMinutes * minuteMs, ...more };
}

/** Incidents as the correlator would leave them, by the keys of their alerts. */
class World {
  readonly troubles = new Map<string, OpenTrouble>();
  readonly book = createTroubleBook<OpenTrouble>(withinMs);
  readonly alerts = new Map<string, string[]>();

  take(one: Signal, openedLately = 0) {
    const decision = correlate(one, this.book, { withinMs, openedLately });
    if (decision.do === 'open') {
      const number = this.alerts.size + 1;
      const trouble = blank(`i-${number}`, number, one.place);
      Object.assign(trouble, { storm: decision.storm, severity: decision.severity });
      this.add(trouble);
      this.alerts.set(trouble.id, [one.key]);
      this.book.learn(trouble, one);
      return decision;
    }
    const trouble = this.troubles.get(decision.id) as OpenTrouble;
    for (const id of decision.absorbs) {
      this.book.absorb(trouble, this.troubles.get(id) as OpenTrouble);
      this.troubles.delete(id);
      this.alerts.get(trouble.id)?.push(...(this.alerts.get(id) ?? []));
      this.alerts.set(id, []);
    }
    trouble.severity = decision.severity;
    this.alerts.get(trouble.id)?.push(one.key);
    this.book.learn(trouble, one);
    return decision;
  }

  add(trouble: OpenTrouble): void {
    this.troubles.set(trouble.id, trouble);
    this.book.add(trouble);
  }

  /** Which alerts are together, and how severe that is. */
  partition(): string[] {
    return [...this.troubles.values()]
      .map(
        ({ id, severity, place }) => `${severity} ${JSON.stringify(place)}: ${this.alerts.get(id)?.sort().join(' ')}`,
      )
      .sort();
  }
}

function blank(id: string, number: number, place: AlertPlace): OpenTrouble {
  return {
    id,
    number,
    severity: 'P3',
    place,
    taken: false,
    byHand: false,
    storm: false,
    over: false,
    spots: new Map(),
    reach: new Map(),
    cells: new Set(),
  };
}

function incidentsOf(...signals: readonly Signal[]): World {
  const world = new World();
  for (const one of signals) world.take(one);
  return world;
}

describe('correlation', () => {
  it('keeps a cell’s alerts together, as P2', () => {
    const world = incidentsOf(signal(cell('a', 'r1'), 0), signal(cell('a', 'r1'), 3));
    expect([...world.troubles.values()]).toMatchObject([{ severity: 'P2', place: cell('a', 'r1') }]);
  });

  it('makes a region’s incident of several of its cells, as P1, and says why', () => {
    const world = incidentsOf(signal(cell('a', 'r1'), 0));
    expect(world.take(signal(cell('b', 'r1'), 4))).toMatchObject({
      do: 'join',
      severity: 'P1',
      because: 'it is in r1 too, 4m after it',
    });
    expect([...world.troubles.values()]).toMatchObject([{ place: region('r1') }]);
  });

  it('keeps the cells of two regions apart', () => {
    expect(incidentsOf(signal(cell('a', 'r1'), 0), signal(cell('b', 'r2'), 0)).troubles.size).toBe(2);
  });

  it('lets trouble of the whole swallow what follows from it, before and after, as P0', () => {
    const world = incidentsOf(signal(cell('a', 'r1'), 0), signal(region('r2'), 1));
    expect(world.take(signal(global, 2))).toMatchObject({ do: 'join', absorbs: ['i-2'], severity: 'P0' });
    expect(world.take(signal(cell('c', 'r3'), 5))).toMatchObject({
      do: 'join',
      id: 'i-1',
      because: 'it follows from trouble of the whole estate, 3m after it',
    });
  });

  it('opens another when too long has passed', () => {
    expect(incidentsOf(signal(cell('a', 'r1'), 0), signal(cell('b', 'r1'), 16)).troubles.size).toBe(2);
  });

  it('joins what is about the same cell for as long as that lasts', () => {
    const lasts = signal(cell('a', 'r1'), 0);
    expect(incidentsOf(lasts, signal(cell('a', 'r1'), 600)).troubles.size).toBe(1);
    const over = { ...lasts, overAt: 5 * minuteMs };
    expect(incidentsOf(over, signal(cell('a', 'r1'), 19)).troubles.size).toBe(1);
    expect(incidentsOf(over, signal(cell('a', 'r1'), 21)).troubles.size).toBe(2);
  });

  it('does not let what is merely informational bind places together or raise the severity', () => {
    const info = { azureSeverity: 4 } as const;
    const world = incidentsOf(signal(cell('a', 'r1'), 0), signal(global, 0, info), signal(cell('b', 'r1'), 0, info));
    expect(world.troubles.size).toBe(3);
    expect(world.take(signal(cell('a', 'r1'), 1, info))).toMatchObject({ do: 'join', id: 'i-1', severity: 'P2' });
  });

  it('keeps what nobody knows together by its resource only', () => {
    const unknown: AlertPlace = { scope: 'unknown' };
    const about = (resource: string) =>
      signal(unknown, 0, { spot: spotOf({ place: unknown, resources: [resource], rule: 'r' }) });
    expect(incidentsOf(about('/x'), about('/X'), about('/y'), signal(global, 0)).troubles.size).toBe(3);
  });

  it('never merges what a person put apart, and takes an alert to where it says its cell', () => {
    const world = incidentsOf(signal(cell('a', 'r1'), 0), signal(cell('b', 'r1'), 0));
    const apart = Object.assign(blank('i-9', 9, cell('a', 'r1')), { byHand: true });
    learn(apart, signal(cell('a', 'r1'), 0), withinMs);
    world.add(apart);
    world.alerts.set('i-9', []);
    expect(world.take(signal(cell('a', 'r1'), 1))).toMatchObject({ id: 'i-9', absorbs: [] });
    expect(world.take(signal(cell('b', 'r1'), 1))).toMatchObject({ absorbs: [] });
    expect(world.troubles.size).toBe(2);
  });

  it('goes to where somebody works already', () => {
    const world = incidentsOf(signal(region('r1'), 0), signal(region('r2'), 0));
    Object.assign(world.troubles.get('i-2') as object, { taken: true });
    expect(world.take(signal(global, 1))).toMatchObject({ id: 'i-2', absorbs: ['i-1'] });
  });

  it('opens a resolved one again rather than a new one', () => {
    const world = incidentsOf(signal(cell('a', 'r1'), 0));
    Object.assign(world.troubles.get('i-1') as object, { over: true });
    expect(world.take(signal(cell('a', 'r1'), 5))).toMatchObject({ do: 'join', id: 'i-1', reopens: true });
  });

  it('gathers what has no room of its own into one incident, but never a P0', () => {
    const world = new World();
    const unknown: AlertPlace = { scope: 'unknown' };
    const crowd = (n: number) => signal(unknown, 0, { spot: `unknown ${n}` });
    for (let n = 0; n < 8; n += 1) expect(world.take(crowd(n), n)).toMatchObject({ do: 'open', storm: false });
    expect(world.take(crowd(8), 8)).toMatchObject({ do: 'open', storm: true });
    expect(world.take(crowd(9), 9)).toMatchObject({ do: 'join', id: 'i-9' });
    expect(world.take(signal(region('r1'), 0), 9)).toMatchObject({ do: 'open', storm: false, severity: 'P1' });
    expect(world.take(signal(region('r2'), 0), 12)).toMatchObject({ do: 'join', id: 'i-9', severity: 'P1' });
    expect(world.take(signal(global, 0), 12)).toMatchObject({ severity: 'P0' });
  });
});

describe('correlation, whatever comes', () => {
  const place = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('r1', 'r2', 'r3'))
        .map(([c, r]) => cell(`${r}-${c}`, r)),
    },
    { weight: 2, arbitrary: fc.constantFrom('r1', 'r2', 'r3').map(region) },
    { weight: 1, arbitrary: fc.constant(global) },
  );
  const signals = fc
    .array(
      fc.record({
        place,
        at: fc.integer({ min: 0, max: 120 }),
        lasts: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
        azureSeverity: fc.constantFrom(0, 1, 2, 3, 4) as fc.Arbitrary<0 | 1 | 2 | 3 | 4>,
      }),
      { minLength: 1, maxLength: 25 },
    )
    .map((all) =>
      all.map(({ lasts, at, ...rest }, n) =>
        signal(rest.place, at, {
          ...rest,
          key: `k-${n}`,
          at: at * minuteMs,
          ...(lasts !== undefined && { overAt: (at + lasts) * minuteMs }),
        }),
      ),
    );
  const shuffled = signals.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
  );

  it('makes the same of a batch in whatever order it stands', () => {
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const batch = (order: readonly Signal[]) => incidentsOf(...[...order].sort(lookingOrder)).partition();
        expect(batch(other)).toEqual(batch(all));
      }),
      { seed: 7 },
    );
  });

  it('keeps the same alerts together even when they come one by one, in any order', () => {
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(incidentsOf(...other).partition()).toEqual(incidentsOf(...all).partition());
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('gives the same answer in whatever order the open incidents stand, and always says why', () => {
    fc.assert(
      fc.property(signals, (all) => {
        const world = incidentsOf(...all.slice(1));
        const asked = all[0] as Signal;
        const one = correlate(asked, world.book, calm);
        const other = createTroubleBook(withinMs, [...world.troubles.values()].reverse());
        expect(correlate(asked, other, calm)).toEqual(one);
        expect(one.because).not.toBe('');
      }),
      { seed: 13 },
    );
  });

  it('never lowers a severity', () => {
    fc.assert(
      fc.property(signals, (all) => {
        const world = new World();
        for (const one of all) {
          const before = new Map([...world.troubles].map(([id, { severity }]) => [id, severity]));
          world.take(one);
          for (const [id, { severity }] of world.troubles) expect(severity <= (before.get(id) ?? 'P3')).toBe(true);
        }
      }),
      { seed: 17 },
    );
  });
});
