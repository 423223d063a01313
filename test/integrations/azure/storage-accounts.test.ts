import { parseEstate } from '../../../src/domain/estate-file.ts';
import { applyChange } from '../../../src/engine/change-step.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import type { StoragePort, StorageState } from '../../../src/ports/storage.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';

const never = new AbortController().signal;
const group = '/subscriptions/00000000-0000-4000-8000-00000000cafe/resourceGroups/rg-stamps-production/providers';
const id = `${group}/Microsoft.Storage/storageAccounts/stcellbanking`;
const ref = { kind: 'storage-account', id };

describe('storage accounts, over the emulator', () => {
  let azure: RunningAzure;
  let storage: StoragePort;

  beforeEach(async () => {
    azure = await startRunningAzure();
    const token = await tokenFor(azure, 'https://management.azure.com');
    const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const { armUrl } = azure;
    storage = createAzure({
      estate: parseEstate(azure.estateFile),
      armUrl,
      credential,
      clock: systemClock,
    }).storageAccounts;
  });
  afterEach(() => azure.close());

  /** Writes as the engine does: until the operation has ended. */
  async function write(to: StorageState): Promise<void> {
    const { operation } = await storage.write(ref, to, { signal: never, runId: 'r-1' });
    for (let looks = 0; operation !== undefined; looks += 1) {
      const status = await storage.poll?.(operation, never);
      if (status?.state !== 'running') return;
      if (looks > 500) throw new Error('never ends');
      await systemClock.sleep(10);
    }
  }
  const state = async () => (await storage.read(ref, never)).state;

  it('are read with what Azure says of their copy', async () => {
    expect(await storage.account(id, never)).toMatchObject({
      name: 'stcellbanking',
      primary: 'eastus',
      secondary: 'westus',
      redundancy: 'Standard_RAGRS',
      copyStatus: 'Live',
      canFailOver: true,
      canFailOverPlanned: true,
      afterUnplanned: 'Standard_LRS',
      obstacles: [],
      busy: false,
    });
    const lastSyncAt = (await storage.account(id, never))?.lastSyncAt ?? 0;
    expect(Date.now() - lastSyncAt).toBeGreaterThan(5_000);
    expect(await storage.account(`${id}x`, never)).toBeUndefined();
  });

  it('fail over without loss and come back while both regions are there', async () => {
    await write({ primary: 'westus', redundancy: 'Standard_RAGRS' });
    expect(await state()).toEqual({ primary: 'westus', redundancy: 'Standard_RAGRS' });
    expect(await storage.account(id, never)).toMatchObject({ secondary: 'eastus' });
    await write({ primary: 'eastus', redundancy: 'Standard_RAGRS' });
    expect(await state()).toEqual({ primary: 'eastus', redundancy: 'Standard_RAGRS' });
  });

  it('can only be forced once a region is lost, are locally redundant then, and need a copy to come back', async () => {
    azure.faults.failRegion('eastus');
    expect(await storage.account(id, never)).toMatchObject({ canFailOver: true, canFailOverPlanned: false });
    await expect(write({ primary: 'westus', redundancy: 'Standard_RAGRS' })).rejects.toMatchObject({
      code: 'conflict',
    });
    await write({ primary: 'westus', redundancy: 'Standard_LRS', dataLossAllowed: true });
    expect(await state()).toEqual({ primary: 'westus', redundancy: 'Standard_LRS' });
    expect(await storage.account(id, never)).toMatchObject({ canFailOver: false });
    azure.faults.healRegion('eastus');
    await expect(write({ primary: 'eastus', redundancy: 'Standard_LRS' })).rejects.toMatchObject({ code: 'bad-input' });

    const geo = { primary: 'westus', redundancy: 'Standard_RAGRS' };
    await write(geo);
    expect(await storage.pending?.(ref, geo, never)).toContain('Bootstrap');
    expect(await storage.account(id, never)).toMatchObject({ copyStatus: 'Bootstrap', canFailOver: false });
  });

  describe('whose failover is asked for by two at once', () => {
    const before = { primary: 'eastus', redundancy: 'Standard_RAGRS' };
    const after = { primary: 'westus', redundancy: 'Standard_RAGRS' };
    const step = {
      ...({ kind: 'change', id: 'fail-over-storage', says: 'fail over', resource: ref, before, after } as const),
      timeoutMs: 30_000,
    };
    const records = {
      earlier: async () => ({ intended: false }),
      intend: async () => 'go' as const,
      holds: () => true,
      withdraw: async () => undefined,
      operation: async () => undefined,
    };
    const world = { clock: systemClock, signal: never, runId: 'r-1' };
    const failovers = () => azure.accepted.filter(({ path }) => path.endsWith('/failover')).length;

    it('sees another’s that came first, and sends none', async () => {
      await storage.write(ref, after, { signal: never, runId: 'somebody' });
      expect(await applyChange(step, storage, records, world)).toMatchObject({ state: 'already' });
      expect(failovers()).toBe(1);
    });

    it('goes once where another’s comes between its last look and its own, which Azure refuses', async () => {
      const raced: StoragePort = {
        ...storage,
        async write(...args) {
          await storage.write(ref, after, { signal: never, runId: 'somebody' });
          return storage.write(...args);
        },
      };
      expect(await applyChange(step, raced, records, world)).toMatchObject({ state: 'already' });
      expect(await state()).toEqual(after);
      expect(failovers()).toBe(1);
    });

    it('goes once though its answer is lost', async () => {
      azure.faults.loseAnswers(1);
      expect(await applyChange(step, storage, records, world)).toMatchObject({ state: 'done' });
      expect(await state()).toEqual(after);
      expect(failovers()).toBe(1);
    });

    describe.each([
      ['which tell when they were', false],
      ['which leave no time', true],
    ])('by planned failovers %s', (_, untold) => {
      beforeEach(() => azure.faults.untoldFailovers(untold));
      /** What a process left that died as it sent the failover. */
      const left = async (agoMs: number) => {
        const { version = '' } = await storage.read(ref, never);
        return { ...records, earlier: async () => ({ intended: true, version, agoMs }) };
      };

      it('is sent again where it never went and whoever sent it has just died', async () => {
        expect(await applyChange(step, storage, await left(30_000), world)).toMatchObject({ state: 'done' });
        expect(await state()).toEqual(after);
        expect(failovers()).toBe(1);
      });

      it('is not sent again where it went and was brought back after whoever sent it had died', async () => {
        const died = await left(7 * 60_000);
        await write(after);
        await write(before);
        expect(await applyChange(step, storage, died, world)).toMatchObject({
          state: 'failed',
          says: expect.stringMatching(/put.* back.*retry sends it once more/),
        });
        expect(await state()).toEqual(before);
        expect(failovers()).toBe(2);
      });
    });

    it('is not sent again where its answer is lost and somebody has failed the account back meanwhile', async () => {
      const foreign: StoragePort = {
        ...storage,
        async write(...args) {
          try {
            return await storage.write(...args);
          } finally {
            while ((await storage.read(ref, never)).busy) await systemClock.sleep(10);
            await write(before);
          }
        },
      };
      azure.faults.loseAnswers(1);
      expect(await applyChange(step, foreign, records, world)).toMatchObject({
        state: 'failed',
        says: expect.stringContaining('somebody put it back'),
      });
      expect(await state()).toEqual(before);
      expect(failovers()).toBe(2);
    });
  });

  it('refuse a region that is not theirs, and to be removed', async () => {
    const elsewhere = { primary: 'northeurope', redundancy: 'Standard_RAGRS' };
    await expect(write(elsewhere)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(storage.write(ref, null, { signal: never, runId: 'r-1' })).rejects.toMatchObject({ code: 'refused' });
    expect(azure.accepted).toEqual([]);
  });
});
