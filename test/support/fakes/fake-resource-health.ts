import type { ResourceHealth } from '../../../src/domain/resource-health.ts';
import type { ResourceHealthPort } from '../../../src/ports/resource-health.ts';

/** Azure's own word, in memory: of container apps none, of everything else that it is available, unless a test says otherwise. */
export function createFakeResourceHealth(failing: (call: string) => void) {
  /** By ARM id. */
  const told = new Map<string, ResourceHealth>();
  const of = (id: string): ResourceHealth | undefined =>
    told.get(id) ?? (/\/containerApps\//i.test(id) ? undefined : { state: 'available' });
  const port: ResourceHealthPort = {
    async list(ids) {
      failing('resourceHealth.list');
      return new Map(
        ids.flatMap((id) => {
          const health = of(id);
          return health ? [[id.toLowerCase(), health] as const] : [];
        }),
      );
    },
    async find(id) {
      failing('resourceHealth.find');
      return of(id);
    },
  };
  return { port, told };
}
