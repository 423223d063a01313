import type { Json } from '../domain/json.ts';
import type { ResourceRef } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import type { PlanContext, RecordedChange } from '../ports/playbook.ts';
import type { ResourceKind } from '../ports/resource-kind.ts';

/** Answers with what is there, `null` for nothing; reads it unless its live state is at hand. */
export interface Found {
  (resource: ResourceRef, live?: Json): Promise<Json>;
  /** What this very run has changed there so far; undefined: nothing. */
  own(resource: ResourceRef): RecordedChange | undefined;
}

/**
 * Reads resources as they were before this very run touched them. So a run that did half of its work, and is planned
 * anew, comes to the same plan, and the same approvals hold; what others did meanwhile is seen.
 */
export async function asFound(
  context: Pick<PlanContext, 'kinds' | 'recordedUndo' | 'runId' | 'signal'>,
): Promise<Found> {
  const mine = await context.recordedUndo(context.runId);
  const own: Found['own'] = (resource) =>
    mine.find(({ resource: it }) => it.kind === resource.kind && it.id.toLowerCase() === resource.id.toLowerCase());
  const found = async (resource: ResourceRef, live?: Json): Promise<Json> => {
    const kind = kindOf(context.kinds, resource);
    const state = live === undefined ? (await kind.read(resource, context.signal)).state : live;
    const change = own(resource);
    return change && kind.equals(state, change.after) ? change.before : state;
  };
  return Object.assign(found, { own });
}

export function kindOf(kinds: PlanContext['kinds'], resource: ResourceRef): ResourceKind {
  const kind = kinds[resource.kind];
  if (!kind) throw new OpsError('misconfigured', `Nothing here can read a ${resource.kind}.`);
  return kind;
}
