import { formatDuration, secondMs } from '../domain/duration.ts';
import type { Cell, Region } from '../domain/estate.ts';
import type { ChangeStep } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import type { TrafficProfile } from '../ports/azure.ts';
import type { PlanContext } from '../ports/playbook.ts';
import type { StorageAccount, StorageState } from '../ports/storage.ts';
import type { Found } from './found.ts';
import { mayWait, mustHaveEndpoint } from './region-parts.ts';
import { change, resources } from './steps.ts';

/**
 * The accounts of a region's cells go to the other region, where their copy is: without loss while both are there,
 * else unplanned, which loses what was not copied and needs that to be accepted. What has no copy there, or cannot be
 * failed over, is left behind and counted; that too must be accepted. Throws `refused` where it is not.
 */
export async function storageSteps(
  from: Region,
  to: Region,
  profile: TrafficProfile,
  acceptLoss: boolean,
  found: Found,
  { estate, azure, requestedAt, signal }: PlanContext,
): Promise<{ steps: ChangeStep[]; left: number }> {
  const now = Date.parse(requestedAt);
  const waits = mayWait(mustHaveEndpoint(profile, from), acceptLoss);
  const planned = await Promise.all(
    activeCells(estate.cells, from).map(async (cell) => {
      const account = await azure.storageAccounts.account(cell.storageId, signal);
      if (!account) return [];
      const ref = resources.storage(cell);
      const before = (await found(ref)) as StorageState | null;
      if (before?.primary !== from.name) return [];
      const after = account.primary === to.name ? found.own(ref)?.after : wanted(account, to, waits);
      if (!after) {
        if (acceptLoss) return ['left' as const];
        throw refused(account, from, to, now);
      }
      const { dataLossAllowed } = after as StorageState;
      if (dataLossAllowed && !acceptLoss) throw refused(account, from, to, now);
      const says = dataLossAllowed
        ? `Force the storage of ${cell.name} over to ${to.name}: what was not copied is lost, and until failback it has no second copy`
        : `Fail the storage of ${cell.name} over to ${to.name}, without loss`;
      return [change(`fail-over-storage-${cell.name}`, says, ref, before, after)];
    }),
  );
  const all = planned.flat();
  const steps = all.filter((it) => it !== 'left');
  return { steps, left: all.length - steps.length };
}

export function activeCells(cells: readonly Cell[], region: Region): Cell[] {
  return cells.filter((cell) => cell.region === region.name && cell.role === 'active');
}

/** Undefined: it cannot go there. */
function wanted(account: StorageAccount, to: Region, waits: boolean): StorageState | undefined {
  if (account.secondary !== to.name) return undefined;
  if (account.canFailOverPlanned && waits) return { primary: to.name, redundancy: account.afterPlanned };
  return account.canFailOver
    ? { primary: to.name, redundancy: account.afterUnplanned, dataLossAllowed: true }
    : undefined;
}

/** `1,200 s`, and in minutes too where that is easier to grasp. */
export function inSeconds(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / secondMs));
  const says = `${seconds.toLocaleString('en-GB')} s`;
  return seconds < 120 ? says : `${says} (${formatDuration(seconds * secondMs)})`;
}

/** Why an account does not go, or not without loss, as a sentence. */
export function whyNot(account: StorageAccount, to: Region, now: number): string {
  const { name, secondary, redundancy, obstacles, copyStatus, busy } = account;
  if (secondary === undefined) return `The storage account ${name} is ${redundancy}: it has no copy in ${to.name}.`;
  if (secondary !== to.name) return `The copy of the storage account ${name} is in ${secondary}, not in ${to.name}.`;
  if (busy) return `Azure is at work on the storage account ${name}.`;
  if (!account.canFailOver) {
    const why = obstacles.length > 0 ? `it has ${obstacles.join(' and ')}` : `its copy is ${copyStatus ?? 'not known'}`;
    return `Azure does not fail the storage account ${name} over: ${why}.`;
  }
  const lost =
    account.lastSyncAt === undefined
      ? 'what was not copied is lost, and Azure does not say how much that is'
      : `what was written in the last ${inSeconds(now - account.lastSyncAt)} is lost`;
  return `The storage account ${name} can only be forced over to ${to.name}: ${lost}.`;
}

function refused(account: StorageAccount, from: Region, to: Region, now: number): OpsError {
  return new OpsError('refused', `${whyNot(account, to, now)} What is in it would stay behind or be lost.`, {
    hint: `Put that right first, or accept the loss: \`/stamps failover ${from.name} to ${to.name} accepting loss because …\``,
  });
}
