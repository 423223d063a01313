import { endpointMoves, type PlannedEndpoint } from '../../src/playbooks/endpoint-moves.ts';
import { fc } from '../support/properties.ts';

const endpoint = (name: string, priority: number, more: Partial<PlannedEndpoint> = {}): PlannedEndpoint => ({
  id: `/profile/${name}`,
  name,
  target: `${name}.example.net`,
  monitorStatus: 'Online',
  enabled: true,
  priority,
  weight: 1,
  ...more,
});

/** The endpoints after the moves, one by one; throws when two ever have one priority. */
function played(method: string, endpoints: PlannedEndpoint[], from: string, to: string): PlannedEndpoint[] {
  const named = (name: string) => endpoints.find((it) => it.name === name) as PlannedEndpoint;
  let now = [...endpoints];
  for (const { endpoint, after } of endpointMoves({ routingMethod: method }, endpoints, named(from), named(to))) {
    now = now.map((it) => (it.id === endpoint.id ? { ...it, ...after } : it));
    expect(new Set(now.map(({ priority }) => priority)).size).toBe(now.length);
  }
  return now;
}
const first = (endpoints: readonly PlannedEndpoint[]) =>
  endpoints.filter(({ enabled }) => enabled).sort((a, b) => a.priority - b.priority)[0]?.name;
const ids = (method: string, endpoints: PlannedEndpoint[], from = 'east', to = 'west') =>
  endpointMoves(
    { routingMethod: method },
    endpoints,
    endpoints.find(({ name }) => name === from) as PlannedEndpoint,
    endpoints.find(({ name }) => name === to) as PlannedEndpoint,
  ).map(({ id }) => id);

describe('endpoints that move clients', () => {
  it('switches the source off when the target is next by priority', () => {
    expect(ids('Priority', [endpoint('east', 1), endpoint('west', 2)])).toEqual(['disable-source-endpoint']);
  });

  it('switches a target that is off on first', () => {
    expect(ids('Priority', [endpoint('east', 1), endpoint('west', 2, { enabled: false })])).toEqual([
      'enable-target-endpoint',
      'disable-source-endpoint',
    ]);
  });

  it('gives the target a free priority before a third region', () => {
    const endpoints = [endpoint('east', 2), endpoint('west', 7), endpoint('north', 5)];
    expect(ids('Priority', endpoints)).toEqual(['promote-target-endpoint', 'disable-source-endpoint']);
    expect(first(played('Priority', endpoints, 'east', 'west'))).toBe('west');
  });

  it('takes the source’s own priority when there is no other', () => {
    const endpoints = [endpoint('east', 1), endpoint('north', 2), endpoint('west', 3)];
    const after = played('Priority', endpoints, 'east', 'west');
    expect(after.map(({ name, priority, enabled }) => [name, priority, enabled])).toEqual([
      ['east', 4, false],
      ['north', 2, true],
      ['west', 1, true],
    ]);
  });

  it('leads everybody to the target, whatever the priorities, and never gives two endpoints one', () => {
    const priorities = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(priorities, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (numbers, on) => {
        const [least, ...others] = numbers.toSorted((a, b) => a - b);
        const endpoints = [
          endpoint('east', least as number),
          ...others.map((priority, index) =>
            endpoint(index === others.length - 1 ? 'west' : `r${index}`, priority, { enabled: on[index] ?? true }),
          ),
        ];
        const after = played('Priority', endpoints, 'east', 'west');
        expect(first(after)).toBe('west');
        expect(after.find(({ name }) => name === 'east')?.enabled).toBe(false);
      }),
    );
  });

  it('gives the target the source’s weight on top of its own where others get traffic too', () => {
    const endpoints = [
      endpoint('east', 1, { weight: 60 }),
      endpoint('west', 2, { weight: 10 }),
      endpoint('north', 3, { weight: 30 }),
    ];
    const after = played('Weighted', endpoints, 'east', 'west');
    expect(after.map(({ enabled, weight }) => [enabled, weight])).toEqual([
      [false, 60],
      [true, 70],
      [true, 30],
    ]);
  });

  it('changes no weight of two', () => {
    expect(ids('Weighted', [endpoint('east', 1, { weight: 100 }), endpoint('west', 2)])).toEqual([
      'disable-source-endpoint',
    ]);
  });

  it('moves between two regions under Performance', () => {
    expect(ids('Performance', [endpoint('east', 1), endpoint('west', 2)])).toEqual(['disable-source-endpoint']);
  });

  it.each([
    [
      'Performance with a third region',
      'Performance',
      [endpoint('east', 1), endpoint('west', 2), endpoint('north', 3)],
    ],
    ['Geographic', 'Geographic', [endpoint('east', 1), endpoint('west', 2)]],
    ['MultiValue', 'MultiValue', [endpoint('east', 1), endpoint('west', 2)]],
    ['Subnet', 'Subnet', [endpoint('east', 1), endpoint('west', 2)]],
    ['a source that serves nobody', 'Priority', [endpoint('east', 5), endpoint('west', 7), endpoint('north', 1)]],
    [
      'a weight over the most',
      'Weighted',
      [endpoint('east', 1, { weight: 900 }), endpoint('west', 2, { weight: 900 }), endpoint('north', 3)],
    ],
  ])('refuses %s', (_, method, endpoints) => {
    expect(() => ids(method, endpoints)).toThrow(
      expect.objectContaining({ code: 'refused', hint: expect.any(String) }),
    );
  });
});
