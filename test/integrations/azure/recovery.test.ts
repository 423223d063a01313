import { findCell } from '../../../src/domain/estate.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { commonRange } from '../../../src/domain/recovery.ts';
import { parseAzureTime } from '../../../src/integrations/azure/cosmos-backups.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { cosmosCopyOf, sqlCopyOf } from '../../../src/playbooks/recovery-parts.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { ResourceKind } from '../../../src/ports/resource-kind.ts';
import { armOf, type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const options = { signal: never, runId: 'r-1' };
const minuteMs = 60_000;

describe('recovery, over the emulator', () => {
  let azure: RunningAzure;
  let ports: AzurePorts;
  const estate = () => parseEstate(azure.estateFile, { metricsUrl: azure.metricsUrl });
  const banking = () => findCell(estate(), 'cell-banking');
  const accountId = () => banking().data?.cosmosAccountId as string;
  const ago = (minutes: number) => new Date(Math.floor(Date.now() / 1000) * 1000 - minutes * minuteMs).toISOString();

  beforeEach(async () => {
    azure = await startRunningAzure();
    const { armUrl } = azure;
    const token = await tokenFor(azure, 'https://management.azure.com');
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    ports = createAzure({ estate: estate(), armUrl, credential, clock: systemClock });
  });
  afterEach(() => azure.close());

  /** As the engine does: until the operation has ended, and then until the effect is there. */
  async function write(kind: unknown, id: string, to: unknown): Promise<string> {
    const any = kind as ResourceKind;
    const ref = { kind: any.kind, id };
    const { operation } = await any.write(ref, to as never, options);
    for (; operation !== undefined; await systemClock.sleep(20)) {
      const status = await any.poll?.(operation, never);
      if (status?.state === 'failed') return status.says;
      if (status?.state !== 'running') break;
    }
    while (await any.pending?.(ref, to as never, never)) await systemClock.sleep(20);
    return 'done';
  }
  const state = async (kind: unknown, id: string) => (await (kind as ResourceKind).read({ kind: '', id }, never)).state;

  it('finds the range of each store, and one for SQL and Cosmos together', async () => {
    const found = await ports.recovery.ranges(banking(), never);
    expect(found.map(({ store, how }) => [store, how])).toEqual([
      ['SQL', 'beside'],
      ['blobs', 'in place'],
      ['Cosmos', 'beside'],
    ]);
    const range = commonRange(found);
    // Both keep a week; of SQL the last ten minutes are not yet in a backup.
    expect(Date.parse(range?.latest ?? '')).toBeLessThan(Date.now() - 9 * minuteMs);
    expect(Date.parse(range?.earliest ?? '')).toBeLessThan(Date.now() - 6 * 24 * 60 * minuteMs);
    expect(azure.accepted).toEqual([]);
  });

  it.each([
    ['cell-retail', 'Cosmos', /periodic/],
    ['cell-retail', 'blobs', /switched off, and so are versioning, the change feed/],
    ['cell-banking-dr', 'Cosmos', /names no Cosmos account/],
  ])('says of %s why %s is not restored, and the way by hand', async (cell, store, why) => {
    const found = await ports.recovery.ranges(findCell(estate(), cell), never);
    expect(found.find((it) => it.store === store)).toMatchObject({
      how: 'no',
      why: expect.stringMatching(why),
      byHand: expect.stringMatching(/\S/),
    });
  });

  it('restores SQL beside the original, as it was, and deletes the copy again', async () => {
    const { sqlCopies, sqlContent } = ports.recovery;
    const at = ago(60);
    const { resource } = sqlCopyOf(banking(), at);
    const wanted = { from: banking().sqlDatabaseId, at };
    expect(await state(sqlCopies, resource.id)).toBeNull();
    azure.faults.loseData('cell-banking');
    const before = azure.configuration();
    expect(await write(sqlCopies, resource.id, wanted)).toBe('done');
    expect(await state(sqlCopies, resource.id)).toEqual(wanted);
    const [copy, original] = await Promise.all([
      sqlContent(resource.id, never),
      sqlContent(banking().sqlDatabaseId, never),
    ]);
    expect(copy.bytes).toBeGreaterThan(10 * (original.bytes ?? Number.NaN));
    expect(await write(sqlCopies, resource.id, null)).toBe('done');
    expect(await state(sqlCopies, resource.id)).toBeNull();
    expect(azure.configuration()).toEqual(before);
  });

  it('restores Cosmos into an account of its own, which nobody may use yet', async () => {
    const { cosmosCopies, cosmosContent, cosmosReaders } = ports.recovery;
    const at = ago(60);
    const { resource } = cosmosCopyOf(accountId(), at);
    expect(await write(cosmosCopies, resource.id, { from: accountId(), at })).toBe('done');
    expect(await state(cosmosCopies, resource.id)).toEqual({ from: accountId(), at });
    expect((await cosmosContent(resource.id, never)).containers).toEqual([
      'cell/accounts',
      'cell/documents',
      'cell/events',
    ]);
    expect((await cosmosContent(accountId(), never)).documents).toBeGreaterThan(200_000);
    expect(await cosmosReaders(resource.id, never)).toEqual([]);
    azure.faults.grantCopies('cell-banking');
    expect(await cosmosReaders(resource.id, never)).toEqual(await cosmosReaders(accountId(), never));
    expect(await write(cosmosCopies, resource.id, null)).toBe('done');
  });

  it('deletes nothing that it did not make', async () => {
    for (const [kind, id] of [
      [ports.recovery.sqlCopies, banking().sqlDatabaseId],
      [ports.recovery.cosmosCopies, accountId()],
    ] as const) {
      await expect(kind.write({ kind: kind.kind, id }, null, options)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('only what it made'),
      });
    }
    expect(azure.accepted).toEqual([]);
  });

  it.each([
    [20 * 24 * 60, 'before the earliest'],
    [-60, 'in the future'],
  ])('a moment %d min ago (%s) is refused by Azure as well', async (minutes) => {
    const at = ago(minutes);
    const sql = sqlCopyOf(banking(), at).resource;
    const cosmos = cosmosCopyOf(accountId(), at).resource;
    await expect(
      ports.recovery.sqlCopies.write(sql, { from: banking().sqlDatabaseId, at }, options),
    ).rejects.toMatchObject({ code: 'bad-input' });
    await expect(ports.recovery.cosmosCopies.write(cosmos, { from: accountId(), at }, options)).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('tells a restore that Azure gave up, and leaves nothing behind', async () => {
    const at = ago(60);
    const { resource } = sqlCopyOf(banking(), at);
    azure.faults.failOperation();
    expect(await write(ports.recovery.sqlCopies, resource.id, { from: banking().sqlDatabaseId, at })).not.toBe('done');
    expect(await state(ports.recovery.sqlCopies, resource.id)).toBeNull();
  });

  it('starts a revision on other data, sends the traffic there, and takes both back', async () => {
    const { appData } = ports;
    // The one whose traffic is pinned to a revision by name.
    const cell = findCell(estate(), 'cell-healthcare');
    const before = azure.configuration();
    const revision = `${cell.containerAppId}/revisions/app-cell-healthcare--r1`;
    const original = { database: 'sql-cell-healthcare', account: 'cosmos-cell-healthcare' };
    const copy = { database: 'sql-cell-healthcare-r1', account: 'cosmos-cell-healthcare-r1' };
    expect(await appData.pointers(cell, 'app-cell-healthcare--v23', never)).toEqual(original);
    await write(appData.revisions, revision, copy);
    expect(await state(appData.revisions, revision)).toEqual(copy);
    expect(await appData.routing(cell, never)).toEqual({
      single: false,
      weights: [{ revision: 'app-cell-healthcare--v23', weight: 100 }],
    });
    await write(appData.traffic, cell.containerAppId, {
      weights: [{ revision: 'app-cell-healthcare--r1', weight: 100 }],
    });
    await write(appData.traffic, cell.containerAppId, {
      weights: [{ revision: 'app-cell-healthcare--v23', weight: 100 }],
    });
    await write(appData.revisions, revision, null);
    expect(await state(appData.revisions, revision)).toBeNull();
    expect(azure.configuration()).toEqual(before);
    // What was made once is only switched on again.
    await write(appData.revisions, revision, copy);
    expect(await state(appData.revisions, revision)).toEqual(copy);
  });

  it('reads times as Azure writes them', () => {
    expect(new Date(parseAzureTime('10/26/2021 5:27:45 PM')).toISOString()).toBe('2021-10-26T17:27:45.000Z');
    expect(new Date(parseAzureTime('2021-10-26T17:27:45Z')).toISOString()).toBe('2021-10-26T17:27:45.000Z');
    expect(parseAzureTime('soon')).toBeNaN();
  });

  it('the emulator restores on the server of the source only', async () => {
    const arm = await armOf(azure);
    const id = `${banking().sqlDatabaseId.replaceAll('eastus', 'westus').replace('production', 'dr')}-r1`;
    const { status } = await arm('PUT', id, {
      body: {
        location: 'westus',
        properties: {
          createMode: 'PointInTimeRestore',
          sourceDatabaseId: banking().sqlDatabaseId,
          restorePointInTime: ago(60),
        },
      },
    });
    expect(status).toBe(400);
  });
});
