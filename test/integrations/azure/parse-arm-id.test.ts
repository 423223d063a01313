import { OpsError } from '../../../src/errors.ts';
import { parseArmId, parseResourceGroupId } from '../../../src/integrations/azure/parse-arm-id.ts';
import { fc } from '../../support/properties.ts';
import { appId, gatewayId, group, poolId, revisionId, subscription } from './scripted-azure.ts';

const poolType = 'Microsoft.Network/applicationGateways/backendAddressPools';

describe('parseArmId', () => {
  it('takes an id apart', () => {
    expect(parseArmId(poolId, poolType)).toEqual({
      subscriptionId: subscription,
      resourceGroup: 'rg-stamps',
      names: ['agw-stamps', 'cell-a-backend'],
      root: gatewayId,
    });
  });

  it('ignores case, as Azure does', () => {
    expect(parseArmId(revisionId.toUpperCase(), 'Microsoft.App/containerApps/revisions').names).toHaveLength(2);
  });

  it.each([
    ['another type', appId, poolType],
    ['the outer resource alone', gatewayId, poolType],
    ['a path that climbs', `${gatewayId}/backendAddressPools/..`, poolType],
    ['a resource group that climbs', poolId.replace('rg-stamps', '..'), poolType],
    ['a query', `${poolId}?api-version=2000-01-01`, poolType],
    ['a fragment', `${poolId}#x`, poolType],
    ['an encoded slash', `${gatewayId}/backendAddressPools/a%2Fb`, poolType],
    ['another host', `//evil.example${poolId}`, poolType],
    ['a line break', `${poolId}\n`, poolType],
    ['a subscription that is none', poolId.replace(subscription, 'x'.repeat(36)), poolType],
  ])('refuses %s', (_name, id, type) => {
    expect(() => parseArmId(id, type)).toThrow(OpsError);
  });

  it('accepts no name that a URL would read differently', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        const id = `${gatewayId}/backendAddressPools/${name}`;
        try {
          parseArmId(id, poolType);
        } catch (error) {
          return error instanceof OpsError;
        }
        return new URL(id, 'https://management.azure.com').href === `https://management.azure.com${id}`;
      }),
    );
  });
});

describe('parseResourceGroupId', () => {
  it('takes the id of a group apart', () => {
    expect(parseResourceGroupId(group)).toEqual({ subscriptionId: subscription, resourceGroup: 'rg-stamps' });
  });

  it.each([appId, `${group}/`, `/subscriptions/${subscription}/resourceGroups/..`])('refuses %s', (id) => {
    expect(() => parseResourceGroupId(id)).toThrow(OpsError);
  });
});
