import type { HealthSummary } from './resource-health.ts';

/** What was read of a region just now. An absent field could not be read, or the estate has none of it. */
export interface RegionFacts {
  readonly name: string;
  readonly endpoint?: { readonly name: string; readonly enabled: boolean; readonly monitorStatus: string };
  /** Does DNS lead clients here? */
  readonly led?: boolean;
  /** What its own address answers: an HTTP status, or none at all. */
  readonly probe?: { readonly ok: boolean; readonly says: string };
  readonly origin?: { readonly name: string; readonly enabled: boolean };
  /** API Management's gateway there: switched on, and what it cannot reach of what it needs (absent: Azure did not say). */
  readonly apiGateway?: { readonly enabled: boolean; readonly unreachable?: readonly string[] };
  /** Of the cells' pools, how many have a backend that its gateway finds up, and how many none; of others it is not known. */
  readonly backends?: { readonly up: number; readonly down: number; readonly all: number };
  /** Container apps in order: provisioned, and their newest revision ready. */
  readonly apps?: { readonly ready: number; readonly all: number };
  /** Requests of the newest minute that is measured (`at`, ISO 8601) and replicas, of the cells that Azure has figures of. */
  readonly load?: {
    readonly at: string;
    readonly requestsPerSecond: number;
    readonly replicas: number;
    readonly cells: { readonly known: number; readonly all: number };
  };
  readonly sql?: 'Primary' | 'Secondary';
  readonly cosmosWrites?: boolean;
  /** Cells that serve tenants, not standbys. */
  readonly serves: boolean;
}

/** Who switched something off: a run of ours that holds it, or somebody by hand, after Azure's activity log. */
export type Touch =
  | { readonly by: 'run'; readonly runId: string; readonly reason: string; readonly held: boolean }
  | { readonly by: 'person'; readonly caller: string; readonly at: string };

/** `impaired`: it serves, but not with all of its cells. */
export type RegionStanding = 'well' | 'impaired' | 'broken' | 'off' | 'not-known';

export interface RegionVerdict {
  readonly facts: RegionFacts;
  readonly standing: RegionStanding;
  /** Sources that do not say the same, as lines of words. */
  readonly disagreements: readonly string[];
  readonly touch?: Touch;
  /** Azure's own word on its gateway, its key vault and its cells' resources; absent: it could not be read. */
  readonly health?: HealthSummary;
}

/** What becomes of a region's data when another takes over. */
export interface DataOutlook {
  /** SQL or storage would be forced or left behind: who asks for it must accept that. */
  readonly losesData: boolean;
  /** What people must know of it, as sentences. */
  readonly says: readonly string[];
}

/** `because`: what was seen of the region that is left, for whoever approves it. */
export type Failover = {
  readonly kind: 'failover';
  readonly from: string;
  readonly to: string;
  readonly because: string;
};
export type Proposal = (Failover & DataOutlook) | { readonly kind: 'failback'; readonly region: string };

/**
 * How a region stands. It is broken when what is seen of it from outside or by its gateway says so, whatever is
 * configured; impaired when its gateway finds a part of it down; off when its endpoint is switched off; not known when
 * too little could be read.
 */
export function standingOf(facts: RegionFacts): RegionStanding {
  const { endpoint, probe, backends } = facts;
  if (endpoint && !endpoint.enabled) return 'off';
  const seen = [
    probe?.ok,
    endpoint && (isSeenDown(endpoint) ? false : endpoint.monitorStatus === 'Online' ? true : undefined),
    backends && (backends.up === backends.all ? true : backends.down === backends.all ? false : undefined),
  ].filter((says) => says !== undefined);
  if (seen.includes(false)) return 'broken';
  if (backends && backends.down > 0) return 'impaired';
  return seen.length === 0 ? 'not-known' : 'well';
}

/**
 * Does Traffic Manager itself find the region down? What is switched off it does not watch, and every other status is
 * either well or not known (MicrosoftDocs, “Traffic Manager endpoint monitoring”, “Endpoint monitor status”).
 */
export function isSeenDown({
  enabled,
  monitorStatus,
}: Pick<NonNullable<RegionFacts['endpoint']>, 'enabled' | 'monitorStatus'>): boolean {
  return enabled && (monitorStatus === 'Degraded' || monitorStatus === 'Stopped');
}

