import { z } from 'zod';
import {
  type SqlDatabase,
  type SqlLoad,
  type SqlOffer,
  type SqlReplica,
  type SqlTierState,
  sameObjective,
  tierWords,
} from '../../domain/sql-tier.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { SqlTiersPort } from '../../ports/azure.ts';
import type { MetricPoint, MetricsPort } from '../../ports/monitor.ts';
import { armList, subscriptionPath } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { operationOf, pollOperation, receipt } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { shortRegion } from './short-region.ts';

/** Stable (azure-rest-api-specs, Microsoft.Sql, Databases.json, ReplicationLinks.json, LocationCapabilities.json). */
const apiVersion = '2023-08-01';
const databaseType = 'Microsoft.Sql/servers/databases';
const windowMs = 5 * 60_000;

const sku = z.looseObject({
  name: z.string(),
  tier: z.string().nullish(),
  family: z.string().nullish(),
  capacity: z.number().nullish(),
});
const databaseSchema = z.looseObject({
  location: z.string(),
  kind: z.string().nullish(),
  sku: sku.nullish(),
  properties: z.looseObject({
    status: z.string().default('Unknown'),
    currentSku: sku.nullish(),
    currentServiceObjectiveName: z.string(),
    requestedServiceObjectiveName: z.string().nullish(),
    elasticPoolId: z.string().nullish(),
    maxSizeBytes: z.number().nullish(),
    zoneRedundant: z.boolean().nullish(),
  }),
});
const linkSchema = z.looseObject({
  properties: z.looseObject({
    role: z.string(),
    linkType: z.string().nullish(),
    partnerDatabaseId: z.string().nullish(),
  }),
});
const size = z.looseObject({ limit: z.number(), unit: z.string() }).nullish();
const objective = z.looseObject({
  name: z.string(),
  status: z.string().nullish(),
  sku: sku.nullish(),
  zoneRedundant: z.boolean().nullish(),
  supportedMaxSizes: z.array(z.looseObject({ status: z.string().nullish(), maxValue: size })).nullish(),
});
const edition = z.looseObject({
  status: z.string().nullish(),
  supportedServiceLevelObjectives: z.array(objective).nullish(),
});
const version = z.looseObject({ name: z.string(), supportedEditions: z.array(edition).nullish() });
const capabilities = z.looseObject({ supportedServerVersions: z.array(version).nullish() });

/** Of what is only `Visible` or `Disabled`, the subscription gets none. */
const sold = ({ status }: { status?: string | null | undefined }) => /^(available|default)$/i.test(status ?? '');
const bytes: Readonly<Record<string, number>> = {
  Megabytes: 1024 ** 2,
  Gigabytes: 1024 ** 3,
  Terabytes: 1024 ** 4,
  Petabytes: 1024 ** 5,
};

