import { distance } from 'fastest-levenshtein';
import { OpsError } from '../errors.ts';

/** One isolated copy of the service. Ids are ARM ids. */
export interface Cell {
  /** Short name, unique in the estate: `cell-banking`. */
  readonly name: string;
  readonly region: string;
  /** `active` serves tenants; `standby` takes over. */
  readonly role: 'active' | 'standby';
  readonly containerAppId: string;
  readonly gatewayId: string;
  /** Name of its backend pool on that gateway: `cell-banking-backend`. */
  readonly backendPool: string;
  readonly healthAlertId: string;
  /** The alert processing rule that the bot makes and removes. */
  readonly suppressionId: string;
  /** The storage account of its data. */
  readonly storageId: string;
  readonly sqlDatabaseId: string;
  /** What a recovery of its data needs; absent: its Cosmos account is not its own, and its app cannot be pointed elsewhere. */
  readonly data?: CellData;
  /** Where its traffic goes when it is out of service: another cell, or addresses such as a maintenance backend. */
  readonly fallback?: { readonly cell: string } | { readonly addresses: readonly string[] };
  /** Id of what customers know it as on the status page. */
  readonly statusComponent?: string;
  /** Why nobody may take it out of service. */
  readonly protected?: string;
  /** Requests a second that one replica serves, for the capacity guard. */
  readonly requestsPerSecondPerReplica: number;
  /** How many tenants it is made for; absent: nobody said. */
  readonly mostTenants?: number;
}

/** A cell's own data, and how its container app is told where it is. */
export interface CellData {
  /** ARM id of a Cosmos account that no other cell uses. */
  readonly cosmosAccountId?: string;
  /** Names of the container app's environment variables that name its SQL database and its Cosmos account. */
  readonly sqlVariable?: string;
  readonly cosmosVariable?: string;
}

export interface Region {
  readonly name: string;
  readonly gatewayId: string;
  /** Id of what customers know it as on the status page. */
  readonly statusComponent?: string;
  readonly metricsUrl: string;
  /** Its endpoint in the Traffic Manager profile, by name; absent: the one whose location is the region. */
  readonly endpoint?: string;
  /** Its origin in Front Door, by name. */
  readonly origin?: string;
  /** Answers while the region serves: asked by the app itself. */
  readonly probeUrl?: string;
  /** ARM ids; absent: not named in the estate file. */
  readonly keyVaultId?: string;
  readonly automationAccountId?: string;
  /** The failover group as its SQL server has it, by ARM id. */
  readonly sqlFailoverGroupId?: string;
}

export interface Estate {
  readonly subscriptionId: string;
  readonly regions: readonly Region[];
  readonly cells: readonly Cell[];
  readonly tenants: { readonly endpoint: string; readonly database: string; readonly container: string };
  readonly trafficManagerId: string;
  readonly frontDoorId: string;
  readonly apim: {
    readonly id: string;
    /** Where its home region's metrics are read. */
    readonly metricsUrl: string;
    /** A tenant's subscription there; `{tenant}` stands for its id. */
    readonly tenantSubscription: string;
  };
  /** The Log Analytics workspace of all logs, by its own id (a GUID); absent: there are no logs to ask. */
  readonly logsWorkspaceId?: string;
  /** Targets and alerts of this estate, where they are not the guide's; by indicator. */
  readonly kpiBounds: Readonly<Record<string, { readonly target: number; readonly alert: number }>>;
  /** The name that clients resolve. */
  readonly publicHost?: string;
  /** `address` or `address:port` of the DNS servers to ask; empty: the system's. */
  readonly dnsServers?: readonly string[];
  /** ARM id of the origin group of Front Door, Standard or Premium. */
  readonly originGroupId?: string;
  readonly cosmosAccountId?: string;
  /** How long a gateway keeps finishing requests on a backend that was taken out, in milliseconds. */
  readonly drainMs: number;
}

/** ARM id of a cell's backend pool. */
export function backendPoolId(cell: Cell): string {
  return `${cell.gatewayId}/backendAddressPools/${cell.backendPool}`;
}

/** ARM id of the resource group that a resource is in, by its own ARM id. */
export function resourceGroupOf(id: string): string {
  return id.split('/').slice(0, 5).join('/');
}

