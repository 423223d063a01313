import { z } from 'zod';
import { clock as clockWords } from '../../domain/recovery.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { BlobContainer, BlobRestoreState } from '../../ports/recovery.ts';
import type { ResourceKind } from '../../ports/resource-kind.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.Storage, storage.json and blob.json). */
const apiVersion = '2023-05-01';
/** Stable (azure-rest-api-specs, Microsoft.Resources, resources.json, Tags_UpdateAtScope). */
const tagsApi = '2021-04-01';
const accountType = 'Microsoft.Storage/storageAccounts';
/** “Restore all blobs” (azure-powershell, New-AzStorageBlobRangeToRestore): the account is the cell's alone. */
const everything = [{ startRange: '', endRange: '' }];
const pollMs = 5_000;

/** What the account says of the last restore that Stamps asked for. */
const marks = {
  at: 'stamps-blobs-as-of',
  /** The moment just before it, by Azure's clock: where the way back leads. */
  before: 'stamps-blobs-before',
  /** The state that it found: what it is again after the way back. */
  found: 'stamps-blobs-found',
  /** The last restore at that time: as long as Azure names that one, ours was not taken. */
  after: 'stamps-blobs-after',
} as const;

const restoreSchema = z.looseObject({
  status: z.string(),
  restoreId: z.string().default(''),
  failureReason: z.string().nullish(),
  parameters: z.looseObject({ timeToRestore: z.string() }).nullish(),
});
const accountSchema = z.looseObject({
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z.looseObject({ blobRestoreStatus: restoreSchema.nullish() }),
});
type Account = z.infer<typeof accountSchema>;
const containerSchema = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    deleted: z.boolean().nullish(),
    deletedTime: z.string().nullish(),
    hasImmutabilityPolicy: z.boolean().nullish(),
    hasLegalHold: z.boolean().nullish(),
  }),
});

/**
 * Blobs put back over what is there, by Azure's point-in-time restore, which knows no other way. Before it is asked for,
 * the account is marked with the moment of that, by Azure's clock: the way back is a restore to it. What Azure says of its
 * last restore tells whether ours was taken, so that no answer that is lost leads to a second one.
 */
export function createBlobRestores(azure: AzureContext): ResourceKind<BlobRestoreState> {
  const { arm, call } = azure;

  const read = (id: string, signal: AbortSignal): Promise<{ account: Account; readAt: string }> => {
    const [name] = parseArmId(id, accountType).names;
    const path = `${id}?$expand=blobRestoreStatus`;
    return call.read(`read the storage account ${name}`, signal, async (signal) => {
      const answer = await arm.send({ method: 'GET', path, apiVersion }, signal);
      return { account: accountSchema.parse(answer.body), readAt: answer.header('date') ?? '' };
    });
  };

  async function restore(id: string, timeToRestore: string, what: string, signal: AbortSignal) {
    const body = { timeToRestore, blobRanges: everything };
    const answer = await call.write(what, signal, (signal) =>
      arm.send({ method: 'POST', path: `${id}/restoreBlobRanges`, apiVersion, body }, signal),
    );
    const { restoreId = '' } = restoreSchema.safeParse(answer.body).data ?? {};
    return restoreId === '' ? {} : { operation: JSON.stringify({ id, restoreId }) };
  }

  return {
    kind: 'blob-restore',
    equals: (a, b) => a?.at === b?.at && a?.restoreId === b?.restoreId,
    describe: (before, after) => `blobs: ${word(before)} → ${word(after)}`,
    lost: () => 'What was written to the blobs since then is undone.',

    async read(ref, signal) {
      try {
        const { account } = await read(ref.id, signal);
        return { state: stateOf(account), busy: isRunning(account) };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal, runId }) {
      const [name] = parseArmId(ref.id, accountType).names;
      const { account, readAt } = await read(ref.id, signal);
      const [now, marked] = [stateOf(account), account.tags ?? {}];
      const before = marked[marks.before];
      if (before !== undefined && marked[marks.found] === mark(to) && mark(now) === mark({ at: marked[marks.at] }))
        return restore(ref.id, before, `put the blobs of ${name} back to ${before}`, signal);
      if (to?.at === undefined)
        throw new OpsError('refused', `Nothing says to when the blobs of ${name} would go back.`, {
          hint: 'Look at the account’s restores in Azure: docs/runbooks/swap-data.md says how by hand.',
        });
      const what = `put the blobs of ${name} back to ${to.at}`;
      const azureNow = Date.parse(readAt);
      if (Number.isNaN(azureNow)) throw azureError('bad-response', what);
      const tags = {
        [marks.at]: to.at,
        [marks.before]: new Date(azureNow).toISOString(),
        [marks.found]: mark(now),
        [marks.after]: account.properties.blobRestoreStatus?.restoreId ?? '',
        'stamps-run': runId,
      };
      const body = { operation: 'Merge', properties: { tags } };
      const path = `${ref.id}/providers/Microsoft.Resources/tags/default`;
      await call.write(`mark the storage account ${name}`, signal, (signal) =>
        arm.send({ method: 'PATCH', path, apiVersion: tagsApi, body }, signal),
      );
      return restore(ref.id, to.at, what, signal);
    },

    async poll(operation, signal) {
      const { id, restoreId } = z.strictObject({ id: z.string(), restoreId: z.string() }).parse(JSON.parse(operation));
      const last = (await read(id, signal)).account.properties.blobRestoreStatus;
      if (last?.restoreId !== restoreId) throw azureError('not-found', 'follow a restore of blobs');
      if (isInProgress(last.status)) return { state: 'running', retryAfterMs: pollMs };
      if (isFailed(last.status)) return { state: 'failed', says: last.failureReason ?? 'the blobs are as they were' };
      return { state: 'succeeded' };
    },
  };
}

