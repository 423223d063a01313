import { dashboardQueries } from '../../src/digests/dashboard-queries.ts';
import { withBindings } from '../../src/integrations/azure/kql.ts';
import { checkKql } from '../support/kusto.ts';

jest.setTimeout(30_000);

describe('the queries of the dashboard', () => {
  it.each(Object.entries(dashboardQueries))(
    '%s is KQL that Microsoft’s parser takes, over the tables of the reference',
    (_, kql) => {
      const { faults } = checkKql(withBindings(kql, { frontDoorId: '/x', apimId: '/y' })) as unknown as {
        faults: unknown;
      };
      expect(faults).toEqual([]);
    },
  );
});
