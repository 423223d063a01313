import { minuteMs } from '../domain/duration.ts';
import { backendPoolId, type Cell } from '../domain/estate.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { ActStep, ChangeStep, CheckStep, ResourceRef, WaitStep } from '../domain/plan.ts';
import type { Mark } from '../domain/step-times.ts';

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
export function change(
  id: string,
  says: string,
  resource: ResourceRef,
  before: Json,
  after: Json,
  timeoutMs = timeoutsMs[resource.kind] ?? 10 * minuteMs,
): ChangeStep {
  return { kind: 'change', id, says, resource, before, after, timeoutMs };
}

/** Waits, and stops the run when something that it watches fails. */
export function wait(id: string, says: string, forMs: number, watch: WaitStep['watch'] = []): WaitStep {
  return { kind: 'wait', id, says, forMs, watch };
}

/** Does a registered act, once for the run and the step. */
export function act(id: string, says: string, name: string, args: JsonObject): ActStep {
  return { kind: 'act', id, says, act: name, args };
}

/** Tells in the thread how long it took, as measured, beside the last times; `loss` in two or three words, to be compared. */
export function report(says: string, since: string, marks: readonly Mark[], also: string, loss: string): ActStep {
  const args = { since, marks: marks.map((mark) => ({ ...mark })), also, loss };
  return { kind: 'act', id: 'report', says, act: 'report-times', args };
}

/** How long a write and its effect may take, by kind of resource. */
const timeoutsMs: Readonly<Record<string, number>> = {
  // A row in our own database.
  lease: minuteMs,
  'scaling-floor': minuteMs,
  'sql-floor': minuteMs,
  // One write without a long-running operation.
  'alert-rule': 2 * minuteMs,
  'alert-suppression': 2 * minuteMs,
  // Replicas start, pull their image and pass their probes.
  'container-app-revision': 10 * minuteMs,
  // The whole gateway is written, minutes at the best, and its probes must then see the new backends.
  'gateway-pool': 30 * minuteMs,
  // At once; then DNS follows within its time to live.
  'traffic-endpoint': 15 * minuteMs,
  // A new revision is made, and its replicas start.
  'container-app-scale': 15 * minuteMs,
  // Its points of presence follow one after the other.
  'front-door-origin': 30 * minuteMs,
  // Waits until the secondary has everything.
  'sql-failover-group': 60 * minuteMs,
  // Minutes; where data is copied, such as from S1 to S2, up to a minute a gigabyte (learn.microsoft.com, “Scale single
  // database resources in Azure SQL Database”).
  'sql-tier': 6 * 60 * minuteMs,
  'cosmos-regions': 60 * minuteMs,
  // “Typically” within an hour (learn.microsoft.com, “Azure storage disaster recovery planning and failover”).
  'storage-account': 90 * minuteMs,
  // Azure restores at its own pace: most databases in some hours, large ones in more.
  'sql-copy': 12 * 60 * minuteMs,
  'cosmos-copy': 12 * 60 * minuteMs,
  // Two hours for a million blobs and a month of changes (MicrosoftDocs, “Point-in-time restore for block blobs”).
  'blob-restore': 12 * 60 * minuteMs,
  'data-revision': 15 * minuteMs,
  'app-traffic': 5 * minuteMs,
};

/** The resources of a cell that playbooks change. */
export const resources = {
  lease: ({ name }: Pick<Cell, 'name'>): ResourceRef => ({ kind: 'lease', id: `lease/${name}` }),
  floor: ({ name }: Pick<Cell, 'name'>): ResourceRef => ({ kind: 'scaling-floor', id: `scaling-floor/${name}` }),
  silence: (cell: Cell): ResourceRef => ({ kind: 'alert-suppression', id: cell.suppressionId }),
  pool: (cell: Cell): ResourceRef => ({ kind: 'gateway-pool', id: backendPoolId(cell) }),
  endpoint: (id: string): ResourceRef => ({ kind: 'traffic-endpoint', id }),
  scale: (cell: Cell): ResourceRef => ({ kind: 'container-app-scale', id: cell.containerAppId }),
  origin: (id: string): ResourceRef => ({ kind: 'front-door-origin', id }),
  sqlTier: (id: string): ResourceRef => ({ kind: 'sql-tier', id }),
  sqlFloor: ({ name }: Pick<Cell, 'name'>): ResourceRef => ({ kind: 'sql-floor', id: `sql-floor/${name}` }),
  sqlGroup: (id: string): ResourceRef => ({ kind: 'sql-failover-group', id }),
  storage: (cell: Cell): ResourceRef => ({ kind: 'storage-account', id: cell.storageId }),
  cosmos: (id: string): ResourceRef => ({ kind: 'cosmos-regions', id }),
  sqlCopy: (id: string): ResourceRef => ({ kind: 'sql-copy', id }),
  cosmosCopy: (id: string): ResourceRef => ({ kind: 'cosmos-copy', id }),
  blobs: (cell: Cell): ResourceRef => ({ kind: 'blob-restore', id: cell.storageId }),
  dataRevision: (cell: Cell, name: string): ResourceRef => ({
    kind: 'data-revision',
    id: `${cell.containerAppId}/revisions/${name}`,
  }),
  appTraffic: (cell: Cell): ResourceRef => ({ kind: 'app-traffic', id: cell.containerAppId }),
  revision: (cell: Cell, name: string): ResourceRef => ({
    kind: 'container-app-revision',
    // From our own id: Azure does not always spell the ids of a list in the same way, and a plan is compared by its text.
    id: `${cell.containerAppId}/revisions/${name}`,
  }),
};
