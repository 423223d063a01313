import { OpsError } from '../errors.ts';
import type { EndpointState, TrafficEndpoint, TrafficProfile } from '../ports/azure.ts';

/** One endpoint, and what it shall be. The id is the step's. */
export interface EndpointMove {
  readonly id: 'enable-target-endpoint' | 'promote-target-endpoint' | 'disable-source-endpoint';
  readonly endpoint: TrafficEndpoint;
  readonly after: EndpointState;
}

export type PlannedEndpoint = TrafficEndpoint & EndpointState;

/**
 * Which endpoints have to change, in order, so that clients of one region go to another, by the routing method that
 * the profile really has. The source is switched off, so that it does not take its clients back by itself before its
 * data is right. At no point do two endpoints have one priority. Throws `refused` where it cannot be done.
 */
export function endpointMoves(
  { routingMethod }: Pick<TrafficProfile, 'routingMethod'>,
  endpoints: readonly PlannedEndpoint[],
  from: PlannedEndpoint,
  to: PlannedEndpoint,
): EndpointMove[] {
  const others = endpoints.filter((it) => it.id !== from.id && it.id !== to.id);
  const serving = others.filter(({ enabled }) => enabled);
  switch (routingMethod) {
    case 'Priority':
      return byPriority(endpoints, serving, from, to);
    case 'Weighted':
      return byWeight(serving, from, to);
    case 'Performance':
      if (serving.length > 0) {
        throw cannot(
          `Performance routing leads each client to the nearest endpoint, and ${names(serving)} would get some of them.`,
          `Switch no healthy region off for it. Give the profile Priority routing for a while; or, where all regions together can take its clients, switch ${from.name} off by hand.`,
        );
      }
      return [...enable(to), disable(from)];
    case 'Geographic':
      throw cannot(
        'Geographic routing has one endpoint for each part of the world, and nobody else is answered there when it is off.',
        'Put the regions into a nested profile with Priority routing: then this can be done, and Azure does it by itself.',
      );
    default:
      throw cannot(
        `Stamps does not know how to move clients under ${routingMethod} routing.`,
        'Move them by hand; docs/runbooks/failover-region.md says what to look at.',
      );
  }
}

/** Priority: the lowest number that is on and online gets everything. */
function byPriority(
  endpoints: readonly PlannedEndpoint[],
  serving: readonly PlannedEndpoint[],
  from: PlannedEndpoint,
  to: PlannedEndpoint,
): EndpointMove[] {
  const rival = Math.min(...serving.map(({ priority }) => priority));
  if (from.enabled && rival < from.priority) {
    throw cannot(
      `${names(serving.filter(({ priority }) => priority === rival))} comes before ${from.name} by priority, so clients are not at ${from.name}.`,
      'Fail over the region that serves them.',
    );
  }
  if (to.priority < rival) return [...enable(to), disable(from)];
  const taken = new Set(endpoints.map(({ priority }) => priority));
  const free = Array.from({ length: rival - 1 }, (_, index) => index + 1).find((priority) => !taken.has(priority));
  if (free !== undefined) return [promote(to, free), disable(from)];
  // The only number before the others is the source's own: it moves away first.
  const away = Math.max(...taken) + 1;
  if (away > 1000) throw cannot('No priority up to 1000 is free.', 'Give the endpoints smaller priorities.');
  return [
    { ...disable(from), after: { ...stateOf(from), enabled: false, priority: away } },
    promote(to, from.priority),
  ];
}

/** Weighted: what the source got goes to the target, not to everybody by their weights. */
function byWeight(serving: readonly PlannedEndpoint[], from: PlannedEndpoint, to: PlannedEndpoint): EndpointMove[] {
  if (serving.length === 0) return [...enable(to), disable(from)];
  const weight = (to.enabled ? to.weight : 0) + (from.enabled ? from.weight : 0);
  if (weight > 1000) {
    throw cannot(
      `${to.name} would need a weight of ${weight}, and 1000 is the most.`,
      'Give all endpoints smaller weights in the same proportion.',
    );
  }
  if (to.enabled && weight === to.weight) return [disable(from)];
  return [
    { id: 'promote-target-endpoint', endpoint: to, after: { ...stateOf(to), enabled: true, weight } },
    disable(from),
  ];
}

function enable(to: PlannedEndpoint): EndpointMove[] {
  return to.enabled ? [] : [{ id: 'enable-target-endpoint', endpoint: to, after: { ...stateOf(to), enabled: true } }];
}

function promote(to: PlannedEndpoint, priority: number): EndpointMove {
  return { id: 'promote-target-endpoint', endpoint: to, after: { ...stateOf(to), enabled: true, priority } };
}

function disable(from: PlannedEndpoint): EndpointMove {
  return { id: 'disable-source-endpoint', endpoint: from, after: { ...stateOf(from), enabled: false } };
}

export function stateOf({ enabled, priority, weight }: EndpointState): EndpointState {
  return { enabled, priority, weight };
}

function cannot(message: string, hint: string): OpsError {
  return new OpsError('refused', message, { hint });
}

function names(endpoints: readonly TrafficEndpoint[]): string {
  return endpoints.map(({ name }) => name).join(' and ');
}
