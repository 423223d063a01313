import { impactOf, type Tenant } from '../../src/domain/impact.ts';
import { fc } from '../support/properties.ts';

const tenant: fc.Arbitrary<Tenant> = fc.record({
  tenantId: fc.uuid(),
  cell: fc.constant('cell-banking'),
  region: fc.constant('eastus'),
  tier: fc.oneof(
    fc.constantFrom('startup', 'smb', 'enterprise'),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  ),
  sla: fc.constantFrom('99.9', '99.99', 'none'),
  compliance: fc.uniqueArray(fc.constantFrom('PCI-DSS', 'HIPAA', '__proto__')),
  status: fc.constantFrom('active', 'suspended', 'deleted'),
});
const rest = { healthyCellsLeft: ['cell-retail'], cellsOut: 1 };
const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, one) => all + one, 0);

describe('impactOf', () => {
  it('counts every active tenant once by tier and by SLA, whatever the registry calls them', () => {
    fc.assert(
      fc.property(fc.array(tenant), (tenants) => {
        const impact = impactOf(tenants, rest);
        const active = tenants.filter(({ status }) => status === 'active');
        expect(impact.tenants).toBe(active.length);
        expect(sum(impact.byTier)).toBe(active.length);
        expect(sum(impact.bySla)).toBe(active.length);
        expect(sum(impact.byCompliance)).toBe(active.flatMap(({ compliance }) => compliance).length);
      }),
    );
  });

  it('is the same whatever the order of the tenants', () => {
    fc.assert(
      fc.property(fc.array(tenant), (tenants) => {
        expect(JSON.stringify(impactOf([...tenants].reverse(), rest))).toBe(JSON.stringify(impactOf(tenants, rest)));
      }),
    );
  });
});
