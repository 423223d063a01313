/** Which way a database's compute goes: more of it, or less. */
export type SqlDirection = 'up' | 'down';

/** What a database is bought as. `sku`, `tier` and `family` together are a ladder; `capacity` is its step there. */
export type SqlTierState = {
  /** `S3`, `GP_Gen5_4`. */
  objective: string;
  /** `Standard`, `GP_Gen5`. */
  sku: string;
  /** `Standard`, `GeneralPurpose`. */
  tier: string;
  /** `Gen5`; empty where it is bought by DTUs. */
  family: string;
  /** DTUs, or vCores. */
  capacity: number;
};

/** A SQL database as Azure tells it. */
export interface SqlDatabase {
  /** ARM id. */
  readonly id: string;
  /** Azure's short form, `eastus`. */
  readonly location: string;
  /** `Online`, `Paused`, `Restoring`, … (as Azure says). */
  readonly status: string;
  readonly tier: SqlTierState;
  /** Words of Azure's, with commas between: `v12.0,user,vcore,serverless`. */
  readonly kind: string;
  /** ARM id of the elastic pool that it is in. */
  readonly poolId?: string;
  /** What it may grow to, in bytes; absent: not known. */
  readonly mostBytes?: number;
  readonly zoneRedundant: boolean;
  /** Another objective was asked for, and is not there yet. */
  readonly changing: boolean;
}

/** The other end of a replication link. */
export interface SqlReplica {
  /** ARM id of that database. */
  readonly id: string;
  /** What this database is to it: a primary scales its secondaries along. */
  readonly ownRole: 'Primary' | 'Secondary';
}

/** A service objective that a location sells to the subscription. */
export interface SqlOffer extends SqlTierState {
  readonly zoneRedundant: boolean;
  /** The largest database that it takes, in bytes; absent: not known. */
  readonly mostBytes?: number;
}

/** How full a database was. What was measured of another size is told in percent of the newest, so that all compare. */
export interface SqlLoad {
  /** By the end of each window of five minutes, ms since 1970: percent of DTUs, or of CPU where it is bought by vCores. */
  readonly percent: ReadonlyMap<number, number>;
  /** The capacity of which that is, as the newest window has it; absent: not known. */
  readonly of?: number;
}

/** “Purchasing models”, Azure SQL documentation: these three are bought by DTUs. */
const byDtus = ['Basic', 'Standard', 'Premium'];
const byVCores = ['GeneralPurpose', 'BusinessCritical'];

export function isBoughtByDtus({ tier }: Pick<SqlTierState, 'tier'>): boolean {
  return byDtus.includes(tier);
}

/** `S3 (100 DTUs)`, `GP_Gen5_4 (4 vCores)`; in an elastic pool, where it has none of its own, `ElasticPool`. */
export function tierWords(state: Pick<SqlTierState, 'objective' | 'tier' | 'capacity'>): string {
  return state.capacity === 0 ? state.objective : `${state.objective} (${capacityWords(state)})`;
}

/** `100 DTUs`, `1 vCore`. */
export function capacityWords({ tier, capacity }: Pick<SqlTierState, 'tier' | 'capacity'>): string {
  return `${capacity} ${isBoughtByDtus({ tier }) ? 'DTU' : 'vCore'}${capacity === 1 ? '' : 's'}`;
}

/** Why Stamps scales no such database, as a sentence; undefined: it does. */
export function whyNotScaled(
  database: Pick<SqlDatabase, 'tier' | 'kind' | 'poolId'>,
  replicas: readonly SqlReplica[],
): string | undefined {
  const { tier, kind, poolId } = database;
  const named = (id: string) => id.split('/').at(-1) ?? '';
  if (poolId !== undefined || tier.sku === 'ElasticPool')
    return `It shares the elastic pool ${named(poolId ?? '')}: the pool is what is scaled, for all that are in it.`;
  if (/\bserverless\b/.test(kind) || /_S_/.test(`${tier.sku}_`))
    return 'It is serverless: Azure scales it by itself, between limits that are set by hand.';
  if (tier.tier === 'Hyperscale') return 'It is Hyperscale: its replicas and its named replicas are scaled by hand.';
  if (!byDtus.includes(tier.tier) && !byVCores.includes(tier.tier))
    return `Its tier ${tier.tier} is none that Stamps scales.`;
  const primary = replicas.find(({ ownRole }) => ownRole === 'Secondary');
  if (primary) return `It is a secondary of ${named(primary.id)}: that one is scaled, and this one along with it.`;
  return undefined;
}

