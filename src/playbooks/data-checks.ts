import { z } from 'zod';
import { formatDuration, minuteMs, secondMs } from '../domain/duration.ts';
import { type Estate, findRegion, type Region } from '../domain/estate.ts';
import { isGeoRedundant } from '../domain/storage-redundancy.ts';
import { isOpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { StorageAccount } from '../ports/storage.ts';
import { ago, cosmosOutlook, sqlOutlook, storageOutlook } from './data-outlook.ts';
import { globalFigures } from './global-figures.ts';
import { endpointOf, mayWait, sqlGroupOf } from './region-parts.ts';
import { activeCells } from './storage-steps.ts';

export interface DataCheckParts {
  readonly estate: Estate;
  readonly azure: AzurePorts;
  readonly clock: Clock;
  /** Does the region's own address answer? */
  answers(region: Region, signal: AbortSignal): Promise<boolean>;
}

/** The run itself moves the writes of Cosmos, or brings them back: as planned, whatever is seen of the region meanwhile. */
const cosmosMoves = z.boolean().default(false);
const both = z.object({ from: z.string(), to: z.string(), acceptLoss: z.boolean().default(false), cosmosMoves });
const one = z.object({ region: z.string(), cosmosMoves });
type Asked = Omit<z.infer<typeof both>, 'from' | 'to'>;
/** Far enough back to find the last figures from before a region was lost. */
const latencyOfMs = 15 * minuteMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });
const warn = (says: string): CheckAnswer => ({ ok: true, says, warns: true });
/** Whether SQL, Cosmos and storage can follow a region's clients, and what is lost on the way, in seconds where Azure tells it. */
export function createDataChecks({ estate, azure, clock, answers }: DataCheckParts): Record<string, Check> {
  const between =
    (check: (from: Region, to: Region, signal: AbortSignal, asked: Asked) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { from, to, ...asked } = both.parse(args);
      return check(findRegion(estate, from), findRegion(estate, to), signal, asked);
    };

  function accountsOf(region: Region, signal: AbortSignal): Promise<StorageAccount[]> {
    return Promise.all(
      activeCells(estate.cells, region).map(({ storageId }) => azure.storageAccounts.account(storageId, signal)),
    ).then((accounts) => accounts.filter((account) => account !== undefined));
  }

  async function dataWaits(from: Region, acceptLoss: boolean, signal: AbortSignal): Promise<boolean> {
    const endpoint = endpointOf(await azure.traffic.profile(estate.trafficManagerId, signal), from);
    return endpoint === undefined || mayWait(endpoint, acceptLoss);
  }

  /** How far Cosmos' copies are behind, as a sentence; the 99th percentile over all pairs of regions, as Azure measures it. */
  async function cosmosLag(id: string, signal: AbortSignal): Promise<string> {
    const to = clock.now();
    const found = await globalFigures(
      { estate, azure },
      {
        id,
        namespace: 'Microsoft.DocumentDB/databaseAccounts',
        metrics: [{ name: 'ReplicationLatency', aggregation: 'average' }],
        from: to - latencyOfMs,
        to,
        interval: 'PT1M',
      },
      signal,
    ).catch((error: unknown) => {
      if (isOpsError(error) && !signal.aborted) return error;
      throw error;
    });
    // It does not decide: the failover goes on without the figure.
    if (isOpsError(found)) return `How far its copies are behind could not be read: ${found.message}`;
    const last = found.get('ReplicationLatency')?.at(-1);
    if (!last) return 'Azure has no figure of how far its copies are behind.';
    return `Its copies were ${last.value < secondMs ? `${Math.round(last.value)} ms` : formatDuration(last.value)} behind ${ago(last.at, clock.now())}.`;
  }

  return {
    'sql-can-follow': between(async (from, to, signal, { acceptLoss }) => {
      const id = sqlGroupOf(to, from);
      if (id === undefined) return yes('The estate file names no failover group of SQL.');
      const [group, waits] = await Promise.all([azure.sql.group(id, signal), dataWaits(from, acceptLoss, signal)]);
      return sqlOutlook(group, from, to, waits);
    }),

    'cosmos-can-follow': between(async (from, to, signal, { cosmosMoves }) => {
      const id = estate.cosmosAccountId;
      if (id === undefined) return yes('The estate file names no Cosmos account.');
      const account = await azure.cosmosAccounts.account(id, signal);
      const writesHere = !account.multipleWriteRegions && account.regions[0] === from.name;
      // Without an address nobody can tell.
      const asks = writesHere && cosmosMoves && from.probeUrl !== undefined;
      const silent = asks && !(await answers(from, signal));
      const outlook = cosmosOutlook(account, from, to, { moves: cosmosMoves, silent });
      return outlook.ok && (writesHere || account.multipleWriteRegions)
        ? { ...outlook, says: `${outlook.says} ${await cosmosLag(id, signal)}` }
        : outlook;
    }),

    'storage-can-follow': between(async (from, to, signal, { acceptLoss }) => {
      const accounts = await accountsOf(from, signal);
      if (accounts.length === 0) return yes(`The cells of ${from.name} have no storage account of their own.`);
      const waits = await dataWaits(from, acceptLoss, signal);
      return storageOutlook(accounts, to, { acceptLoss, waits, now: clock.now() });
    }),

    'data-has-caught-up': async (args, signal) => {
      const { region: named, cosmosMoves } = one.parse(args);
      const region = findRegion(estate, named);
      const [sql, storage, left] = await Promise.all([
        sqlCaughtUp(region, signal),
        storageCaughtUp(region, signal),
        cosmosMoves ? undefined : cosmosLeft(region, signal),
      ]);
      if (!sql.ok) return sql;
      if (!storage.ok) return storage;
      const says = [sql.says, storage.says, left ?? ''].filter((words) => words !== '').join(' ');
      return left === undefined ? yes(says) : warn(says);
    },
  };

  /** Where Cosmos takes its writes elsewhere and no run of ours moved them: Azure moves those of a lost region by itself, and never back. */
  async function cosmosLeft(region: Region, signal: AbortSignal): Promise<string | undefined> {
    const id = estate.cosmosAccountId;
    if (id === undefined) return undefined;
    const { regions, multipleWriteRegions } = await azure.cosmosAccounts.account(id, signal);
    if (multipleWriteRegions || regions[0] === region.name || !regions.includes(region.name)) return undefined;
    return `Cosmos takes writes in ${regions[0]} and stays there: no run of ours moved them.`;
  }

  async function sqlCaughtUp(region: Region, signal: AbortSignal): Promise<CheckAnswer> {
    const id = region.sqlFailoverGroupId;
    if (id === undefined) return yes('The estate file names no failover group of SQL here.');
    const { replicationState } = await azure.sql.group(id, signal);
    return replicationState === 'CATCH_UP'
      ? yes(`SQL in ${region.name} has caught up.`)
      : no(`SQL in ${region.name} has not caught up: it is ${replicationState}.`);
  }

  async function storageCaughtUp(region: Region, signal: AbortSignal): Promise<CheckAnswer> {
    const away = (await accountsOf(region, signal)).filter(({ primary }) => primary !== region.name);
    const bare = away.filter(({ redundancy }) => !isGeoRedundant(redundancy)).map(({ name }) => name);
    const unable = away.find((it) => isGeoRedundant(it.redundancy) && !it.canFailOverPlanned);
    if (unable)
      return no(`${unable.name} cannot come back without loss: its copy is ${unable.copyStatus ?? 'not known'}.`);
    return yes(
      bare.length === 0
        ? ''
        : `${bare.join(' and ')} has no copy in ${region.name}: this run makes one first, which may take hours.`,
    );
  }
}
