import { createPlaceFinder } from '../../src/domain/find-place.ts';
import { armId, twoRegions } from '../support/incident-world.ts';

const placeOf = createPlaceFinder(twoRegions);
const app = (cell: string, region = 'r1') => armId(`rg-${region}`, 'Microsoft.App/containerApps', `app-${cell}`);
const gateway = armId('rg-r1', 'Microsoft.Network/applicationGateways', 'agw-stamps');
const cell = (name: string, region = 'r1') => ({ scope: 'cell', region, cell: name });

describe('where an alert is', () => {
  it.each([
    ['a container app', [app('r1-cell-1')], cell('r1-cell-1')],
    ['a container app in other letters', [app('r1-cell-1').toUpperCase()], cell('r1-cell-1')],
    ['a revision of it', [`${app('r1-cell-2')}/revisions/app-r1-cell-2--v1`], cell('r1-cell-2')],
    ['a backend pool', [`${gateway}/backendAddressPools/r1-cell-3-backend`], cell('r1-cell-3')],
    ['a storage account', [armId('rg-r1', 'Microsoft.Storage/storageAccounts', 'str1cell2')], cell('r1-cell-2')],
    [
      'a database on a server that cells share',
      [`${armId('rg-r1', 'Microsoft.Sql/servers', 'sql-r1')}/databases/r1-cell-3-db`],
      cell('r1-cell-3'),
    ],
    ['that server', [armId('rg-r1', 'Microsoft.Sql/servers', 'sql-r1')], { scope: 'region', region: 'r1' }],
    ['a gateway', [gateway], { scope: 'region', region: 'r1' }],
    [
      'a resource with a cell’s name',
      [armId('rg-r2', 'Microsoft.Sql/servers', 'sql-r2-cell-1')],
      cell('r2-cell-1', 'r2'),
    ],
    [
      'a database of such a server',
      [`${armId('rg-r2', 'Microsoft.Sql/servers', 'sql-r2-cell-1')}/databases/main`],
      cell('r2-cell-1', 'r2'),
    ],
    ['Traffic Manager', [twoRegions.trafficManagerId], { scope: 'global' }],
    ['Front Door in a region’s group', [armId('rg-r1', 'Microsoft.Cdn/profiles', 'fd-stamps')], { scope: 'global' }],
    ['API Management', [armId('rg-r1', 'Microsoft.ApiManagement/service', 'apim-stamps')], { scope: 'global' }],
    [
      'something else in a region’s group',
      [armId('rg-r1', 'Microsoft.KeyVault/vaults', 'kv-east')],
      { scope: 'region', region: 'r1' },
    ],
    ['two cells of a region', [app('r1-cell-1'), app('r1-cell-2')], { scope: 'region', region: 'r1' }],
    ['cells of two regions', [app('r1-cell-1'), app('r2-cell-1', 'r2')], { scope: 'global' }],
    ['a deleted cell of a known group', [app('r1-cell-99')], { scope: 'region', region: 'r1' }],
    ['a resource in a group that nobody knows', [armId('rg-x', 'Microsoft.Sql/servers', 'sql')], { scope: 'unknown' }],
    [
      'another subscription',
      ['/subscriptions/x/resourceGroups/rg-r1/providers/a/b/sql-r1-cell-1'],
      { scope: 'unknown' },
    ],
    ['no resource', [], { scope: 'unknown' }],
    ['an id that is none', ['<!channel>', '////', ''], { scope: 'unknown' }],
    ['a known and an unknown one', ['nonsense', app('r1-cell-1')], cell('r1-cell-1')],
  ])('knows %s', (_, resources, place) => {
    expect(placeOf({ resources })).toEqual(place);
  });

  it('does not take a longer name for the shorter one within it', () => {
    expect(placeOf({ resources: [armId('rg-x', 'Microsoft.Sql/servers', 'sql-r1-cell-10')] })).toEqual({
      scope: 'unknown',
    });
  });

  it('narrows a gateway down to the pool that it was split by', () => {
    const split = (value: string) => placeOf({ resources: [gateway], dimensions: [{ name: 'BackendPool', value }] });
    expect(split('r1-cell-2-backend')).toEqual(cell('r1-cell-2'));
    expect(split('r1-cell-2-backend~https')).toEqual(cell('r1-cell-2'));
    expect(split('r9-backend')).toEqual({ scope: 'region', region: 'r1' });
  });

  it('believes what the sender says, when the estate knows it', () => {
    expect(placeOf({ resources: [], said: { cell: 'R1-Cell-1' } })).toEqual(cell('r1-cell-1'));
    expect(placeOf({ resources: [], said: { regions: ['R 1'] } })).toEqual({ scope: 'region', region: 'r1' });
    expect(placeOf({ resources: [], said: { regions: ['R1', 'R2'] } })).toEqual({ scope: 'global' });
    expect(placeOf({ resources: [], said: { cell: '__proto__', regions: ['constructor'] } })).toEqual({
      scope: 'unknown',
    });
  });
});