/** Of how many pools the gateway finds no backend up; undefined: of none. */
export function backendsDown({ backends }: RegionFacts): string | undefined {
  return backends && backends.down > 0
    ? `the gateway finds ${backends.down} of ${backends.all} backends down`
    : undefined;
}

/** What is seen of a region that is broken, as one sentence without its end. */
function brokenWords(facts: RegionFacts): string {
  const { endpoint, probe } = facts;
  return [
    endpoint && isSeenDown(endpoint) ? `Traffic Manager finds it ${endpoint.monitorStatus}` : '',
    probe && !probe.ok ? `its probe says: ${probe.says}` : '',
    backendsDown(facts) ?? '',
  ]
    .filter((seen) => seen !== '')
    .join('; ');
}

/** Where two sources do not say the same. Nothing is made of what is not known. */
export function disagreementsOf(facts: RegionFacts): string[] {
  const { endpoint, led, probe, origin, apiGateway, backends, apps, sql, cosmosWrites } = facts;
  const lines: string[] = [];
  if (endpoint?.enabled && probe) {
    if (endpoint.monitorStatus === 'Online' && !probe.ok)
      lines.push(`Traffic Manager finds it Online, but its probe says: ${probe.says}`);
    if (isSeenDown(endpoint) && probe.ok)
      lines.push(`Traffic Manager finds it ${endpoint.monitorStatus}, but its probe answers`);
  }
  if (led && endpoint && !endpoint.enabled) lines.push('its endpoint is off, but DNS still leads clients there');
  if (led && probe && !probe.ok) lines.push('DNS leads clients there, but it does not answer them');
  if (endpoint && origin && endpoint.enabled !== origin.enabled)
    lines.push(`its endpoint is ${onOff(endpoint.enabled)}, but its origin in Front Door is ${onOff(origin.enabled)}`);
  if (endpoint?.enabled && apiGateway && !apiGateway.enabled)
    lines.push('its endpoint is on, but its gateway in API Management is off');
  const lacking = apiGateway?.enabled ? (apiGateway.unreachable ?? []) : [];
  if (probe?.ok && lacking.length > 0)
    lines.push(`its probe answers, but its gateway in API Management does not reach ${lacking.join(', ')}`);
  if (backends && apps && backends.up === backends.all && apps.ready < apps.all)
    lines.push(`the gateway finds every backend up, but ${apps.all - apps.ready} of ${apps.all} apps are not ready`);
  if (endpoint && !endpoint.enabled && (sql === 'Primary' || cosmosWrites))
    lines.push(
      `its endpoint is off, but ${[sql === 'Primary' && 'SQL', cosmosWrites && 'Cosmos'].filter(Boolean).join(' and ')} still takes writes there`,
    );
  if (sql !== undefined && cosmosWrites !== undefined && (sql === 'Primary') !== cosmosWrites)
    lines.push(
      sql === 'Primary' ? 'SQL takes writes there, Cosmos elsewhere' : 'Cosmos takes writes there, SQL elsewhere',
    );
  return lines;
}

/**
 * A region that is broken and has clients fails over to one that stands by for it and is well; else to one of which a
 * part is down: the guards know whether that part is needed.
 */
export function failoversOf(
  regions: readonly Pick<RegionVerdict, 'facts' | 'standing'>[],
  standbyOf: (from: string, to: string) => boolean,
): Failover[] {
  return regions.flatMap(({ facts, standing }): Failover[] => {
    if (standing !== 'broken' || !facts.serves) return [];
    const standsBy = (wanted: RegionStanding) =>
      regions.find((it) => it.standing === wanted && standbyOf(facts.name, it.facts.name));
    const to = standsBy('well') ?? standsBy('impaired');
    return to ? [{ kind: 'failover', from: facts.name, to: to.facts.name, because: brokenWords(facts) }] : [];
  });
}

/** One that a lease of ours keeps off, and that could serve again, fails back. What a person switched off is theirs. */
export function failbacksOf(verdicts: readonly RegionVerdict[]): Proposal[] {
  return verdicts.flatMap(({ facts, standing, touch }): Proposal[] => {
    const held = touch?.by === 'run' && touch.held;
    return standing === 'off' && held && facts.probe?.ok ? [{ kind: 'failback', region: facts.name }] : [];
  });
}

function onOff(enabled: boolean): string {
  return enabled ? 'on' : 'off';
}
