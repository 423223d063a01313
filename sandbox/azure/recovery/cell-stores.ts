import type { EnvironmentVariable } from '../container-app.ts';
import type { CellLayout, RegionLayout } from '../layout.ts';
import { providerId } from '../layout.ts';
import { cosmosType, databaseId, storageId } from '../telemetry/resources.ts';
import { BlobStore } from './blob-store.ts';
import { objectiveNamed, Purchase } from './sql-objectives.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** How long backups reach back: those of SQL by default, and Cosmos’s tier Continuous7Days. */
const keptMs = 7 * dayMs;
const bytesPerDocument = 2_048;
/** What is left when somebody destroys a store's content. */
const leftShare = 0.03;

/** How many documents or rows a store has, over time. A copy begins with what there was at its moment. */
export class Content {
  readonly #base: number;
  readonly #growsPerMinute: number;
  readonly #from: number;
  #lostAt: number | undefined;

  constructor(base: number, growsPerMinute: number, from: number) {
    this.#base = base;
    this.#growsPerMinute = growsPerMinute;
    this.#from = from;
  }

  documents(at: number): number {
    const all = this.#base + Math.floor((Math.max(0, at - this.#from) / minuteMs) * this.#growsPerMinute);
    return this.#lostAt !== undefined && at >= this.#lostAt ? Math.floor(all * leftShare) : all;
  }

  bytes(at: number): number {
    return this.documents(at) * bytesPerDocument;
  }

  lose(at: number): void {
    this.#lostAt ??= at;
  }

  isWhole(at: number): boolean {
    return this.#lostAt === undefined || at < this.#lostAt;
  }

  copyAsOf(moment: number): Content {
    return new Content(this.documents(moment), 0, moment);
  }
}

/** The bot’s user in a database: none, one that may only connect, or one that sees all of the catalog. */
export type SqlUser = 'none' | 'connects' | 'all';

/** What a database’s content is made of, by table: what somebody destroyed is all accounts and most of the rest. */
export function sqlTables(content: Content, now: number): (readonly [table: string, rows: number])[] {
  const all = content.documents(now);
  const accounts = content.isWhole(now) ? Math.floor(all * 0.3) : 0;
  const payments = Math.floor((all - accounts) * 0.8);
  return [
    ['accounts', accounts],
    ['payments', payments],
    ['statements', all - accounts - payments],
  ];
}

export interface Store {
  readonly id: string;
  readonly region: RegionLayout;
  readonly createdAt: number;
  readonly content: Content;
  readonly tags: Readonly<Record<string, string>>;
  status: 'working' | 'ready' | 'deleting';
}

export interface Database extends Store {
  /** The bot’s user in it over time, the latest last: a copy has that of its moment. */
  readonly users: { readonly since: number; readonly user: SqlUser }[];
}

export function userAt({ users }: Database, moment: number): SqlUser {
  return users.findLast(({ since }) => since <= moment)?.user ?? 'none';
}

export interface Account extends Store {
  /** The account as its backups know it. */
  readonly instanceId: string;
  readonly backup: 'Continuous' | 'Periodic';
  /** Who may use its data by Entra: object ids. */
  readonly readers: Set<string>;
  readonly restoredFrom?: { readonly source: string; readonly at: string };
}

/** Each cell's database and storage account; of active cells, a Cosmos account of their own. By id in small letters. */
export class CellStores {
  readonly databases = new Map<string, Database>();
  readonly #purchases = new Map<string, Purchase>();
  /** Databases that are geo-replicated, by their ids. */
  readonly geoLinks: { readonly primary: string; readonly secondary: string }[] = [];
  readonly accounts = new Map<string, Account>();
  readonly blobs = new Map<string, BlobStore>();
  /** Of each region’s SQL server, `host,port`. */
  readonly sqlAddresses = new Map<string, string>();
  /** Regions whose SQL server’s firewall keeps the bot out. */
  readonly sqlShut = new Set<string>();

  constructor(cells: readonly { region: RegionLayout; cell: CellLayout }[], now: number) {
    const createdAt = now - 40 * dayMs;
    cells.forEach(({ region, cell }, nth) => {
      const base = { region, createdAt };
      const content = () => new Content(200_000 + 30_000 * nth, 12, createdAt);
      this.addDatabase(
        {
          ...base,
          id: databaseId(region, cell),
          content: content(),
          tags: {},
          status: 'ready',
          users: [{ since: createdAt, user: 'all' }],
        },
        // Standbys are bought by vCores, so that an estate has both.
        new Purchase(objectiveNamed(cell.role === 'standby' ? 'GP_Gen5_2' : 'S3'), createdAt),
      );
      const blobs = new BlobStore({
        ...base,
        id: storageId(region, cell),
        restores: !cell.name.includes('retail'),
      });
      this.blobs.set(blobs.id.toLowerCase(), blobs);
      if (cell.role === 'standby') return;
      this.addAccount({
        ...base,
        id: accountId(region, cell),
        content: content(),
        tags: {},
        status: 'ready',
        instanceId: instanceOf(nth + 1),
        // One cell still has what was the default once.
        backup: cell.name.includes('retail') ? 'Periodic' : 'Continuous',
        readers: new Set([appPrincipal(nth + 1), botPrincipal]),
      });
    });
  }

  addDatabase(database: Database, purchase: Purchase): void {
    this.databases.set(database.id.toLowerCase(), database);
    this.#purchases.set(database.id.toLowerCase(), purchase);
  }

  purchaseOf(database: string): Purchase {
    const found = this.#purchases.get(database.toLowerCase());
    if (!found) throw new Error(`The estate has no database ${database}.`);
    return found;
  }

