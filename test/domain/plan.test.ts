import type { Json } from '../../src/domain/json.ts';
import {
  type ChangeStep,
  changes,
  invertChanges,
  type Plan,
  planCode,
  planHash,
  sameState,
} from '../../src/domain/plan.ts';
import { fc } from '../support/properties.ts';

const text = fc.string({ unit: 'grapheme' });
const state = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const changeStep: fc.Arbitrary<ChangeStep> = fc.record({
  kind: fc.constant('change'),
  id: text,
  says: text,
  resource: fc.record({ kind: fc.constantFrom('lease', 'gateway-pool'), id: fc.constantFrom('a', 'b', 'c') }),
  before: state,
  after: state,
  timeoutMs: fc.nat(),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  playbook: text,
  title: text,
  target: fc.record({ region: text, cell: text }, { requiredKeys: [] }),
  reason: text,
  steps: fc.array(changeStep, { maxLength: 4 }),
  impact: fc.record({
    tenants: fc.nat(),
    byTier: fc.dictionary(text, fc.nat()),
    bySla: fc.dictionary(text, fc.nat()),
    byCompliance: fc.dictionary(text, fc.nat()),
    healthyCellsLeft: fc.array(text),
    cellsOut: fc.nat(),
  }),
  locks: fc.array(text),
  onFailure: fc.constantFrom('ask', 'undo'),
  undo: text,
});

/** The same value with the keys of every object in reverse order. */
function reordered<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reordered) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reordered(inner)]),
  ) as T;
}

describe('planHash', () => {
  it('is the same however keys are ordered, and after a journey through the database', () => {
    fc.assert(
      fc.property(plan, (it) => {
        expect(planHash(reordered(it))).toBe(planHash(it));
        expect(planHash(JSON.parse(JSON.stringify(it)) as Plan)).toBe(planHash(it));
      }),
    );
  });

  it('is another one whenever anything that was approved is another', () => {
    fc.assert(
      fc.property(plan, plan, (one, other) => {
        expect(planHash(one) === planHash(other)).toBe(sameState(one as unknown as Json, other as unknown as Json));
      }),
    );
  });

  it.each<[string, (it: Plan) => Plan]>([
    [
      'a wanted state',
      (it) => ({ ...it, steps: changes(it).map((step) => ({ ...step, after: { addresses: ['10.0.0.5'] } })) }),
    ],
    ['a timeout', (it) => ({ ...it, steps: changes(it).map((step) => ({ ...step, timeoutMs: 2 })) })],
    ['the order of steps', (it) => ({ ...it, steps: [...it.steps].reverse() })],
    ['what failure leads to', (it) => ({ ...it, onFailure: 'undo' })],
    ['who is hurt', (it) => ({ ...it, impact: { ...it.impact, tenants: 8 } })],
    ['the reason', (it) => ({ ...it, reason: 'another' })],
    ['a lock', (it) => ({ ...it, locks: [] })],
  ])('changes with %s', (_, altered) => {
    const step = (id: string): ChangeStep => ({
      kind: 'change',
      id,
      says: '',
      resource: { kind: 'gateway-pool', id: 'pool' },
      before: { addresses: ['10.0.0.4'] },
      after: { addresses: [] },
      timeoutMs: 1,
    });
    const it: Plan = {
      playbook: 'p',
      title: 't',
      target: { cell: 'cell-banking' },
      reason: 'r',
      steps: [step('one'), step('two')],
      impact: { tenants: 7, byTier: {}, bySla: {}, byCompliance: {}, healthyCellsLeft: [], cellsOut: 1 },
      locks: ['x'],
      onFailure: 'ask',
      undo: 'u',
    };
    expect(planHash(altered(it))).not.toBe(planHash(it));
  });

  it('has a code that can be read out', () => {
    fc.assert(
      fc.property(plan, (it) => {
        expect(planCode(planHash(it))).toMatch(/^[0-9a-f]{8}$/);
      }),
    );
  });
});

describe('invertChanges', () => {
  it('is its own inverse', () => {
    fc.assert(
      fc.property(fc.array(changeStep), (steps) => {
        expect(invertChanges(invertChanges(steps))).toEqual(steps);
      }),
    );
  });

  it('takes back what was applied, also where one resource is changed more than once', () => {
    const apply = (world: Map<string, Json>, steps: readonly ChangeStep[]) => {
      for (const { resource, before, after } of steps) {
        const id = `${resource.kind}/${resource.id}`;
        expect(sameState(world.get(id) ?? null, before)).toBe(true);
        world.set(id, after);
      }
    };
    fc.assert(
      fc.property(fc.array(changeStep), (wanted) => {
        const seen = new Map<string, Json>();
        const steps = wanted.map((step) => {
          const id = `${step.resource.kind}/${step.resource.id}`;
          const before = seen.get(id) ?? null;
          seen.set(id, step.after);
          return { ...step, before };
        });
        const world = new Map<string, Json>();
        apply(world, steps);
        apply(world, invertChanges(steps));
        expect([...world.values()].every((it) => it === null)).toBe(true);
      }),
    );
  });
});

describe('sameState', () => {
  it('looks at values, not at the order of keys', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        expect(sameState(a, reordered(a))).toBe(true);
        expect(sameState(a, b)).toBe(sameState(b, a));
      }),
    );
    expect(sameState({ addresses: ['a', 'b'] }, { addresses: ['b', 'a'] })).toBe(false);
    expect(sameState(null, {})).toBe(false);
  });
});
