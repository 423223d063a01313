import { z } from 'zod';
import { hourMs, secondMs } from './duration.ts';
import { backendPoolId, type Cell, type Estate } from './estate.ts';
import { kpiIds } from './kpi.ts';
import { didYouMean, durationSetting, faulty, readYaml } from './yaml-file.ts';

/** What the environment decides over the file. */
export interface EstateOverrides {
  readonly subscriptionId?: string | undefined;
  /** One address for all regions. */
  readonly metricsUrl?: string | undefined;
}

const types = {
  containerApp: 'Microsoft.App/containerApps',
  gateway: 'Microsoft.Network/applicationGateways',
  healthAlert: 'Microsoft.Insights/metricAlerts',
  suppression: 'Microsoft.AlertsManagement/actionRules',
  trafficManager: 'Microsoft.Network/trafficManagerProfiles',
  frontDoor: 'Microsoft.Cdn/profiles',
  apim: 'Microsoft.ApiManagement/service',
  storage: 'Microsoft.Storage/storageAccounts',
  sqlDatabase: 'Microsoft.Sql/servers/databases',
  cosmosAccount: 'Microsoft.DocumentDB/databaseAccounts',
  sqlServer: 'Microsoft.Sql/servers',
  keyVault: 'Microsoft.KeyVault/vaults',
  automation: 'Microsoft.Automation/automationAccounts',
} as const;
type ResourceType = keyof typeof types;

/** The naming profile `guide`: the names of the operations guide. */
const guide = {
  containerApp: (cell: string) => `app-${cell}`,
  backendPool: (cell: string) => `${cell}-backend`,
  healthAlert: (cell: string) => `${cell}-Health-Alert`,
  suppression: (cell: string) => `stamps-silence-${cell}`,
  gateway: 'agw-stamps',
  trafficManager: 'tm-stamps',
  frontDoor: 'fd-stamps',
  apim: 'apim-stamps',
  tenantSubscription: '{tenant}-subscription',
  // An account's name is 3 to 24 small letters and digits.
  storage: (cell: string) => `st${cell.replaceAll('-', '')}`.slice(0, 24),
  sqlServer: 'sql-stamps',
  sqlDatabase: (cell: string) => `sql-${cell}`,
  failoverGroup: 'fog-stamps',
  globalResourceGroup: 'rg-stamps-production',
} as const;

const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,40}$/, 'must be 2 to 41 small letters, digits and dashes, beginning with a letter');
const resourceGroup = z.string().regex(/^[\w().-]{1,90}$/, 'must be the name of a resource group');
const resourceName = z.string().regex(/^[\w.-]{1,80}$/, 'must be the name of an Azure resource');
const https = z
  .url({ protocol: /^https$/, error: 'must be an https:// address' })
  .transform((url) => url.replace(/\/+$/, ''));
