import type { Cell } from '../domain/estate.ts';
import { beside, toNameStores } from '../domain/estate-lines.ts';
import type { ServingStores } from '../domain/recovery.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { DataPointers } from '../ports/app-data.ts';
import type { AzurePorts } from '../ports/azure.ts';
import { nameOf } from './recovery-parts.ts';

type Reading = Pick<AzurePorts, 'appData' | 'containerApps'>;

/** What the revisions that serve a cell work on; empty where the app's settings do not tell. */
export async function servingPointers(cell: Cell, azure: Reading, signal: AbortSignal): Promise<DataPointers[]> {
  const { weights } = await azure.appData.routing(cell, signal);
  return Promise.all(
    weights.map(async ({ revision }) => {
      const serving =
        revision === 'latest' ? (await azure.containerApps.app(cell.containerAppId, signal)).latestRevision : revision;
      return azure.appData.pointers(cell, serving, signal).catch((error: unknown): DataPointers => {
        if (isOpsError(error, 'refused')) return {};
        throw error;
      });
    }),
  );
}

/**
 * The cell with the stores that it works on, and how they stand to those that the estate file names. Where Azure does
 * not say, and while its traffic is split over several, the file's are what is left to look at.
 */
export async function servingStores(
  cell: Cell,
  azure: Reading,
  signal: AbortSignal,
): Promise<{ cell: Cell; stores: ServingStores }> {
  const left = (why: string) => ({ cell, stores: { how: 'not known', why } as const });
  let found: DataPointers[];
  try {
    found = await servingPointers(cell, azure, signal);
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    return left(error.message);
  }
  const [now, ...others] = found;
  if (now === undefined) return left('No revision of the app gets traffic.');
  if (others.some(({ database, account }) => database !== now.database || account !== now.account))
    return left('Its traffic is split over revisions that work on different stores.');
  if (now.database === undefined && now.account === undefined) return left('The settings of the app do not tell.');

  const { sqlDatabaseId, data } = cell;
  const accountId = data?.cosmosAccountId;
  const named = { database: nameOf(sqlDatabaseId), ...(accountId !== undefined && { account: nameOf(accountId) }) };
  const database = now.database ?? named.database;
  const account = accountId === undefined ? undefined : (now.account ?? named.account);
  if (database === named.database && account === named.account) return { cell, stores: { how: 'as named' } };
  return {
    cell: {
      ...cell,
      sqlDatabaseId: beside(sqlDatabaseId, database),
      ...(accountId !== undefined &&
        account !== undefined && { data: { ...data, cosmosAccountId: beside(accountId, account) } }),
    },
    stores: { how: 'others', named: Object.values(named), mend: toNameStores(cell, now) },
  };
}

/**
 * After a swap the estate file may still name what the cell worked on before: an old state would be restored, and only
 * the next swap would notice. Where the app's settings don't tell what it works on, there is nothing to compare.
 */
export async function refuseOldOriginals(cell: Cell, azure: Reading, signal: AbortSignal): Promise<void> {
  const named = [
    ['database', cell.sqlDatabaseId],
    ['account', cell.data?.cosmosAccountId],
  ] as const;
  for (const now of await servingPointers(cell, azure, signal)) {
    for (const [pointer, id] of named) {
      const worksOn = now[pointer];
      if (worksOn === undefined || id === undefined || worksOn === nameOf(id)) continue;
      throw new OpsError('refused', `The app of ${cell.name} works on ${worksOn}, not on ${nameOf(id)}.`, {
        hint: `It was swapped, and the estate file names what it worked on before. ${toNameStores(cell, now)} Then recover it.`,
      });
    }
  }
}
