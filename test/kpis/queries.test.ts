import { withBindings } from '../../src/integrations/azure/kql.ts';
import { kpiDefinitions } from '../../src/kpis/definitions.ts';
import { pastQueries, queries } from '../../src/kpis/queries.ts';
import { checkKql } from '../support/kusto.ts';

// Microsoft's parser is large to load.
jest.setTimeout(30_000);

const bind = {
  frontDoorId:
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Cdn/profiles/fd',
  apimId:
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.ApiManagement/service/a',
};
const numbers = ['real', 'long', 'int'];

describe('the queries of the indicators, read by Microsoft’s own parser', () => {
  it.each(
    kpiDefinitions.flatMap((definition) =>
      definition.source.kind === 'logs' ? [[definition.id, definition, definition.source.query] as const] : [],
    ),
  )('%s is sound and has the columns that we read', (_id, definition, query) => {
    const { faults, columns } = checkKql(withBindings(query, bind));
    expect(faults).toEqual([]);
    expect(numbers).toContain(columns.value);
    if (definition.budget.by === 'ratio') {
      expect(numbers).toContain(columns.good);
      expect(numbers).toContain(columns.total);
    }
    expect(columns.app).toBe(definition.level === 'cell' ? 'string' : undefined);
  });

  it.each(Object.entries(pastQueries))('%s of the past is sound, and says which window a row is of', (id, query) => {
    const { faults, columns } = checkKql(withBindings(query, bind));
    expect(faults).toEqual([]);
    expect(columns.window).toBe('datetime');
    expect(numbers).toContain(columns.value);
    expect(kpiDefinitions.find((one) => one.id === id)?.source.kind).toBe('logs');
  });

  it('those of API use too', () => {
    const whole = { ...bind, subscription: 'northwind-subscription' };
    expect(checkKql(withBindings(queries.tooManyCalls, whole))).toEqual({
      faults: [],
      columns: { tooMany: 'long', failed: 'long', calls: 'long' },
    });
    expect(checkKql(withBindings(queries.tenantsOfApp, { app: 'app-cell-banking' }))).toEqual({
      faults: [],
      columns: { tenant: 'string', requests: 'long', failed: 'long', p95: 'real' },
    });
    expect(checkKql(withBindings(queries.apiByTenant, bind))).toEqual({
      faults: [],
      columns: { subscription: 'string', calls: 'long', failed: 'long', tooMany: 'long' },
    });
    expect(checkKql(withBindings(queries.apiByRegion, bind))).toEqual({
      faults: [],
      columns: { Region: 'string', calls: 'long', failed: 'long', p95: 'real' },
    });
  });

  it.each([
    ['a table that is not there', 'AppRequest | count', 'AppRequest'],
    ['a column that is not there', 'AppRequests | where Duration > 1', 'Duration'],
    ['a text that is compared with a number', 'AppRequests | where AppRoleName > 5', ''],
    ['a name that nothing is bound to', 'ApiManagementGatewayLogs | where _ResourceId =~ apim', 'apim'],
  ])('finds %s', (_name, query, says) => {
    const { faults } = checkKql(query);
    expect(faults).not.toEqual([]);
    expect(faults.join()).toContain(says);
  });
});
