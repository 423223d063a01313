import type { UpkeepPort } from '../../src/ports/upkeep.ts';

/** A subscription in which all is well, unless `failing` throws for a call (`upkeep.cost`). */
export function createFakeUpkeep(failing: (call: string) => void): UpkeepPort {
  const answering =
    <T>(call: string, value: T) =>
    async () => {
      failing(`upkeep.${call}`);
      return value;
    };
  return {
    notSucceeded: answering('notSucceeded', []),
    cost: answering('cost', { currency: 'EUR', total: 0, byGroup: [] }),
    unhealthy: answering('unhealthy', []),
    failedBackups: answering('failedBackups', { found: [], unread: [] }),
    certificates: answering('certificates', { found: [], unread: [] }),
    access: answering('access', []),
  };
}
