/**
 * The blob service of storage accounts: to look at, and to put back to a moment. Rules kept, after azure-rest-api-specs
 * (Microsoft.Storage, storage.json and blob.json, 2023-05-01) and MicrosoftDocs, “Point-in-time restore for block blobs”:
 * - `restorePolicy` only with versioning, the change feed and soft delete, for fewer days than soft delete keeps;
 *   `minRestoreTime` is told by Azure. Without the policy nothing is restored, nor with a hierarchical namespace.
 * - POST restoreBlobRanges is in place, takes a moment from `minRestoreTime` on and in the past, and at most 10 ranges; an
 *   empty start and end is everything. It is long-running: 202, Location, and the `BlobRestoreStatus` with its restoreId.
 * - One restore at a time in an account, and never cancelled; it is undone by a second one.
 * - It succeeds completely or changes nothing. It fails where a container was deleted since the moment.
 * - `blobRestoreStatus` of the account, only with `$expand`, tells of the last restore, its moment and ranges.
 * - Containers that are deleted are listed with `$include=deleted` only.
 * And after Microsoft.Resources, resources.json (Tags_UpdateAtScope, 2021-04-01): PATCH with the operation Merge leaves
 * other tags as they are; a value has at most 256 characters.
 * The emulator's own choices: the codes of its refusals, that ranges are everything or nothing, and that a restore takes as
 * long as a gateway update.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ArmFault, invalid, resourceNotFound } from '../arm-fault.ts';
import { type ArmCall, type ArmReply, ok, type Route } from '../route.ts';
import { storageType } from '../telemetry/resources.ts';
import type { BlobRestore, BlobStore } from './blob-store.ts';
import { earliestOf } from './cell-stores.ts';

const type = storageType.toLowerCase();
const since = '2021-09-01';
const dayMs = 86_400_000;

export const blobServiceRoutes: readonly Route[] = [
  { on: `GET ${type}/blobservices`, since, run: (call) => ok(blobsDocument(call, found(call))) },
  { on: `GET ${type}/blobservices/containers[]`, since, run: containers },
  { on: `DELETE ${type}/blobservices/containers`, since, run: removeContainer },
  { on: `POST ${type}:restoreblobranges`, since, writes: true, run: restore },
  { on: 'PATCH microsoft.resources/tags', since: '2019-10-01', run: mergeTags },
];

function found({ estate, path: { subscription, group = '', names } }: ArmCall): BlobStore {
  const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/${storageType}/${names[0]}`;
  const store = estate.stores.blobs.get(id.toLowerCase());
  if (!store) throw resourceNotFound(storageType, names[0] ?? '', group);
  return store;
}

/** The earliest moment to which blobs can go back. */
function earliest(store: BlobStore, now: number): number {
  return earliestOf(store, now) + dayMs;
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
        ? { enabled: true, days: 6, minRestoreTime: new Date(earliest(store, now)).toISOString() }
        : { enabled: false },
    },
  };
}

function containers(call: ArmCall): ArmReply {
  const store = found(call);
  const deletedToo = /\bdeleted\b/i.test(call.url.searchParams.get('$include') ?? '');
  return ok({
    value: store.containers
      .filter(({ deletedAt }) => deletedToo || deletedAt === undefined)
      .map(({ name, deletedAt }) => ({
        id: `${store.id}/blobServices/default/containers/${name}`,
        name,
        type: `${storageType}/blobServices/containers`,
        properties: {
          hasImmutabilityPolicy: false,
          hasLegalHold: false,
          ...(deletedAt !== undefined && { deleted: true, deletedTime: new Date(deletedAt).toISOString() }),
        },
      })),
  });
}

/** Kept for as long as soft delete says. */
function removeContainer(call: ArmCall): ArmReply {
  const container = found(call).containers.find(
    ({ name, deletedAt }) => name === call.path.names[2] && deletedAt === undefined,
  );
  if (!container) return { status: 204, changed: false };
  container.deletedAt = call.now;
  return { status: 200 };
}

const restoreSchema = z.looseObject({
  timeToRestore: z.iso.datetime({ offset: true }),
  blobRanges: z
    .array(z.strictObject({ startRange: z.string(), endRange: z.string() }))
    .min(1)
    .max(10),
});

function restore(call: ArmCall): ArmReply {
  const { estate, faults, now, origin, path, apiVersion } = call;
  const store = found(call);
  const account = estate.storage.all.get(path.names[0]?.toLowerCase() ?? '');
  const { data } = restoreSchema.safeParse(call.body);
  if (!data) throw invalid('InvalidRequestPropertyValue', 'A restore names a time and one to ten ranges.');
  if (!store.restores || account?.hierarchical)
    throw new ArmFault(409, 'FeatureNotEnabled', 'Point-in-time restore is not enabled for the account.');
  if (store.restore?.status === 'InProgress')
    throw new ArmFault(409, 'OperationInProgress', `The restore ${store.restore.restoreId} is in progress.`);
  if (account?.failoverInProgress) throw new ArmFault(409, 'OperationInProgress', 'A failover is in progress.');
  const moment = Date.parse(data.timeToRestore);
  if (moment < earliest(store, now) || moment > now)
    throw invalid('InvalidRequestPropertyValue', `The blobs cannot be restored to '${data.timeToRestore}'.`);
  const { timeToRestore, blobRanges } = data;
  const ours: BlobRestore = {
    restoreId: randomUUID(),
    status: 'InProgress',
    parameters: { timeToRestore, blobRanges },
  };
  store.restore = ours;
  const operation = estate.operations.start(
    {
      takesMs: faults.gatewayDelayMs,
      fails: faults.takeFailure(),
      onEnd: (succeeded) => {
        const gone = store.containers.find(({ deletedAt }) => deletedAt !== undefined && deletedAt > moment);
        const done = succeeded && !gone && estate.regionWorks(store.region.name);
        ours.status = done ? 'Complete' : 'Failed';
        if (done) store.putBack(moment, estate.now());
        else ours.failureReason = gone ? `The container ${gone.name} was deleted.` : 'The restore was given up.';
        estate.changed();
        return { done: true, body: ours };
      },
    },
    now,
  );
  const location = `${origin}/subscriptions/${path.subscription}/providers/Microsoft.Storage/locations/${store.region.name}/asyncoperations/${operation.id}?api-version=${apiVersion}`;
  return { status: 202, headers: { location, 'retry-after': '0' }, body: { ...ours } };
}

const tagsSchema = z.looseObject({
  operation: z.literal('Merge'),
  properties: z.looseObject({ tags: z.record(z.string().max(128), z.string().max(256)) }),
});

function mergeTags(call: ArmCall): ArmReply {
  const { scope = '', group = '' } = call.path;
  const store = call.estate.stores.blobs.get(scope.toLowerCase());
  if (!store) throw resourceNotFound(storageType, scope.split('/').at(-1) ?? '', group);
  const { data } = tagsSchema.safeParse(call.body);
  if (!data) throw invalid('InvalidRequestContent', 'The emulator merges tags only, of at most 256 characters.');
  Object.assign(store.tags, data.properties.tags);
  return ok({ properties: { tags: { ...store.tags } } });
}
