import type { Estate } from '../../../src/domain/estate.ts';
import type { Json } from '../../../src/domain/json.ts';
import { sameState } from '../../../src/domain/plan.ts';
import {
  type SqlDatabase,
  type SqlOffer,
  type SqlReplica,
  type SqlTierState,
  tierWords,
} from '../../../src/domain/sql-tier.ts';
import { OpsError } from '../../../src/errors.ts';
import type { SqlTiersPort } from '../../../src/ports/azure.ts';

const gigabyte = 1024 ** 3;

/** S0 to S6, as “DTU resource limits” (Azure SQL documentation) has them. */
export const standardOffers: readonly SqlOffer[] = [10, 20, 50, 100, 200, 400].map((capacity, index) => ({
  ...{ objective: `S${[0, 1, 2, 3, 4, 6][index]}`, sku: 'Standard', tier: 'Standard', family: '', capacity },
  ...{ zoneRedundant: false, mostBytes: (capacity < 100 ? 250 : 1_024) * gigabyte },
}));

export const vCoreOffers: readonly SqlOffer[] = [2, 4, 6].map((capacity) => ({
  ...{ objective: `GP_Gen5_${capacity}`, sku: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity },
  ...{ zoneRedundant: capacity > 2, mostBytes: 1_024 * gigabyte },
}));

export function tierNamed(objective: string): SqlTierState {
  const offer = [...standardOffers, ...vCoreOffers].find((one) => one.objective === objective);
  if (!offer) throw new Error(`there is no ${objective}`);
  const { sku, tier, family, capacity } = offer;
  return { objective, sku, tier, family, capacity };
}

/** A database by itself, S3, of at most 250 GB, for each cell. */
export function createFakeSqlTiers(estate: Estate, failing: (call: string) => void) {
  const databases = new Map<string, SqlDatabase>();
  const links = new Map<string, SqlReplica[]>();
  const offers: SqlOffer[] = [...standardOffers, ...vCoreOffers];
  /** Percent in every window, by database; absent: no data. */
  const loads = new Map<string, number>();
  /** Which was written to which, in order. */
  const written: string[] = [];

  const add = (id: string, location: string) =>
    databases.set(id, {
      ...{ id, location, status: 'Online', tier: tierNamed('S3'), kind: 'v12.0,user' },
      ...{ mostBytes: 250 * gigabyte, zoneRedundant: false, changing: false },
    });
  for (const { sqlDatabaseId, region } of estate.cells) add(sqlDatabaseId, region);

  const found = (id: string): SqlDatabase => {
    const database = databases.get(id);
    if (!database) throw new OpsError('not-found', `Azure has no ${id}.`, { service: 'Azure' });
    return database;
  };
  const port: SqlTiersPort = {
    kind: 'sql-tier',
    async read({ id }) {
      failing('sqlTiers.read');
      const database = databases.get(id);
      return { state: database ? database.tier : null };
    },
    async write({ id }, to) {
      failing('sqlTiers.write');
      if (!to) throw new OpsError('refused', 'Stamps removes no databases.');
      databases.set(id, { ...found(id), tier: to });
      written.push(`${id.split('/').at(-3)} ${to.objective}`);
      return {};
    },
    equals: (a, b) => sameState(a, b),
    describe: (before, after) => `${before ? tierWords(before) : 'none'} → ${after ? tierWords(after) : 'none'}`,
    async database(id) {
      failing('sqlTiers.database');
      return found(id);
    },
    async replicas(id) {
      failing('sqlTiers.replicas');
      return links.get(id) ?? [];
    },
    async offers() {
      failing('sqlTiers.offers');
      return offers;
    },
    async load(ids, { from, to }) {
      failing('sqlTiers.load');
      const ends = Array.from({ length: (to - from) / 300_000 }, (_, index) => from + (index + 1) * 300_000);
      return new Map(
        ids.flatMap((id) => {
          const percent = loads.get(id);
          return percent === undefined ? [] : [[id, { percent: new Map(ends.map((end) => [end, percent])) }] as const];
        }),
      );
    },
  };
  return {
    ...{ port, databases, links, offers, loads, written },
    change: (id: string, to: Partial<SqlDatabase>) => databases.set(id, { ...found(id), ...to }),
    /** Gives it a geo-secondary in another region, of the same size; answers with its id. */
    replicate(id: string, location: string): string {
      const partner = id.replace(/servers\/[^/]+/, `servers/sql-geo-${location}`);
      databases.set(partner, { ...found(id), id: partner, location });
      links.set(id, [{ id: partner, ownRole: 'Primary' }]);
      links.set(partner, [{ id, ownRole: 'Secondary' }]);
      return partner;
    },
    configuration: (): Json => Object.fromEntries([...databases].map(([id, { tier }]) => [id, tier.objective])),
  };
}
