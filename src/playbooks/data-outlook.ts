import { formatDuration, minuteMs, secondMs } from '../domain/duration.ts';
import type { Region } from '../domain/estate.ts';
import type { CosmosAccount, SqlFailoverGroup } from '../ports/azure.ts';
import type { CheckAnswer } from '../ports/checks.ts';
import type { StorageAccount } from '../ports/storage.ts';
import { inSeconds, whyNot } from './storage-steps.ts';

/** Azure’s copies are “usually” less far behind (MicrosoftDocs, “Azure Storage redundancy”). */
const farBehindMs = 15 * minuteMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });
const warn = (says: string): CheckAnswer => ({ ok: true, says, warns: true });

/**
 * What becomes of SQL when a region takes over: whether it can, and what is lost; `waits`: may it wait for the region
 * that it leaves, as a planned failover does?
 */
export function sqlOutlook(
  { primary, servers, replicationState }: SqlFailoverGroup,
  from: Region,
  to: Region,
  waits: boolean,
): CheckAnswer {
  const at = servers.find(({ name }) => name === primary)?.region ?? 'elsewhere';
  if (at === to.name) return yes(`SQL takes writes in ${to.name} already.`);
  if (!servers.some(({ region }) => region === to.name)) return no(`SQL has no secondary in ${to.name}.`);
  const unsaid = 'Azure does not say how much; only sys.dm_geo_replication_link_status in the database does.';
  if (replicationState !== 'CATCH_UP')
    return warn(
      `SQL does not replicate to ${to.name} (${replicationState}): what was written since is lost. ${unsaid}`,
    );
  return waits || at !== from.name
    ? yes(`SQL replicates to ${to.name}; it moves without loss: it waits for what is on the way.`)
    : warn(
        `SQL is ${replicationState}, but Traffic Manager does not find ${from.name} up: it is forced over to ${to.name}, and what is on the way is lost. ${unsaid}`,
      );
}

interface CosmosTerms {
  /** Is it a step of the plan? Only where Traffic Manager does not find the region down that it leaves. */
  readonly moves: boolean;
  /** That region does not answer its probe all the same. */
  readonly silent?: boolean;
}

/** What becomes of Cosmos: it is moved by hand, Azure moves it, or nobody can. */
export function cosmosOutlook(
  account: CosmosAccount,
  from: Region,
  to: Region,
  { moves, silent = false }: CosmosTerms,
): CheckAnswer {
  const { regions, multipleWriteRegions, automaticFailover, provisioningState } = account;
  if (!regions.includes(to.name)) return no(`Cosmos has no copy in ${to.name}.`);
  if (multipleWriteRegions) return yes('Cosmos takes writes in every region.');
  if (regions[0] !== from.name) return yes(`Cosmos takes writes in ${regions[0]}.`);
  if (provisioningState !== 'Succeeded') return no(`The Cosmos account is ${provisioningState}.`);
  if (moves && !silent) return yes(`Cosmos moves its writes to ${to.name}, without loss.`);
  const planned = moves
    ? `A step moves the writes of Cosmos, which needs both regions, but ${from.name} does not answer its probe.`
    : 'No step moves the writes of Cosmos, which would need both regions.';
  return automaticFailover
    ? warn(
        `${planned} If ${from.name} is lost, Azure moves them by itself; until then they fail, and what was not copied is lost.`,
      )
    : no(`${planned} If ${from.name} is lost, nobody can move them: automatic failover is off.`);
}

interface StorageTerms {
  readonly acceptLoss: boolean;
  /** May it wait for the region that it leaves, as a planned failover does? */
  readonly waits: boolean;
  readonly now: number;
}

/** What becomes of the accounts of a region's cells; those that fare alike are told together. */
export function storageOutlook(accounts: readonly StorageAccount[], to: Region, terms: StorageTerms): CheckAnswer {
  const all = accounts.map((account) => judged(account, to, terms));
  const warns = all.some((it) => it.warns);
  const says = [...Map.groupBy(all, (it) => it.says)].map(([words, some]) => {
    const names = some.flatMap(({ name }) => name ?? []);
    return names.length === 0 ? words : `${names.join(', ')}: ${words}`;
  });
  return { ok: all.every(({ ok }) => ok), says: says.join(' '), ...(warns && { warns }) };
}

/** Whose answer it is; absent: its words say so. */
interface Alike {
  readonly name?: string;
}

/** What is expected of one account, and whether that is allowed; without its name where several may go alike. */
function judged(account: StorageAccount, to: Region, { acceptLoss, waits, now }: StorageTerms): CheckAnswer & Alike {
  const { lastSyncAt, canFailOver, canFailOverPlanned, secondary } = account;
  const alike = (answer: CheckAnswer) => ({ ...answer, name: account.name });
  if (account.primary === to.name) return alike(yes(`in ${to.name} already.`));
  const synced =
    lastSyncAt === undefined ? 'Azure does not say up to when it is copied' : `copied up to ${ago(lastSyncAt, now)}`;
  if (secondary === to.name && canFailOverPlanned && waits) {
    const behindMs = lastSyncAt === undefined ? 0 : now - lastSyncAt;
    return alike(
      behindMs < farBehindMs
        ? yes(`without loss, while both regions are there (${synced}).`)
        : warn(`${inSeconds(behindMs)} behind; without loss, and no writes until all of that is copied.`),
    );
  }
  if (!acceptLoss) return no(whyNot(account, to, now));
  if (secondary !== to.name || !canFailOver) return warn(`${account.name} stays behind. ${whyNot(account, to, now)}`);
  return alike(
    warn(
      lastSyncAt === undefined
        ? `forced; ${synced}, so nobody knows how much is lost.`
        : `forced; what was written in the last ${inSeconds(now - lastSyncAt)} is lost.`,
    ),
  );
}

/** `4m ago` */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at);
  return passed < secondMs ? 'just now' : `${formatDuration(passed)} ago`;
}
