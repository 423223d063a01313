import type { WholeOff } from '../blocks/assessment-card.ts';
import type { RegionFacts, Touch } from '../domain/assessment.ts';
import type { Estate } from '../domain/estate.ts';
import { changes } from '../domain/plan.ts';
import type { Lease, Run } from '../domain/run.ts';
import type { ActivityEntry, FrontDoorEndpoint, TrafficProfile } from '../ports/azure.ts';

/** What leads the clients of all regions, and is off; no run of ours touches it. */
export function wholeOff(
  { trafficManagerId }: Estate,
  profile: TrafficProfile | undefined,
  entries: readonly FrontDoorEndpoint[],
): Omit<WholeOff, 'touch'>[] {
  return [
    ...(profile?.monitorStatus === 'Disabled' ? [{ of: 'Traffic Manager' as const, id: trafficManagerId }] : []),
    ...entries.flatMap(({ id, enabled }) => (enabled ? [] : [{ of: 'Front Door' as const, id }])),
  ];
}

export function whoSwitchedOff(off: Omit<WholeOff, 'touch'>, activity: readonly ActivityEntry[]): WholeOff {
  const byHand = activity.find(({ resourceId }) => resourceId.toLowerCase() === off.id.toLowerCase());
  return { ...off, ...(byHand && { touch: { by: 'person', caller: byHand.caller, at: byHand.at } }) };
}

/** Why an endpoint or an origin is off: our own record first, then Azure's. */
export function touchOf(
  { name, endpoint, origin }: RegionFacts,
  profile: TrafficProfile | undefined,
  estate: Estate,
  { leases, runs, activity }: { leases: readonly Lease[]; runs: readonly Run[]; activity: readonly ActivityEntry[] },
): Touch | undefined {
  if (endpoint?.enabled !== false && origin?.enabled !== false) return undefined;
  const lease = leases.find(({ subject }) => subject === name);
  if (lease) return { by: 'run', runId: lease.runId, reason: lease.reason, held: true };
  const endpointId = profile?.endpoints.find((it) => it.name === endpoint?.name)?.id;
  const originId = origin && `${estate.originGroupId}/origins/${origin.name}`;
  const ids = [endpoint?.enabled === false ? endpointId : undefined, origin?.enabled === false ? originId : undefined]
    .flatMap((id) => id ?? [])
    .map((id) => id.toLowerCase());
  const byHand = activity.find(({ resourceId }) => ids.includes(resourceId.toLowerCase()));
  const run = runs.find(({ plan, steps }) =>
    changes(plan).some(
      ({ id, resource, after }) =>
        ids.includes(resource.id.toLowerCase()) &&
        (after as { enabled?: boolean } | null)?.enabled === false &&
        steps.some((report) => report.stepId === id && (report.state === 'done' || report.state === 'already')),
    ),
  );
  if (run && (!byHand || Date.parse(byHand.at) < Date.parse(run.requestedAt)))
    return { by: 'run', runId: run.id, reason: run.plan.reason, held: false };
  return byHand && { by: 'person', caller: byHand.caller, at: byHand.at };
}
