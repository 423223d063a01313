import { z } from 'zod';
import { formatDuration, minuteMs, secondMs } from '../domain/duration.ts';
import { type Estate, findRegion, type Region } from '../domain/estate.ts';
import { isGeoRedundant } from '../domain/storage-redundancy.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import type { StorageAccount } from '../ports/storage.ts';
import { endpointOf, sqlGroupOf } from './region-parts.ts';
import { activeCells, inSeconds, mayWait, whyNot } from './storage-steps.ts';

export interface DataCheckParts {
  readonly estate: Estate;
  readonly azure: AzurePorts;
  readonly clock: Clock;
  /** Does the region's own address answer? */
  answers(region: Region, signal: AbortSignal): Promise<boolean>;
}

const both = z.object({ from: z.string(), to: z.string(), acceptLoss: z.boolean().default(false) });
/** `cosmosMoves`: the run itself brings the writes of Cosmos back. */
const one = z.object({ region: z.string(), cosmosMoves: z.boolean().default(false) });
/** Far enough back to find the last figures from before a region was lost. */
const latencyOfMs = 15 * minuteMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });
const warn = (says: string): CheckAnswer => ({ ok: true, says, warns: true });
/** Azure’s copies are “usually” less far behind (MicrosoftDocs, “Azure Storage redundancy”). */
const farBehindMs = 15 * minuteMs;

/** Whose answer it is; absent: its words say so. */
interface Alike {
  readonly name?: string;
}