const address = z
  .string()
  .regex(/^(?=.{1,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/, 'must be a host name in small letters or an IP address');

/** A resource's name, or its whole ARM id when it lives elsewhere. */
function resource(type: ResourceType) {
  const id = new RegExp(
    `^/subscriptions/[\\w-]{36}/resourceGroups/[\\w().-]{1,90}/providers/${types[type]}/[\\w.-]{1,80}$`,
    'i',
  );
  return z.string().refine((value) => /^[\w.-]{1,80}$/.test(value) || id.test(value), {
    error: `must be a name, or an ARM id of a ${types[type]}`,
  });
}

/** A database on its server: `sql-stamps/databases/sql-cell-banking`, or its whole ARM id. */
const sqlDatabase = z
  .string()
  .regex(
    /^(?:\/subscriptions\/[\w-]{36}\/resourceGroups\/[\w().-]{1,90}\/providers\/Microsoft.Sql\/servers\/)?[\w.-]{1,80}\/databases\/[\w.-]{1,128}$/i,
    'must be <server>/databases/<database>, or an ARM id of a Microsoft.Sql/servers/databases',
  );

const dnsServer = z
  .string()
  .regex(
    /^(\d{1,3}(\.\d{1,3}){3}|\[[\da-f:]+\])(:\d{1,5})?$|^[\da-f:]+$/i,
    'must be an IP address, with or without a port',
  );

/** As Statuspage makes them: `kctbh9vrtdwd`. */
const statusComponent = z.string().regex(/^[a-z0-9]{6,40}$/, 'must be the id of a component of the status page');

const variable = z.string().regex(/^[A-Za-z_][\w.-]{0,99}$/, 'must be the name of an environment variable');

const mostTenants = z.int().positive().max(1_000_000);

function cellSchema(names: readonly string[]) {
  const other = z.string().refine((named) => names.includes(named), {
    error: ({ input }) => `names the cell “${input}”, which is not in this file${didYouMean(String(input), names)}`,
  });
  return z
    .strictObject({
      name: shortName.refine((name) => names.indexOf(name) === names.lastIndexOf(name), 'is the name of two cells'),
      role: z.enum(['active', 'standby']),
      requestsPerSecondPerReplica: z.number().positive().max(1_000_000),
      mostTenants: mostTenants.optional(),
      fallback: z
        .strictObject({ cell: other.optional(), addresses: z.array(address).min(1).max(100).optional() })
        .refine((it) => (it.cell === undefined) !== (it.addresses === undefined), 'must have either cell or addresses')
        .optional(),
      statusComponent: statusComponent.optional(),
      protected: z.string().min(1).max(200).optional(),
      resourceGroup: resourceGroup.optional(),
      containerApp: resource('containerApp').optional(),
      gateway: resource('gateway').optional(),
      backendPool: resourceName.optional(),
      healthAlert: resource('healthAlert').optional(),
      suppression: resource('suppression').optional(),
      storage: resource('storage').optional(),
      sqlDatabase: sqlDatabase.optional(),
      data: z
        .strictObject({
          cosmosAccount: resource('cosmosAccount').optional(),
          sqlVariable: variable.optional(),
          cosmosVariable: variable.optional(),
        })
        .optional(),
    })
    .refine((cell) => cell.fallback?.cell !== cell.name, { path: ['fallback'], error: 'must be another cell' });
}

/** Targets and alerts of this estate, by the indicator's id. */
const kpiBounds = z
  .partialRecord(z.enum(kpiIds), z.strictObject({ target: z.number().nonnegative(), alert: z.number().nonnegative() }))
  .default({});

function estateSchema(raw: unknown) {
  const { cells, regions } = namesIn(raw);
  return z.strictObject({
    version: z.literal(1),
    subscriptionId: z.guid('must be the id of an Azure subscription, a GUID').optional(),
    naming: z.literal('guide').default('guide'),
    tenants: z.strictObject({ endpoint: https, database: resourceName, container: resourceName }),
    drain: durationSetting({ leastMs: 0, mostMs: hourMs }).default(30 * secondMs),
    trafficManager: resource('trafficManager').optional(),
    frontDoor: resource('frontDoor').optional(),
    apim: z
      .strictObject({
        service: resource('apim').optional(),
        region: shortName.optional(),
        tenantSubscription: z
          .string()
          .regex(/^[\w-]*\{tenant\}[\w-]*$/, 'must have {tenant} in it, and else letters, digits and dashes')
          .optional(),
      })
      .default({}),
    logsWorkspaceId: z.guid('must be the workspace’s own id, a GUID').optional(),
    kpis: kpiBounds,
    mostTenantsPerCell: mostTenants.optional(),
    publicHost: address.optional(),
    dnsServers: z.array(dnsServer).max(4).default([]),
    originGroup: resourceName.optional(),
    cosmosAccount: resource('cosmosAccount').optional(),
    regions: z
      .array(
        z.strictObject({
          name: shortName.refine(
            (name) => regions.indexOf(name) === regions.lastIndexOf(name),
            'is the name of two regions',
          ),
          resourceGroup,
          gateway: resource('gateway').optional(),
          metricsUrl: https.optional(),
          endpoint: resourceName.optional(),
          origin: resourceName.optional(),
          probe: https.optional(),
          statusComponent: statusComponent.optional(),
          sqlServer: resource('sqlServer').optional(),
          failoverGroup: resourceName.optional(),
          keyVault: resource('keyVault').optional(),
          automation: resource('automation').optional(),
          cells: z.array(cellSchema(cells)),
        }),
      )
      .min(1)
      .refine((all) => all.some((region) => region.cells.length > 0), 'must have at least one cell in all'),
  });
}
type EstateFile = z.output<ReturnType<typeof estateSchema>>;
type RegionEntry = EstateFile['regions'][number];
type CellEntry = RegionEntry['cells'][number];

/**
 * estate.yml → Estate, with ARM ids made from the naming profile and the overrides of each cell.
 * Throws one `misconfigured` that names all faults: unknown settings, names used twice, a fallback that does not
 * exist, two cells on one resource.
 */
export function parseEstate(yamlText: string, overrides: EstateOverrides = {}): Estate {
  const file = readYaml(yamlText, 'estate file', estateSchema);
  const subscriptionId = overrides.subscriptionId ?? file.subscriptionId;
  if (subscriptionId === undefined)
    throw faulty('estate file', ['subscriptionId is missing, and so is AZURE_SUBSCRIPTION_ID.']);

  const id = (type: ResourceType, group: string, name: string) =>
    name.startsWith('/')
      ? name
      : `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${types[type]}/${name}`;

  const databaseId = (group: string, name: string) =>
    name.startsWith('/')
      ? name
      : `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Sql/servers/${name}`;
  const metricsUrlOf = (region: string, own?: string) =>
    overrides.metricsUrl ?? own ?? `https://${region}.metrics.monitor.azure.com`;

  const dataOf = (group: string, { cosmosAccount, sqlVariable, cosmosVariable }: NonNullable<CellEntry['data']>) => ({
    ...(cosmosAccount !== undefined && { cosmosAccountId: id('cosmosAccount', group, cosmosAccount) }),
    ...(sqlVariable !== undefined && { sqlVariable }),
    ...(cosmosVariable !== undefined && { cosmosVariable }),
  });

  const cellOf = (region: RegionEntry, cell: CellEntry): Cell => {
    const group = cell.resourceGroup ?? region.resourceGroup;
    const tenantsAtMost = cell.mostTenants ?? file.mostTenantsPerCell;
    return {
      name: cell.name,
      region: region.name,
      role: cell.role,
      containerAppId: id('containerApp', group, cell.containerApp ?? guide.containerApp(cell.name)),
      // A region's gateway serves all its cells, wherever they live.
      gatewayId: id('gateway', region.resourceGroup, cell.gateway ?? region.gateway ?? guide.gateway),
      backendPool: cell.backendPool ?? guide.backendPool(cell.name),
      healthAlertId: id('healthAlert', group, cell.healthAlert ?? guide.healthAlert(cell.name)),
      suppressionId: id('suppression', group, cell.suppression ?? guide.suppression(cell.name)),
      storageId: id('storage', group, cell.storage ?? guide.storage(cell.name)),
      sqlDatabaseId:
        cell.sqlDatabase === undefined
          ? `${id('sqlServer', group, region.sqlServer ?? guide.sqlServer)}/databases/${guide.sqlDatabase(cell.name)}`
          : databaseId(group, cell.sqlDatabase),
      requestsPerSecondPerReplica: cell.requestsPerSecondPerReplica,
      ...(tenantsAtMost !== undefined && { mostTenants: tenantsAtMost }),
      ...(cell.data && { data: dataOf(group, cell.data) }),
      ...(cell.fallback && { fallback: fallbackOf(cell.fallback) }),
      ...(cell.statusComponent !== undefined && { statusComponent: cell.statusComponent }),
      ...(cell.protected !== undefined && { protected: cell.protected }),
    };
  };

  // The service has one home region, whatever other gateways it has.
  const apimRegion = file.apim.region ?? (file.regions[0] as RegionEntry).name;
  const estate: Estate = {
    subscriptionId,
    regions: file.regions.map((region) => ({
      name: region.name,
      gatewayId: id('gateway', region.resourceGroup, region.gateway ?? guide.gateway),
      metricsUrl: metricsUrlOf(region.name, region.metricsUrl),
      ...(region.endpoint !== undefined && { endpoint: region.endpoint }),
      ...(region.origin !== undefined && { origin: region.origin }),
      ...(region.probe !== undefined && { probeUrl: region.probe }),
      ...(region.statusComponent !== undefined && { statusComponent: region.statusComponent }),
      ...(region.keyVault !== undefined && { keyVaultId: id('keyVault', region.resourceGroup, region.keyVault) }),
      ...(region.automation !== undefined && {
        automationAccountId: id('automation', region.resourceGroup, region.automation),
      }),
      ...(region.sqlServer !== undefined && {
        sqlFailoverGroupId: `${id('sqlServer', region.resourceGroup, region.sqlServer)}/failoverGroups/${region.failoverGroup ?? guide.failoverGroup}`,
      }),
    })),
    cells: file.regions.flatMap((region) => region.cells.map((cell) => cellOf(region, cell))),
    tenants: file.tenants,
    trafficManagerId: id('trafficManager', guide.globalResourceGroup, file.trafficManager ?? guide.trafficManager),
    frontDoorId: id('frontDoor', guide.globalResourceGroup, file.frontDoor ?? guide.frontDoor),
    apim: {
      id: id('apim', guide.globalResourceGroup, file.apim.service ?? guide.apim),
      metricsUrl: metricsUrlOf(apimRegion, file.regions.find(({ name }) => name === apimRegion)?.metricsUrl),
      tenantSubscription: file.apim.tenantSubscription ?? guide.tenantSubscription,
    },
    ...(file.logsWorkspaceId !== undefined && { logsWorkspaceId: file.logsWorkspaceId }),
    kpiBounds: file.kpis,
    drainMs: file.drain,
    dnsServers: file.dnsServers,
    ...(file.publicHost !== undefined && { publicHost: file.publicHost }),
    ...(file.originGroup !== undefined && {
      originGroupId: `${id('frontDoor', guide.globalResourceGroup, file.frontDoor ?? guide.frontDoor)}/originGroups/${file.originGroup}`,
    }),
    ...(file.cosmosAccount !== undefined && {
      cosmosAccountId: id('cosmosAccount', guide.globalResourceGroup, file.cosmosAccount),
    }),
  };
  const shared = sharedResources(estate.cells);
  const everybodys = estate.cells.filter(({ data }) => sameId(data?.cosmosAccountId, estate.cosmosAccountId));
  shared.push(...everybodys.map(({ name }) => `${name} has the estate’s own Cosmos account as its data.`));
  if (shared.length > 0) throw faulty('estate file', shared);
  return estate;
}

function fallbackOf(fallback: NonNullable<CellEntry['fallback']>): NonNullable<Cell['fallback']> {
  if (fallback.cell !== undefined) return { cell: fallback.cell };
  return { addresses: [...new Set(fallback.addresses)].sort() };
}

function sameId(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase();
}

/** What is done to one cell must never reach another. Azure's ids ignore case. */
function sharedResources(cells: readonly Cell[]): string[] {
  const owners = new Map<string, string>();
  return cells.flatMap((cell) =>
    [
      cell.containerAppId,
      backendPoolId(cell),
      cell.healthAlertId,
      cell.suppressionId,
      cell.storageId,
      cell.sqlDatabaseId,
      ...(cell.data?.cosmosAccountId === undefined ? [] : [cell.data.cosmosAccountId]),
    ].flatMap((id) => {
      const owner = owners.get(id.toLowerCase());
      owners.set(id.toLowerCase(), cell.name);
      return owner === undefined ? [] : [`${owner} and ${cell.name} share one resource: ${id}.`];
    }),
  );
}

/** All names that the file gives, right or wrong in everything else. */
function namesIn(raw: unknown): { cells: string[]; regions: string[] } {
  const cell = z.object({ name: z.string() }).catch({ name: '' });
  const region = z
    .object({ name: z.string().catch(''), cells: z.array(cell).catch([]) })
    .catch({ name: '', cells: [] });
  const parsed = z.object({ regions: z.array(region) }).safeParse(raw);
  const regions = parsed.success ? parsed.data.regions : [];
  return { cells: regions.flatMap((it) => it.cells.map((cell) => cell.name)), regions: regions.map((it) => it.name) };
}