/** The names most like a mistyped one, nearest first; empty when nothing is near. */
export function nearest(name: string, known: readonly string[], most = 3): string[] {
  const typed = name.slice(0, 80).toLowerCase();
  return known
    .map((candidate) => ({
      candidate,
      far: candidate.toLowerCase().includes(typed) && typed.length > 2 ? 0 : distance(typed, candidate.toLowerCase()),
    }))
    .filter(({ candidate, far }) => far <= Math.max(2, Math.ceil(candidate.length / 3)))
    .sort((a, b) => a.far - b.far || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/**
 * The cell that a person named: by its full name, or by a part that only one cell has (`banking`).
 * Throws `not-found` with the nearest names, `ambiguous` with the choices.
 */
export function findCell(estate: Estate, named: string): Cell {
  const wanted = named.trim().toLowerCase();
  const exact = estate.cells.find((cell) => cell.name.toLowerCase() === wanted);
  if (exact) return exact;
  const partial = wanted.length < 3 ? [] : estate.cells.filter((cell) => cell.name.toLowerCase().includes(wanted));
  if (partial.length === 1) return partial[0] as Cell;
  const names = (partial.length > 1 ? partial : estate.cells).map((cell) => cell.name);
  if (partial.length > 1) {
    throw new OpsError('ambiguous', `“${shown(named)}” could be ${orList(names)}.`, { hint: 'Give the full name.' });
  }
  throw new OpsError('not-found', `There is no cell “${shown(named)}”.`, {
    hint: meant(wanted, names) ?? `\`/stamps status\` lists the cells.`,
  });
}

/** The cell by its exact name; for names that come from the estate itself. */
export function cellByName(estate: Estate, name: string): Cell {
  const cell = estate.cells.find((candidate) => candidate.name === name);
  if (!cell) throw new OpsError('not-found', `The estate file no longer has the cell “${shown(name)}”.`);
  return cell;
}

/** The region that a person named. Throws `not-found` with the nearest names. */
export function findRegion(estate: Estate, named: string): Region {
  const wanted = named.trim().toLowerCase();
  const found = estate.regions.find(({ name }) => name.toLowerCase() === wanted);
  if (found) return found;
  const names = estate.regions.map(({ name }) => name);
  throw new OpsError('not-found', `There is no region “${shown(named)}”.`, {
    hint: meant(wanted, names) ?? `There are ${names.join(', ')}.`,
  });
}

/** What somebody may have meant by a name that nothing has; undefined: no name is near. */
function meant(wanted: string, names: readonly string[]): string | undefined {
  // Pasted from a page or a chat; both would look the same in the answer.
  const same = names.find((name) => name.toLowerCase() === shown(wanted));
  if (same !== undefined) return `There are invisible characters in it. Type it by hand: ${same}.`;
  const near = nearest(wanted, names);
  return near.length > 0 ? `Did you mean ${orList(near)}?` : undefined;
}

/** What a person named that may be held out of service: a region by its full name, else a cell. Throws as `findCell`. */
export function findPart(estate: Estate, named: string): { readonly region: Region; readonly cell?: Cell } {
  const wanted = named.trim().toLowerCase();
  const region = estate.regions.find(({ name }) => name.toLowerCase() === wanted);
  if (region) return { region };
  const cell = findCell(estate, named);
  return { region: findRegion(estate, cell.region), cell };
}

/** Cells of a region that serve, each with the cell in another region that takes over from it, where there is one. */
export function pairsOf(estate: Estate, from: string, to: string): { readonly cell: Cell; readonly standby?: Cell }[] {
  return cellsOf(estate, from)
    .filter(({ role }) => role === 'active')
    .map((cell) => {
      const named = cell.fallback && 'cell' in cell.fallback ? cell.fallback.cell : undefined;
      const standby = estate.cells.find(({ name, region }) => name === named && region === to);
      return { cell, ...(standby && { standby }) };
    });
}

export function cellsOf(estate: Estate, region: string): Cell[] {
  return estate.cells.filter((cell) => cell.region === region);
}

/** A person's word in an answer: no control or direction marks, at most 60 characters. */
export function shown(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  // Never half of a pair: what is cut must still be text.
  return clean.length > 60 ? `${clean.slice(0, 59).replace(/[\ud800-\udbff]$/, '')}…` : clean;
}

function orList(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
