import { findCell } from '../../../src/domain/estate.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { BlobRestoreState, RecoveryPort } from '../../../src/ports/recovery.ts';
import type { ResourceKind } from '../../../src/ports/resource-kind.ts';
import { armOf, type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const signal = new AbortController().signal;
const minuteMs = 60_000;
const everything = [{ startRange: '', endRange: '' }];

describe('blobs put back in place, over the emulator', () => {
  let azure: RunningAzure;
  let recovery: RecoveryPort;
  let kind: ResourceKind<BlobRestoreState>;
  let aheadMs = 0;
  const estate = () => parseEstate(azure.estateFile, { metricsUrl: azure.metricsUrl });
  const idOf = (cell: string) => findCell(estate(), cell).storageId;
  const ref = () => ({ kind: 'blob-restore', id: idOf('cell-banking') });
  /** To the second; the same all through a test. */
  const begun = Math.floor(Date.now() / 1000) * 1000;
  const ago = (minutes: number) => new Date(begun - minutes * minuteMs).toISOString();
  const state = async () => (await kind.read(ref(), signal)).state;
  const write = (to: BlobRestoreState | null) => kind.write(ref(), to, { signal, runId: 'r-1' });
  /** Azure’s clock as its answers tell it has whole seconds. */
  const nextSecond = () => {
    aheadMs += 1_000;
  };
  const lost = () =>
    azure
      .snapshot()
      .regions.flatMap(({ cells }) => cells)
      .find(({ name }) => name === 'cell-banking')?.data?.blobsLost;

  beforeEach(async () => {
    azure = await startRunningAzure({ now: () => Date.now() + aheadMs });
    const token = await tokenFor(azure, 'https://management.azure.com');
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const azurePorts = createAzure({ estate: estate(), armUrl: azure.armUrl, credential, clock: systemClock });
    recovery = azurePorts.recovery;
    kind = recovery.blobRestores;
  });
  afterEach(() => azure.close());

  /** As the engine does: writes, and follows what it wrote to its end. */
  async function done(to: BlobRestoreState | null): Promise<string> {
    const { operation = '' } = await write(to);
    for (;;) {
      const status = await kind.poll?.(operation, signal);
      if (status?.state === 'failed') return status.says;
      if (status?.state === 'succeeded') return 'done';
      await systemClock.sleep(20);
    }
  }

  it('puts them back to a moment, and then to the moment just before that', async () => {
    expect(await state()).toBeNull();
    azure.faults.loseData('cell-banking');
    nextSecond();
    expect(lost()).toBe(true);
    const at = ago(60);
    expect(await done({ at })).toBe('done');
    expect([await state(), lost()]).toEqual([{ at }, false]);
    expect(await done(null)).toBe('done');
    expect([await state(), lost()]).toEqual([null, true]);
    // And again: what was restored before is no longer in the way.
    nextSecond();
    expect(await done({ at })).toBe('done');
    expect([await state(), lost()]).toEqual([{ at }, false]);
  });

  it('knows its restore again when nobody heard the answer, and counts it as at work', async () => {
    azure.faults.gatewayDelay(60_000);
    const at = ago(60);
    await write({ at });
    expect(await kind.read(ref(), signal)).toEqual({ state: { at }, busy: true });
    await expect(write({ at: ago(90) })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is as it was when it died between the mark and the restore, and then does it once', async () => {
    azure.faults.loseAnswers(1);
    const at = ago(60);
    await expect(write({ at })).rejects.toMatchObject({ transient: true });
    expect(azure.accepted.map(({ method }) => method)).toEqual(['PATCH']);
    expect(await kind.read(ref(), signal)).toEqual({ state: null, busy: false });
    expect(await done({ at })).toBe('done');
    expect(azure.accepted.filter(({ path }) => path.endsWith('/restoreBlobRanges'))).toHaveLength(1);
  });

  it('after a second swap goes back to just before that, not to the first one’s moment', async () => {
    const [first, second] = [ago(90), ago(60)];
    await done({ at: first });
    nextSecond();
    azure.faults.loseData('cell-banking');
    nextSecond();
    await done({ at: second });
    expect([await state(), lost()]).toEqual([{ at: second }, false]);
    await done({ at: first });
    expect([await state(), lost()]).toEqual([{ at: first }, true]);
  });

  it('sees a restore of somebody else’s, and gives it back as it found it', async () => {
    const arm = await armOf(azure);
    const by = await arm('POST', `${idOf('cell-banking')}/restoreBlobRanges`, {
      body: { timeToRestore: ago(30), blobRanges: everything },
    });
    const theirs = { restoreId: by.body.restoreId };
    while ((await kind.read(ref(), signal)).busy) await systemClock.sleep(20);
    expect(await state()).toEqual(theirs);
    await expect(write(null)).rejects.toMatchObject({ code: 'refused', hint: expect.stringContaining('by hand') });
    await done({ at: ago(60) });
    await done(theirs);
    expect(await state()).toEqual(theirs);
  });

  it('tells a restore that Azure gave up, after which all is as it was', async () => {
    azure.faults.failOperation();
    expect(await done({ at: ago(60) })).toBe('The restore was given up.');
    expect(await state()).toBeNull();
    const arm = await armOf(azure);
    await arm('DELETE', `${idOf('cell-banking')}/blobServices/default/containers/exports`);
    expect(await done({ at: ago(60) })).toBe('The container exports was deleted.');
    const containers = await recovery.blobContainers(idOf('cell-banking'), signal);
    expect(containers.map(({ name, deletedAt }) => [name, deletedAt !== undefined])).toEqual([
      ['documents', false],
      ['exports', true],
      ['statements', false],
    ]);
  });

  it('leaves other tags of the account as they are', async () => {
    const arm = await armOf(azure);
    const tags = `${idOf('cell-banking')}/providers/Microsoft.Resources/tags/default`;
    await arm('PATCH', tags, { body: { operation: 'Merge', properties: { tags: { team: 'payments' } } } });
    await done({ at: ago(60) });
    const { body } = await arm('GET', idOf('cell-banking'));
    expect(body.tags).toMatchObject({ team: 'payments', 'stamps-run': 'r-1', 'stamps-blobs-as-of': ago(60) });
    // Only who asks for it is told of restores.
    expect(body.properties.blobRestoreStatus).toBeUndefined();
  });

  it.each([
    ['eleven ranges', 'cell-banking', { blobRanges: Array(11).fill(everything[0]) }, 400],
    ['no range', 'cell-banking', { blobRanges: [] }, 400],
    ['a moment before the earliest', 'cell-banking', { timeToRestore: '2020-01-01T00:00:00Z' }, 400],
    ['a moment in the future', 'cell-banking', { timeToRestore: '2120-01-01T00:00:00Z' }, 400],
    ['an account without the policy', 'cell-retail', {}, 409],
  ])('the emulator refuses %s, as Azure does', async (_, cell, wrong, status) => {
    const arm = await armOf(azure);
    const body = { timeToRestore: ago(60), blobRanges: everything, ...wrong };
    expect((await arm('POST', `${idOf(cell)}/restoreBlobRanges`, { body })).status).toBe(status);
    expect((await kind.read({ kind: '', id: idOf(cell) }, signal)).state).toBeNull();
  });
});
