/**
 * The blob service of storage accounts, to look at. Rules kept, after azure-rest-api-specs (Microsoft.Storage,
 * storage.json and blob.json, 2023-05-01) and MicrosoftDocs, “Point-in-time restore for block blobs”: `restorePolicy`
 * only with versioning, the change feed and soft delete, for fewer days than soft delete keeps; `minRestoreTime` is told
 * by Azure. A restore would be in place, so there is nothing to emulate of it.
 */
import { resourceNotFound } from '../arm-fault.ts';
import { type ArmCall, ok, type Route } from '../route.ts';
import { storageType } from '../telemetry/resources.ts';
import { type BlobStore, earliestOf } from './cell-stores.ts';

const type = storageType.toLowerCase();
const since = '2021-09-01';
const dayMs = 86_400_000;

export const blobServiceRoutes: readonly Route[] = [
  { on: `GET ${type}/blobservices`, since, run: (call) => ok(blobsDocument(call, found(call))) },
];

function found({ estate, path: { subscription, group = '', names } }: ArmCall): BlobStore {
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${storageType}/${names[0]}`;
  const store = estate.stores.blobs.get(id.toLowerCase());
  if (!store) throw resourceNotFound(storageType, names[0] ?? '', group);
  return store;
}

function blobsDocument({ now }: ArmCall, store: BlobStore): object {
  const { restores } = store;
  return {
    id: `${store.id}/blobServices/default`,
    name: 'default',
    type: `${storageType}/blobServices`,
    properties: {
      isVersioningEnabled: restores,
      changeFeed: { enabled: restores },
      deleteRetentionPolicy: { enabled: true, days: 7 },
      restorePolicy: restores
        ? { enabled: true, days: 6, minRestoreTime: new Date(earliestOf(store, now) + dayMs).toISOString() }
        : { enabled: false },
    },
  };
}