/** The name says it all: how Azure spells the rest of it may differ from one answer to the next. */
export function sameObjective(a: Pick<SqlTierState, 'objective'>, b: Pick<SqlTierState, 'objective'>): boolean {
  return a.objective.toLowerCase() === b.objective.toLowerCase();
}

/** The objectives of the same tier and family that a database may have, the smallest first. */
export function ladderOf(
  { tier, zoneRedundant }: Pick<SqlDatabase, 'tier' | 'zoneRedundant'>,
  offers: readonly SqlOffer[],
): SqlOffer[] {
  const own = offers.find((offer) => sameObjective(offer, tier)) ?? tier;
  return offers
    .filter((offer) => sameLadder(offer, own))
    .filter((offer) => !zoneRedundant || offer.zoneRedundant)
    .toSorted((a, b) => a.capacity - b.capacity);
}

/** What a database would become, or why it would not. */
export type SqlStep = { readonly to: SqlTierState } | { readonly none: string };

/** Exactly one objective up or down. A smaller one must take what the database may grow to. */
export function nextObjective(
  database: Pick<SqlDatabase, 'tier' | 'zoneRedundant' | 'mostBytes'>,
  offers: readonly SqlOffer[],
  direction: SqlDirection,
): SqlStep {
  const { tier } = database;
  const ladder = ladderOf(database, offers);
  const next =
    direction === 'up'
      ? ladder.find(({ capacity }) => capacity > tier.capacity)
      : ladder.findLast(({ capacity }) => capacity < tier.capacity);
  if (ladder.length === 0) return { none: `Its location sells nothing of the kind of ${tierWords(tier)} now.` };
  if (!next)
    return {
      none: `${tierWords(tier)} is the ${direction === 'up' ? 'largest' : 'smallest'} of its kind that its location sells.`,
    };
  const tooLarge = direction === 'down' ? whyTooLarge(database, next) : undefined;
  return tooLarge === undefined ? { to: stateOf(next) } : { none: tooLarge };
}

/** The objective of this name, in the same tier and family; undefined: its location sells none. */
export function objectiveNamed(
  database: Pick<SqlDatabase, 'tier' | 'zoneRedundant'>,
  offers: readonly SqlOffer[],
  name: string,
): SqlOffer | undefined {
  return ladderOf(database, offers).find((offer) => sameObjective(offer, { objective: name }));
}

/** Why an objective does not take the database, as a sentence; undefined: it does. Not known is not small. */
export function whyTooLarge({ mostBytes }: Pick<SqlDatabase, 'mostBytes'>, offer: SqlOffer): string | undefined {
  if (mostBytes === undefined || offer.mostBytes === undefined)
    return `Azure does not say whether ${offer.objective} takes what the database may grow to.`;
  if (mostBytes <= offer.mostBytes) return undefined;
  return `The database may grow to ${gigabytes(mostBytes)}, and ${offer.objective} takes ${gigabytes(offer.mostBytes)}: set its largest size lower first.`;
}

export function stateOf({ objective, sku, tier, family, capacity }: SqlTierState): SqlTierState {
  return { objective, sku, tier, family, capacity };
}

/** A load in percent of what a database has, in percent of what it would have. */
export function loadAt(
  percent: number,
  from: Pick<SqlTierState, 'capacity'>,
  to: Pick<SqlTierState, 'capacity'>,
): number {
  return (percent * from.capacity) / to.capacity;
}

function gigabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 3).toLocaleString('en-GB')} GB`;
}

/** Are both steps of one ladder? */
export function sameLadder(a: SqlTierState, b: SqlTierState): boolean {
  return a.sku === b.sku && a.tier === b.tier && a.family === b.family;
}