/** Whether SQL, Cosmos and storage can follow a region's clients, and what is lost on the way, in seconds where Azure tells it. */
export function createDataChecks({ estate, azure, clock, answers }: DataCheckParts): Record<string, Check> {
  const between =
    (check: (from: Region, to: Region, signal: AbortSignal, acceptLoss: boolean) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { from, to, acceptLoss } = both.parse(args);
      return check(findRegion(estate, from), findRegion(estate, to), signal, acceptLoss);
    };

  function accountsOf(region: Region, signal: AbortSignal): Promise<StorageAccount[]> {
    return Promise.all(
      activeCells(estate.cells, region).map(({ storageId }) => azure.storageAccounts.account(storageId, signal)),
    ).then((accounts) => accounts.filter((account) => account !== undefined));
  }

  /** How far Cosmos' copies are behind, as a sentence; the 99th percentile over all pairs of regions, as Azure measures it. */
  async function cosmosLag(id: string, signal: AbortSignal): Promise<string> {
    const to = clock.now();
    const { series } = await azure.metrics.query(
      {
        resourceIds: [id],
        namespace: 'Microsoft.DocumentDB/databaseAccounts',
        metrics: [{ name: 'ReplicationLatency', aggregation: 'average' }],
        // The account's metrics are where it was made; the estate file does not say where, and the first region is the home of what is global.
        metricsUrl: estate.apim.metricsUrl,
        from: to - latencyOfMs,
        to,
        interval: 'PT1M',
      },
      signal,
    );
    const last = series.get(id)?.get('ReplicationLatency')?.at(-1);
    if (!last) return 'Azure has no figure of how far its copies are behind.';
    return `Its copies were ${last.value < secondMs ? `${Math.round(last.value)} ms` : formatDuration(last.value)} behind ${ago(last.at)}.`;
  }

  const ago = (at: number): string => {
    const passed = Math.max(0, clock.now() - at);
    return passed < secondMs ? 'just now' : `${formatDuration(passed)} ago`;
  };

  /** What is expected of one account, and whether that is allowed; without its name where several may go alike. */
  function judged(account: StorageAccount, to: Region, acceptLoss: boolean, waits: boolean): CheckAnswer & Alike {
    const { lastSyncAt, canFailOver, canFailOverPlanned, secondary } = account;
    const alike = (answer: CheckAnswer) => ({ ...answer, name: account.name });
    if (account.primary === to.name) return alike(yes(`in ${to.name} already.`));
    const synced =
      lastSyncAt === undefined ? 'Azure does not say up to when it is copied' : `copied up to ${ago(lastSyncAt)}`;
    if (secondary === to.name && canFailOverPlanned && waits) {
      const behindMs = lastSyncAt === undefined ? 0 : clock.now() - lastSyncAt;
      return alike(
        behindMs < farBehindMs
          ? yes(`without loss, while both regions are there (${synced}).`)
          : warn(`${inSeconds(behindMs)} behind; without loss, and no writes until all of that is copied.`),
      );
    }
    if (!acceptLoss) return no(whyNot(account, to, clock.now()));
    if (secondary !== to.name || !canFailOver)
      return warn(`${account.name} stays behind. ${whyNot(account, to, clock.now())}`);
    return alike(
      warn(
        lastSyncAt === undefined
          ? `forced; ${synced}, so nobody knows how much is lost.`
          : `forced; what was written in the last ${inSeconds(clock.now() - lastSyncAt)} is lost.`,
      ),
    );
  }

  return {
    'sql-can-follow': between(async (from, to, signal) => {
      const id = sqlGroupOf(to, from);
      if (id === undefined) return yes('The estate file names no failover group of SQL.');
      const { primary, servers, replicationState } = await azure.sql.group(id, signal);
      const at = servers.find(({ name }) => name === primary)?.region ?? 'elsewhere';
      if (at === to.name) return yes(`SQL takes writes in ${to.name} already.`);
      if (!servers.some(({ region }) => region === to.name)) return no(`SQL has no secondary in ${to.name}.`);
      if (replicationState === 'CATCH_UP')
        return yes(`SQL replicates to ${to.name}; it moves without loss: it waits for what is on the way.`);
      return warn(
        `SQL does not replicate to ${to.name} (${replicationState}): what was written since is lost. Azure does not say how much; only sys.dm_geo_replication_link_status in the database does.`,
      );
    }),

    'cosmos-can-follow': between(async (from, to, signal) => {
      const id = estate.cosmosAccountId;
      if (id === undefined) return yes('The estate file names no Cosmos account.');
      const { regions, multipleWriteRegions, automaticFailover, provisioningState } =
        await azure.cosmosAccounts.account(id, signal);
      if (!regions.includes(to.name)) return no(`Cosmos has no copy in ${to.name}.`);
      if (multipleWriteRegions) return yes(`Cosmos takes writes in every region. ${await cosmosLag(id, signal)}`);
      if (regions[0] !== from.name) return yes(`Cosmos takes writes in ${regions[0]}.`);
      if (provisioningState !== 'Succeeded') return no(`The Cosmos account is ${provisioningState}.`);
      if (await answers(from, signal))
        return yes(`Cosmos moves its writes to ${to.name}, without loss. ${await cosmosLag(id, signal)}`);
      return automaticFailover
        ? warn(
            `Azure moves the writes of Cosmos by itself; until then they fail, and what was not copied is lost. ${await cosmosLag(id, signal)}`,
          )
        : no('Nobody can move the writes of Cosmos: automatic failover is off, and by hand it needs both regions.');
    }),

    'storage-can-follow': between(async (from, to, signal, acceptLoss) => {
      const accounts = await accountsOf(from, signal);
      if (accounts.length === 0) return yes(`The cells of ${from.name} have no storage account of their own.`);
      const endpoint = endpointOf(await azure.traffic.profile(estate.trafficManagerId, signal), from);
      const waits = endpoint === undefined || mayWait(endpoint, acceptLoss);
      const all = accounts.map((account) => judged(account, to, acceptLoss, waits));
      const warns = all.some((it) => it.warns);
      const says = [...Map.groupBy(all, (it) => it.says)].map(([words, some]) => {
        const names = some.flatMap(({ name }) => name ?? []);
        return names.length === 0 ? words : `${names.join(', ')}: ${words}`;
      });
      return { ok: all.every(({ ok }) => ok), says: says.join(' '), ...(warns && { warns }) };
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
