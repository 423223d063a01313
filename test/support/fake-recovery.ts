import type { Cell, Estate } from '../../src/domain/estate.ts';
import type { Json } from '../../src/domain/json.ts';
import { sameState } from '../../src/domain/plan.ts';
import type { StoreFinding } from '../../src/domain/recovery.ts';
import type { TableRows } from '../../src/domain/table-rows.ts';
import type { AppDataPort, DataPointers } from '../../src/ports/app-data.ts';
import type { Revision } from '../../src/ports/azure.ts';
import type {
  BlobContainer,
  BlobRestoreState,
  CopyState,
  RecoveryPort,
  StoreContent,
} from '../../src/ports/recovery.ts';
import type { ResourceKind } from '../../src/ports/resource-kind.ts';

export interface FakeRecovery {
  readonly port: RecoveryPort;
  readonly appData: AppDataPort;
  readonly kinds: readonly ResourceKind[];
  /** What every cell's stores can be brought back to. */
  findings: StoreFinding[];
  /** Of both kinds, by id. */
  readonly copies: Map<string, CopyState>;
  /** What the last restore over an account's blobs left, by id of the account; absent: there was none. */
  readonly blobs: Map<string, BlobRestoreState>;
  containers: BlobContainer[];
  blobsBusy: boolean;
  /** Ids of copies that do not take connections yet. */
  readonly notReady: Set<string>;
  /** By account id; absent: those of the original. */
  readonly readers: Map<string, string[]>;
  /** By store id. */
  readonly contents: Map<string, StoreContent>;
  /** By database id; absent: one table. An error is thrown. */
  readonly rows: Map<string, readonly TableRows[] | Error>;
  /** By app id. */
  readonly routes: Map<string, { single: boolean; weights: { revision: string; weight: number }[] }>;
  /** By name of the revision; absent: the originals. */
  readonly pointers: Map<string, DataPointers>;
  configuration(): Record<string, Json>;
}

