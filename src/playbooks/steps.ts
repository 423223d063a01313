import { minuteMs } from '../domain/duration.ts';
import { backendPoolId, type Cell } from '../domain/estate.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ChangeStep, CheckStep, ResourceRef, WaitStep } from '../domain/plan.ts';

/** Asks the registered check of the same name. */
export function check(
  id: string,
  says: string,
  args: JsonObject,
  override: CheckStep['override'] = 'break-glass',
): CheckStep {
  return { kind: 'check', id, says, check: id, args, override };
}

/** Brings a resource from what it is to what it shall be; `null` is absence. */
export function change(id: string, says: string, resource: ResourceRef, before: Json, after: Json): ChangeStep {
  return { kind: 'change', id, says, resource, before, after, timeoutMs: timeoutsMs[resource.kind] ?? 10 * minuteMs };
}

/** Waits, and stops the run when something that it watches fails. */
export function wait(id: string, says: string, forMs: number, watch: WaitStep['watch'] = []): WaitStep {
  return { kind: 'wait', id, says, forMs, watch };
}

/** How long a write and its effect may take, by kind of resource. */
const timeoutsMs: Readonly<Record<string, number>> = {
  // A row in our own database.
  lease: minuteMs,
  // One write without a long-running operation.
  'alert-suppression': 2 * minuteMs,
  // Replicas start, pull their image and pass their probes.
  'container-app-revision': 10 * minuteMs,
  // The whole gateway is written, minutes at the best, and its probes must then see the new backends.
  'gateway-pool': 30 * minuteMs,
};

/** The resources of a cell that playbooks change. */
export const resources = {
  lease: (cell: Cell): ResourceRef => ({ kind: 'lease', id: `lease/${cell.name}` }),
  silence: (cell: Cell): ResourceRef => ({ kind: 'alert-suppression', id: cell.suppressionId }),
  pool: (cell: Cell): ResourceRef => ({ kind: 'gateway-pool', id: backendPoolId(cell) }),
  revision: (cell: Cell, name: string): ResourceRef => ({
    kind: 'container-app-revision',
    // From our own id: Azure does not always spell the ids of a list in the same way, and a plan is compared by its text.
    id: `${cell.containerAppId}/revisions/${name}`,
  }),
};