/** An account's containers, the deleted ones that Azure still keeps among them. */
export function blobContainers(azure: AzureContext, id: string, signal: AbortSignal): Promise<BlobContainer[]> {
  const { arm, call } = azure;
  const [name] = parseArmId(id, accountType).names;
  const path = `${id}/blobServices/default/containers?$include=deleted`;
  return call.read(`list the containers of ${name}`, signal, async (signal) =>
    (await armList(arm, { path, apiVersion }, containerSchema, signal)).map(({ name, properties: it }) => ({
      name,
      ...(it.deleted && it.deletedTime && { deletedAt: it.deletedTime }),
      locked: Boolean(it.hasImmutabilityPolicy || it.hasLegalHold),
    })),
  );
}

function stateOf({ tags, properties }: Account): BlobRestoreState | null {
  const last = properties.blobRestoreStatus;
  const [at, before, after = ''] = [tags?.[marks.at], tags?.[marks.before], tags?.[marks.after]];
  const lastId = last?.restoreId ?? '';
  if (at === undefined || before === undefined) return lastId === '' ? null : { restoreId: lastId };
  const found = unmark(tags?.[marks.found] ?? '');
  // Marked, and not yet asked for.
  if (!last || lastId === after) return found;
  const [wentTo, failed] = [Date.parse(last.parameters?.timeToRestore ?? ''), isFailed(last.status)];
  // A restore that fails has changed nothing: it “either succeeds completely … or it fails” (MicrosoftDocs).
  if (wentTo === Date.parse(at)) return failed ? found : { at };
  if (wentTo === Date.parse(before)) return failed ? { at } : found;
  return { restoreId: lastId };
}

/** A state as a tag's value: `as-of 2026-01-15T10:30:00.000Z`, `restore 11111111-…`, or nothing. */
function mark(state: { at?: string | undefined; restoreId?: string } | null): string {
  if (state?.at !== undefined) return `as-of ${state.at}`;
  return state?.restoreId === undefined ? '' : `restore ${state.restoreId}`;
}

function unmark(text: string): BlobRestoreState | null {
  const [what, value = ''] = text.split(' ');
  if (what === 'as-of') return { at: value };
  return what === 'restore' ? { restoreId: value } : null;
}

function isRunning({ properties }: Account): boolean {
  return isInProgress(properties.blobRestoreStatus?.status ?? '');
}

function isInProgress(status: string): boolean {
  return /^inprogress$/i.test(status);
}

function isFailed(status: string): boolean {
  return /^failed$/i.test(status);
}

function word(state: BlobRestoreState | null): string {
  if (!state) return 'as they were';
  return state.at === undefined ? `as somebody restored them (${state.restoreId})` : `as of ${clockWords(state.at)}`;
}