/** SQL and Cosmos of a week, blobs in place; each cell's first revision gets all of its traffic. */
export function createFakeRecovery(
  estate: Estate,
  revisions: Map<string, Revision[]>,
  failing: (call: string) => void,
): FakeRecovery {
  const copies: FakeRecovery['copies'] = new Map();
  const blobs: FakeRecovery['blobs'] = new Map();
  const notReady = new Set<string>();
  const readers: FakeRecovery['readers'] = new Map();
  const contents: FakeRecovery['contents'] = new Map();
  const rows: FakeRecovery['rows'] = new Map();
  const pointers: FakeRecovery['pointers'] = new Map();
  const routes: FakeRecovery['routes'] = new Map(
    estate.cells.map(({ containerAppId }) => [
      containerAppId,
      { single: false, weights: [{ revision: revisions.get(containerAppId)?.[0]?.name ?? '', weight: 100 }] },
    ]),
  );
  const nameOf = (id: string | undefined) => id?.split('/').at(-1) ?? '';
  const cellOf = (id: string) => estate.cells.find(({ containerAppId }) => id.startsWith(containerAppId)) as Cell;
  const pointersOf = (cell: Cell, revision: string): DataPointers =>
    pointers.get(revision) ?? {
      database: nameOf(cell.sqlDatabaseId),
      ...(cell.data?.cosmosAccountId !== undefined && { account: nameOf(cell.data.cosmosAccountId) }),
    };
  const listOf = (id: string) => revisions.get(cellOf(id).containerAppId) as Revision[];
  const at = (id: string) => listOf(id).findIndex((it) => it.name === nameOf(id));

  const copyKind = (kind: string): ResourceKind<CopyState> => ({
    kind,
    async read({ id }) {
      failing(`${kind}.read`);
      return { state: copies.get(id) ?? null };
    },
    async write({ id }, to) {
      failing(`${kind}.write`);
      if (to) copies.set(id, to);
      else copies.delete(id);
      return {};
    },
    pending: async ({ id }) => (notReady.has(id) ? 'the copy is Restoring, not Online' : null),
    equals: sameState,
    describe: (before, after) => `copy: ${before?.from ?? 'none'} → ${after?.from ?? 'none'}`,
  });
  const sqlCopies = copyKind('sql-copy');
  const cosmosCopies = copyKind('cosmos-copy');

  const blobRestores: ResourceKind<BlobRestoreState> = {
    kind: 'blob-restore',
    async read({ id }) {
      failing('blob-restore.read');
      return { state: blobs.get(id) ?? null, busy: fake.blobsBusy };
    },
    async write({ id }, to) {
      failing('blob-restore.write');
      if (to) blobs.set(id, to);
      else blobs.delete(id);
      return {};
    },
    equals: sameState,
    describe: (before, after) => `blobs: ${before?.at ?? 'as they were'} → ${after?.at ?? 'as they were'}`,
  };

  const dataRevisions: ResourceKind<DataPointers> = {
    kind: 'data-revision',
    async read({ id }) {
      const found = listOf(id)[at(id)];
      return { state: found?.active ? pointersOf(cellOf(id), found.name) : null };
    },
    async write({ id }, to) {
      const list = listOf(id);
      const base = list[at(id)] ?? { ...(list[0] as Revision), id, name: nameOf(id) };
      if (at(id) < 0) list.unshift(base);
      list[at(id)] = { ...base, active: to !== null, running: to ? 'Running' : 'Stopped' };
      if (to) pointers.set(nameOf(id), to);
      return {};
    },
    equals: sameState,
    describe: (before, after) => `data: ${before?.database ?? 'none'} → ${after?.database ?? 'none'}`,
  };
  const traffic: AppDataPort['traffic'] = {
    kind: 'app-traffic',
    read: async ({ id }) => ({ state: { weights: structuredClone(routes.get(id)?.weights ?? []) } }),
    async write({ id }, to) {
      if (to) routes.set(id, { single: false, weights: to.weights });
      return {};
    },
    equals: sameState,
    describe: () => 'traffic',
  };

  const fake: FakeRecovery = {
    findings: [
      {
        store: 'SQL',
        name: 'sql',
        how: 'beside',
        earliest: '2026-11-17T03:11:00.000Z',
        latest: '2026-11-24T03:01:00.000Z',
      },
      {
        store: 'blobs',
        name: 'st',
        how: 'in place',
        earliest: '2026-11-18T03:11:00.000Z',
        latest: '2026-11-24T03:06:00.000Z',
        why: 'Azure restores blobs over what is there.',
        byHand: 'The runbook says how.',
      },
      {
        store: 'Cosmos',
        name: 'cosmos',
        how: 'beside',
        earliest: '2026-11-18T05:00:00.000Z',
        latest: '2026-11-24T03:09:30.000Z',
      },
    ],
    copies,
    blobs,
    containers: [{ name: 'documents', locked: false }],
    blobsBusy: false,
    notReady,
    readers,
    contents,
    rows,
    routes,
    pointers,
    kinds: [sqlCopies, cosmosCopies, blobRestores, dataRevisions, traffic].map((kind) => kind as ResourceKind),
    port: {
      async ranges() {
        failing('recovery.ranges');
        return fake.findings;
      },
      blobRange: async () => fake.findings.find(({ store }) => store === 'blobs') as StoreFinding,
      sqlCopies,
      cosmosCopies,
      blobRestores,
      blobContainers: async () => fake.containers,
      sqlContent: async (id) => contents.get(id) ?? { bytes: 4_096 },
      cosmosContent: async (id) => contents.get(id) ?? { bytes: 4_096, documents: 7, containers: ['cell/accounts'] },
      sqlRows: async (id) => {
        const found = rows.get(id) ?? [{ schema: 'dbo', name: 'accounts', rows: 7 }];
        if (found instanceof Error) throw found;
        return found;
      },
      cosmosReaders: async (id) => readers.get(id) ?? ['app as contributor'],
    },
    appData: {
      revisions: dataRevisions,
      traffic,
      async routing(cell) {
        failing('appData.routing');
        return structuredClone(routes.get(cell.containerAppId) ?? { single: false, weights: [] });
      },
      async pointers(cell, revision) {
        failing('appData.pointers');
        if (cell.data?.sqlVariable === undefined) return {};
        return pointersOf(cell, revision);
      },
    },
    configuration: () => ({
      copies: Object.fromEntries(copies),
      blobs: Object.fromEntries(blobs),
      routes: Object.fromEntries(routes),
    }),
  };
  return fake;
}
