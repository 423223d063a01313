import { guideRegions } from '../../../sandbox/azure/layout.ts';
import { seedTenants } from '../../../sandbox/azure/tenants.ts';

describe('the emulated registry of tenants', () => {
  const records = seedTenants(guideRegions).map(({ record }) => record);

  it('has two dozen tenants, each once, on the cells that serve', () => {
    expect(records).toHaveLength(24);
    expect(new Set(records.map(({ tenantId }) => tenantId)).size).toBe(24);
    const serving = guideRegions.flatMap(({ cells }) =>
      cells.filter(({ role }) => role === 'active').map(({ name }) => name),
    );
    expect([...new Set(records.map(({ cellName }) => cellName))]).toEqual(serving);
  });

  it('has all tiers, and suspended tenants too', () => {
    expect(new Set(records.map(({ tenantTier }) => tenantTier))).toEqual(new Set(['startup', 'smb', 'enterprise']));
    expect(records.filter(({ status }) => status === 'suspended')).toHaveLength(2);
  });

  it('keeps payments under PCI-DSS and patients under HIPAA', () => {
    for (const { cellName, complianceRequirements } of records) {
      if (cellName === 'cell-banking') expect(complianceRequirements).toContain('PCI-DSS');
      if (cellName === 'cell-healthcare') expect(complianceRequirements).toContain('HIPAA');
    }
  });
});
