import type { Gateway } from '../../../src/integrations/azure/application-gateway.ts';
import { defaultPoolsOf } from '../../../src/integrations/azure/default-pools.ts';

interface Rule {
  readonly hosts?: string[];
  readonly pool?: string;
  /** The path map's default pool; `null`: it redirects. */
  readonly otherwise?: string | null;
}

function gateway(rules: readonly Rule[]): Gateway {
  const ref = (kind: string, name: string) => ({ id: `/subscriptions/s/${kind}/${name}` });
  return {
    properties: {
      backendAddressPools: [],
      httpListeners: rules.map(({ hosts }, n) => ({
        name: `listener-${n}`,
        properties: hosts?.length === 1 ? { hostName: hosts[0] } : { hostName: '', hostNames: hosts ?? [] },
      })),
      urlPathMaps: rules.flatMap(({ otherwise }, n) =>
        otherwise === undefined
          ? []
          : [
              {
                name: `Map-${n}`,
                properties: otherwise === null ? {} : { defaultBackendAddressPool: ref('pools', otherwise) },
              },
            ],
      ),
      requestRoutingRules: rules.map(({ pool, otherwise }, n) => ({
        name: `rule-${n}`,
        properties: {
          httpListener: ref('listeners', `Listener-${n}`),
          ...(pool !== undefined && { backendAddressPool: ref('pools', pool) }),
          ...(otherwise !== undefined && { urlPathMap: ref('maps', `map-${n}`) }),
        },
      })),
    },
  };
}

describe('defaultPoolsOf', () => {
  it.each<[string, Rule[], string[]]>([
    ['a rule for every host', [{ pool: 'a' }], ['a']],
    ['a rule for a wildcard', [{ pool: 'a', hosts: ['*.example.com'] }], ['a']],
    ['a wildcard among hosts', [{ pool: 'a', hosts: ['a.example.com', 'a-*.example.com'] }], ['a']],
    [
      'rules for hosts of their own',
      [
        { pool: 'a', hosts: ['a.example.com'] },
        { pool: 'b', hosts: ['b.example.com', 'b2.example.com'] },
      ],
      [],
    ],
    ['what a path map does not claim', [{ otherwise: 'b' }], ['b']],
    ['what a path map of one host does not claim', [{ otherwise: 'b', hosts: ['b.example.com'] }], ['b']],
    ['a path map that redirects the rest', [{ otherwise: null }], []],
    ['several, each once, sorted', [{ pool: 'b' }, { otherwise: 'a' }, { pool: 'b' }], ['a', 'b']],
    ['a gateway without rules', [], []],
  ])('finds the pools of %s', (_name, rules, pools) => {
    expect(defaultPoolsOf(gateway(rules))).toEqual(pools);
  });
});