/** What SQL databases are bought as. */
export function createSqlTiers({ arm, call, clock }: AzureContext, metrics: MetricsPort): SqlTiersPort {
  async function database(id: string, signal: AbortSignal): Promise<SqlDatabase> {
    const [server, name] = parseArmId(id, databaseType).names;
    return call.read(`read the database ${name} on ${server}`, signal, async (signal) =>
      inOurWords(id, databaseSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body)),
    );
  }

  return {
    kind: 'sql-tier',
    equals: (a, b) => (a && b ? sameObjective(a, b) : a === b),
    describe: (before, after) => `service objective: ${word(before)} → ${word(after)}`,
    database,

    async read(ref, signal) {
      try {
        const { tier, status, changing } = await database(ref.id, signal);
        return { state: tier, busy: changing || status === 'Scaling' };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const [server, name] = parseArmId(ref.id, databaseType).names;
      if (!to) throw new OpsError('refused', `Stamps removes no databases: ${name} stays.`);
      const resource = { path: ref.id, apiVersion };
      const { sku, tier, family, capacity } = to;
      const body = { sku: { name: sku, tier, ...(family !== '' && { family }), capacity } };
      return call.write(`scale the database ${name} on ${server}`, signal, async (signal) =>
        receipt(operationOf(await arm.send({ method: 'PATCH', ...resource, body }, signal), arm, resource)),
      );
    },

    poll: (operation, signal) =>
      call.read('follow a scaling of SQL', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async pending(ref, state, signal) {
      if (!state) return null;
      const { status, changing } = await database(ref.id, signal);
      if (changing) return 'another service objective is asked for';
      return status === 'Online' ? null : `the database is ${status}, not Online`;
    },

    async replicas(id, signal) {
      const [server, name] = parseArmId(id, databaseType).names;
      const links = await call.read(`read the replicas of ${name} on ${server}`, signal, (signal) =>
        armList(arm, { path: `${id}/replicationLinks`, apiVersion }, linkSchema, signal),
      );
      return links.map(({ properties: { role, partnerDatabaseId } }): SqlReplica => {
        if (!partnerDatabaseId)
          throw new OpsError('bad-response', `Azure does not say where ${name} is replicated to.`, {
            service: 'Azure',
          });
        // It came out of an answer: checked like an id that people wrote.
        parseArmId(partnerDatabaseId, databaseType);
        return { id: partnerDatabaseId, ownRole: /^(primary|source)$/i.test(role) ? 'Primary' : 'Secondary' };
      });
    },

    async offers({ id, location }, signal) {
      const { subscriptionId } = parseArmId(id, databaseType);
      if (!/^[a-z0-9]{2,40}$/.test(location))
        throw new OpsError('bad-response', `“${location}” is no location of Azure’s.`);
      const path = `${subscriptionPath(subscriptionId)}/providers/Microsoft.Sql/locations/${location}/capabilities?include=supportedEditions`;
      const { supportedServerVersions } = await call.read(
        `read what ${location} sells of SQL`,
        signal,
        async (signal) => capabilities.parse((await arm.send({ method: 'GET', path, apiVersion }, signal)).body),
      );
      return (supportedServerVersions ?? [])
        .filter(({ name }) => name === '12.0')
        .flatMap(({ supportedEditions }) => supportedEditions ?? [])
        .filter(sold)
        .flatMap(({ supportedServiceLevelObjectives }) => supportedServiceLevelObjectives ?? [])
        .filter(sold)
        .flatMap(offerIn);
    },

    async load(ids, { metricsUrl, from, to }, signal) {
      const { series } = await metrics.query(
        {
          resourceIds: ids,
          namespace: databaseType,
          metrics: [
            { name: 'dtu_consumption_percent', aggregation: 'average' },
            { name: 'cpu_percent', aggregation: 'average' },
            { name: 'dtu_limit', aggregation: 'average' },
            { name: 'cpu_limit', aggregation: 'average' },
          ],
          ...{ metricsUrl, from, to, interval: 'PT5M' },
        },
        signal,
      );
      return new Map(
        ids.flatMap((id) => {
          const own = series.get(id);
          // DTUs are the fullest of CPU, data and log; a database that is bought by vCores has none.
          const dtus = own?.get('dtu_consumption_percent') ?? [];
          if (dtus.length > 0) return [[id, loadOf(dtus, own?.get('dtu_limit') ?? [])]];
          const cpu = own?.get('cpu_percent') ?? [];
          return cpu.length === 0 ? [] : [[id, loadOf(cpu, own?.get('cpu_limit') ?? [])]];
        }),
      );
    },
  };
}

/** A window in which the database had half of what it has now was half as full of that. */
function loadOf(points: readonly MetricPoint[], limits: readonly MetricPoint[]): SqlLoad {
  const limitAt = new Map(limits.map(({ at, value }) => [at, value]));
  const newest = limitAt.get(points.at(-1)?.at ?? 0);
  const percent = points.map(({ at, value }): [number, number] => [
    at + windowMs,
    newest === undefined ? value : (value * (limitAt.get(at) ?? newest)) / newest,
  ]);
  return { percent: new Map(percent), ...(newest !== undefined && { of: newest }) };
}

function inOurWords(id: string, { location, kind, sku, properties }: z.infer<typeof databaseSchema>): SqlDatabase {
  const { currentSku, currentServiceObjectiveName, requestedServiceObjectiveName } = properties;
  const now = currentSku ?? sku;
  return {
    id,
    location: shortRegion(location),
    status: properties.status,
    tier: tierIn(currentServiceObjectiveName, now),
    kind: kind ?? '',
    ...(properties.elasticPoolId && { poolId: properties.elasticPoolId }),
    ...(typeof properties.maxSizeBytes === 'number' && { mostBytes: properties.maxSizeBytes }),
    zoneRedundant: properties.zoneRedundant === true,
    changing: requestedServiceObjectiveName != null && requestedServiceObjectiveName !== currentServiceObjectiveName,
  };
}

function tierIn(objective: string, now: z.infer<typeof sku> | null | undefined): SqlTierState {
  const { name = '', tier, family, capacity } = now ?? {};
  return { objective, sku: name, tier: tier ?? name, family: family ?? '', capacity: capacity ?? 0 };
}

function offerIn({ name, sku, zoneRedundant, supportedMaxSizes }: z.infer<typeof objective>): SqlOffer[] {
  if (!sku || typeof sku.capacity !== 'number') return [];
  const sizes = (supportedMaxSizes ?? []).filter(sold).flatMap(({ maxValue }) => {
    const unit = bytes[maxValue?.unit ?? ''];
    return maxValue && unit !== undefined ? [maxValue.limit * unit] : [];
  });
  return [
    {
      ...tierIn(name, sku),
      zoneRedundant: zoneRedundant === true,
      ...(sizes.length > 0 && { mostBytes: Math.max(...sizes) }),
    },
  ];
}

function word(state: SqlTierState | null): string {
  return state ? tierWords(state) : 'none';
}
