import { z } from 'zod';
import { minuteMs, secondMs } from '../../domain/duration.ts';
import type { Cell } from '../../domain/estate.ts';
import type { StoreFinding } from '../../domain/recovery.ts';
import { isOpsError } from '../../errors.ts';
import type { AzureContext } from './azure-context.ts';
import { latestRestorable, readRestorable } from './cosmos-backups.ts';
import { readCosmosStore } from './cosmos-copies.ts';
import { parseArmId } from './parse-arm-id.ts';
import { readDatabase } from './sql-copies.ts';

/** Stable (azure-rest-api-specs, Microsoft.Storage, storage.json and blob.json). */
const storageApi = '2023-05-01';
/** “Transaction log backups, about every 10 minutes” (learn.microsoft.com, “Automated backups in Azure SQL Database”). */
const sqlBehindMs = 10 * minuteMs;
/** “At least 10 seconds in the past” would do for Azure; blobs that are just written need their change feed (minutes). */
const blobsBehindMs = 5 * minuteMs;
const byHandHint = 'docs/runbooks/recover-cell.md says how by hand.';

type Finding<Store extends StoreFinding['store']> = StoreFinding & { readonly store: Store };

/** To which moments the database can be brought, as Azure keeps its backups. */
export async function sqlPoints(azure: AzureContext, cell: Cell, signal: AbortSignal): Promise<Finding<'SQL'>> {
  const [server, database] = cell.sqlDatabaseId
    .split('/')
    .filter((_, index, all) => [all.length - 3, all.length - 1].includes(index));
  const about = { store: 'SQL', name: `${database} on ${server}` } as const;
  const no = (why: string, byHand: string) => ({ ...about, how: 'no', why, byHand }) as const;
  try {
    const { properties, kind } = await readDatabase(azure, cell.sqlDatabaseId, signal);
    const { status, earliestRestoreDate, secondaryType } = properties;
    if (secondaryType)
      return no(
        'It is the secondary of a replication, and Azure restores primaries only.',
        'Recover the cell of the other region, or fail over first.',
      );
    if (/datawarehouse/i.test(kind ?? ''))
      return no('It is a data warehouse, which has restore points of its own.', byHandHint);
    if (!/^(online|paused|autoclosed)$/i.test(status))
      return no(`It is ${status}, not Online.`, 'Wait until it is Online.');
    const earliest = Date.parse(earliestRestoreDate ?? '');
    const latest = azure.clock.now() - sqlBehindMs;
    if (Number.isNaN(earliest) || earliest > latest)
      return no('Azure has no backup of it yet.', 'The first one is made some minutes after the database.');
    return { ...about, how: 'beside', earliest: iso(earliest), latest: iso(latest) };
  } catch (error) {
    if (!isOpsError(error, 'not-found')) throw error;
    return no('Azure has no such database.', 'Set `sqlDatabase` of the cell in the estate file.');
  }
}

const accountSchema = z.looseObject({
  kind: z.string(),
  sku: z.looseObject({ name: z.string() }),
  properties: z.looseObject({ isHnsEnabled: z.boolean().nullish() }),
});
const switchable = z.looseObject({ enabled: z.boolean().nullish() }).nullish();
const blobsSchema = z.looseObject({
  properties: z.looseObject({
    isVersioningEnabled: z.boolean().nullish(),
    changeFeed: switchable,
    deleteRetentionPolicy: switchable,
    restorePolicy: z.looseObject({ enabled: z.boolean(), minRestoreTime: z.string().nullish() }).nullish(),
  }),
});

/**
 * Blobs: Azure's point-in-time restore writes over the very containers, so it is never `beside` (MicrosoftDocs,
 * “Point-in-time restore for block blobs”).
 */
