import { type DataOutlook, isSeenDown } from '../domain/assessment.ts';
import { type Estate, findRegion } from '../domain/estate.ts';
import { mapSideBySide } from '../domain/side-by-side.ts';
import { cosmosOutlook, sqlOutlook, storageOutlook } from '../playbooks/data-outlook.ts';
import { endpointOf, mayWait } from '../playbooks/region-parts.ts';
import { activeCells } from '../playbooks/storage-steps.ts';
import type { AzurePorts, CosmosAccount, SqlFailoverGroup, TrafficProfile } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reading } from './reading.ts';

/** What was read for all regions; absent: not known, or there is none. */
export interface SharedData {
  /** The failover group that would be moved. */
  readonly sql?: SqlFailoverGroup;
  readonly cosmos?: CosmosAccount;
  readonly profile?: TrafficProfile;
  /** The region that clients leave does not answer its probe. */
  readonly silent: boolean;
}

interface DataSources {
  readonly estate: Estate;
  readonly azure: Pick<AzurePorts, 'storageAccounts'>;
  readonly clock: Clock;
}

const atOnce = 24;

/**
 * What becomes of the data in the failover that is proposed, in the words of its guards. Storage is read here, an
 * account a cell, and only for a region that is to be left. What is not known is left to the guards: they refuse.
 */
export async function readDataOutlook(
  { from: fromNamed, to: toNamed }: { readonly from: string; readonly to: string },
  { sql, cosmos, profile, silent }: SharedData,
  { estate, azure, clock }: DataSources,
  { attempt }: Reading,
): Promise<DataOutlook> {
  const [from, to] = [findRegion(estate, fromNamed), findRegion(estate, toNamed)];
  const read = await mapSideBySide(activeCells(estate.cells, from), atOnce, ({ storageId }) =>
    attempt(`storage of ${from.name}`, (signal) => azure.storageAccounts.account(storageId, signal)),
  );
  const accounts = read.filter((account) => account !== undefined);
  const endpoint = profile && endpointOf(profile, from);
  const waits = (acceptLoss: boolean) => endpoint === undefined || mayWait(endpoint, acceptLoss);
  const ofSql = (acceptLoss: boolean) => sql && sqlOutlook(sql, from, to, waits(acceptLoss));
  const ofStorage = (acceptLoss: boolean) =>
    storageOutlook(accounts, to, { acceptLoss, waits: waits(acceptLoss), now: clock.now() });
  const losesData = ofSql(false)?.warns === true || !ofStorage(false).ok;
  const moves = endpoint === undefined || !isSeenDown(endpoint);
  const ofCosmos = cosmos && cosmosOutlook(cosmos, from, to, { moves, silent });
  const all = [ofSql(losesData), ofCosmos, ofStorage(losesData)];
  return { losesData, says: all.flatMap((it) => (it && (it.warns || !it.ok) ? [it.says] : [])) };
}