  /** What a database is bought as, for the map. */
  boughtAs(database: string) {
    const { now, requested, times, poolId } = this.purchaseOf(database);
    return {
      objective: now.name,
      ...(requested && { requested: requested.name }),
      ...{ times, pooled: poolId !== undefined },
      replicated: this.geoLinks.some(({ primary }) => primary === database),
    };
  }

  /** A secondary of a cell's database in another region, as large as that; the one that it has, if it has one. */
  replicate(primary: string, region: RegionLayout, now: number): string {
    const known = this.geoLinks.find((link) => link.primary === primary);
    if (known) return known.secondary;
    const source = this.databases.get(primary.toLowerCase());
    if (!source) throw new Error(`The estate has no database ${primary}.`);
    const server = providerId(region.resourceGroup, 'Microsoft.Sql/servers', `sql-stamps-${region.name}`);
    const id = `${server}/databases/${primary.split('/').at(-1)}`;
    this.addDatabase({ ...source, id, region, tags: {} }, this.purchaseOf(primary).copy(now));
    this.geoLinks.push({ primary, secondary: id });
    return id;
  }

  addAccount(account: Account): void {
    this.accounts.set(account.id.toLowerCase(), account);
  }

  databaseNamed(server: string, name: string): Database | undefined {
    const end = `/servers/${server}/databases/${name}`.toLowerCase();
    return [...this.databases.values()].find(({ id }) => id.toLowerCase().endsWith(end));
  }

  /** An account's name is the whole world's. */
  accountNamed(name: string): Account | undefined {
    return [...this.accounts.values()].find(({ id }) => id.toLowerCase().endsWith(`/${name.toLowerCase()}`));
  }

  /** Destroys most of the content of what these variables lead to, and most of the cell's blobs. */
  loseContent(blobsId: string, env: readonly EnvironmentVariable[], now: number): void {
    for (const { content } of this.#ledTo(env)) content.lose(now);
    this.blobs.get(blobsId.toLowerCase())?.lose(now);
  }

  /** Everybody who may use the account of a cell may use its copies. */
  grantCopies({ name }: CellLayout): void {
    const original = this.accountNamed(`cosmos-${name}`);
    for (const copy of this.accounts.values()) {
      if (!original || !copy.restoredFrom?.source.endsWith(original.instanceId)) continue;
      for (const reader of original.readers) copy.readers.add(reader);
    }
  }

  /** What an app with these variables works on, for the map. */
  seenBy(region: RegionLayout, cell: CellLayout, env: readonly EnvironmentVariable[], now: number) {
    const database = env.find(({ name }) => name === 'SQL_DATABASE')?.value;
    if (cell.role === 'standby' || database === undefined) return undefined;
    const copies = [...this.databases.values(), ...this.accounts.values()]
      .filter(({ tags }) => new RegExp(`-${cell.name}$`).test(tags['stamps-copy-of'] ?? ''))
      .map(({ id, status }) => `${id.split('/').at(-1)}${status === 'ready' ? '' : ` (${status})`}`);
    const blobs = this.blobs.get(storageId(region, cell).toLowerCase());
    return {
      database,
      copies,
      lost: this.#ledTo(env).some(({ content }) => !content.isWhole(now)),
      blobsLost: blobs !== undefined && !blobs.at(now).whole,
      blobsBusy: blobs?.restore?.status === 'InProgress',
      blobsRestore: blobs?.restores === true,
      botInSql: this.#databasesLedTo(env).some((one) => userAt(one, now) !== 'none'),
    };
  }

  /** Changes the bot’s user in the database that these variables lead to. */
  setSqlUser(env: readonly EnvironmentVariable[], user: SqlUser, now: number): void {
    for (const { users } of this.#databasesLedTo(env)) users.push({ since: now, user });
  }

  #databasesLedTo(env: readonly EnvironmentVariable[]): Database[] {
    const led = new Set(this.#ledTo(env).map(({ id }) => id));
    return [...this.databases.values()].filter(({ id }) => led.has(id));
  }

  #ledTo(env: readonly EnvironmentVariable[]): Store[] {
    const values = env.map(({ value = '' }) => value);
    const names = (id: string) => id.split('/').at(-1) ?? '';
    return [...this.databases.values(), ...this.accounts.values()].filter(({ id }) =>
      values.some((value) => value === names(id) || value.startsWith(`https://${names(id)}.`)),
    );
  }

  nextInstanceId(): string {
    return instanceOf(100 + this.accounts.size);
  }

  /** What somebody configured; nothing that grows by itself. */
  configuration(now: number): object {
    const list = (stores: Iterable<Store>) =>
      [...stores].map(({ id, tags, status }) => ({ id, status, of: tags['stamps-copy-of'], at: tags['stamps-as-of'] }));
    // Whatever restores it took: what is in them is what counts.
    const blobs = [...this.blobs.values()].map((store) => ({ id: store.id, content: store.at(now).name }));
    const databases = list(this.databases.values()).map((one) => ({
      ...one,
      objective: this.purchaseOf(one.id).now.name,
    }));
    return { databases, accounts: list(this.accounts.values()), blobs };
  }
}

export function earliestOf({ createdAt }: { readonly createdAt: number }, now: number): number {
  return Math.max(createdAt, now - keptMs);
}

export function accountId(region: RegionLayout, cell: CellLayout): string {
  return providerId(region.resourceGroup, cosmosType, `cosmos-${cell.name}`);
}

const botPrincipal = '00000000-0000-4000-8000-00000000b070';

function appPrincipal(nth: number): string {
  return `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;
}

function instanceOf(nth: number): string {
  return `11111111-0000-4000-8000-${String(nth).padStart(12, '0')}`;
}