export async function blobPoints(azure: AzureContext, cell: Cell, signal: AbortSignal): Promise<Finding<'blobs'>> {
  const { arm, call, clock } = azure;
  const name = parseArmId(cell.storageId, 'Microsoft.Storage/storageAccounts').names[0];
  const about = { store: 'blobs', name } as const;
  const no = (why: string, byHand = byHandHint) => ({ ...about, how: 'no', why, byHand }) as const;
  const read = <T>(path: string, schema: z.ZodType<T>) =>
    call.read(`read the storage account ${name}`, signal, async (signal) =>
      schema.parse((await arm.send({ method: 'GET', path, apiVersion: storageApi }, signal)).body),
    );
  try {
    const { kind, sku, properties: account } = await read(cell.storageId, accountSchema);
    const { properties: blobs } = await read(`${cell.storageId}/blobServices/default`, blobsSchema);
    if (kind !== 'StorageV2') return no(`Its kind is ${kind}; Azure restores blobs of StorageV2 only.`);
    if (!/^standard_/i.test(sku.name))
      return no(`It is ${sku.name}; Azure restores blobs of standard performance only.`);
    if (account.isHnsEnabled) return no('It has a hierarchical namespace, for which Azure has no restore.');
    const off = [
      blobs.isVersioningEnabled ? '' : 'versioning',
      blobs.changeFeed?.enabled ? '' : 'the change feed',
      blobs.deleteRetentionPolicy?.enabled ? '' : 'soft delete',
    ].filter((part) => part !== '');
    const earliest = Date.parse(blobs.restorePolicy?.minRestoreTime ?? '');
    if (!blobs.restorePolicy?.enabled || Number.isNaN(earliest))
      return no(
        `Point-in-time restore is switched off${off.length > 0 ? `, and so ${off.length > 1 ? 'are' : 'is'} ${off.join(', ')}` : ''}.`,
        'Switch it on for the next time; soft delete and versions may still help: docs/runbooks/recover-cell.md.',
      );
    return {
      ...about,
      how: 'in place',
      earliest: iso(earliest),
      latest: iso(clock.now() - blobsBehindMs),
      why: 'Azure restores blobs over what is there, so they go back with the swap, and not before.',
      byHand: byHandHint,
    };
  } catch (error) {
    if (!isOpsError(error, 'not-found')) throw error;
    return no('Azure has no such storage account.', 'Set `storage` of the cell in the estate file.');
  }
}

/** To which moments the cell's own account can be brought. */
export async function cosmosPoints(azure: AzureContext, cell: Cell, signal: AbortSignal): Promise<Finding<'Cosmos'>> {
  const accountId = cell.data?.cosmosAccountId;
  const about = { store: 'Cosmos', name: accountId?.split('/').at(-1) ?? 'no account of its own' } as const;
  const no = (why: string, byHand: string) => ({ ...about, how: 'no', why, byHand }) as const;
  if (accountId === undefined)
    return no(
      'The estate file names no Cosmos account that is the cell’s alone, and one that cells share is not swapped for one of them.',
      'If the cell has its own: `data: { cosmosAccount: <name> }` in the estate file.',
    );
  try {
    const { kind, properties } = await readCosmosStore(azure, accountId, signal);
    if (kind && kind !== 'GlobalDocumentDB')
      return no(`It speaks ${kind}; Stamps restores accounts of SQL only.`, byHandHint);
    if (!/^continuous$/i.test(properties.backupPolicy?.type ?? 'Periodic'))
      return no(
        'Its backups are periodic: only Azure’s support restores from them.',
        'Open a support request; for the next time, change the account to continuous backup.',
      );
    const writeRegion = properties.writeLocations[0]?.locationName;
    const restorable = await readRestorable(azure, accountId, signal);
    const oldest = Date.parse(restorable?.properties.oldestRestorableTime ?? restorable?.properties.creationTime ?? '');
    if (Number.isNaN(oldest) || writeRegion === undefined)
      return no('Azure does not list it among what can be restored.', byHandHint);
    const latest = await latestRestorable(azure, accountId, writeRegion, signal);
    if (latest === undefined) return no('It has no containers, so there is nothing to restore.', byHandHint);
    if (oldest > Date.parse(latest)) return no('Azure has no backup of it yet.', 'Wait some minutes.');
    return { ...about, how: 'beside', earliest: iso(oldest), latest };
  } catch (error) {
    if (!isOpsError(error, 'not-found')) throw error;
    return no('Azure has no such Cosmos account.', 'Correct `data` of the cell in the estate file.');
  }
}

/** Rounded into the window is the reader's business: whole seconds here. */
function iso(ms: number): string {
  return new Date(Math.floor(ms / secondMs) * secondMs).toISOString();
}
