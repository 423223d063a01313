import { type Cell, shown } from '../domain/estate.ts';
import type { ChangeStep, CheckStep, ResourceRef } from '../domain/plan.ts';
import { changes } from '../domain/plan.ts';
import { momentTag, recoverySubject } from '../domain/recovery.ts';
import type { Lease, Run } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { PlanContext } from '../ports/playbook.ts';
import type { CopyState } from '../ports/recovery.ts';
import { check, resources } from './steps.ts';

/** Longest names that Azure takes: of a database, and of a Cosmos account. */
const longestNames = { SQL: 128, Cosmos: 44 } as const;

/** A copy that a recovery made or is to make. */
export interface Copy extends CopyState {
  readonly store: 'SQL' | 'Cosmos';
  readonly resource: ResourceRef;
}

/** `sql-cell-banking` → `sql-cell-banking-r20260115t103000`, on the same server. */
export function sqlCopyOf({ sqlDatabaseId }: Cell, at: string): Copy {
  return {
    store: 'SQL',
    from: sqlDatabaseId,
    at,
    resource: resources.sqlCopy(besideName(sqlDatabaseId, at, longestNames.SQL)),
  };
}

export function cosmosCopyOf(accountId: string, at: string): Copy {
  return {
    store: 'Cosmos',
    from: accountId,
    at,
    resource: resources.cosmosCopy(besideName(accountId, at, longestNames.Cosmos)),
  };
}

/** The copies that a run made, as its plan has them. */
export function copiesOf(run: Run): Copy[] {
  return changes(run.plan).flatMap(({ resource, after }) => {
    const store = resource.kind === 'sql-copy' ? 'SQL' : resource.kind === 'cosmos-copy' ? 'Cosmos' : undefined;
    return store === undefined || after === null ? [] : [{ store, resource, ...(after as CopyState) }];
  });
}

/** Name of what an ARM id ends with. */
export function nameOf(id: string): string {
  return id.split('/').at(-1) ?? '';
}

/** `r20260115t103000`: the suffix of the copies of a moment, and of the revision that works on them. */
export function suffixOf(at: string): string {
  return `r${momentTag(at).toLowerCase()}`;
}

/** What is asked before copies are deleted. */
export function copiesAreNotInUse(cell: Cell, copies: readonly Copy[]): CheckStep {
  const args = { cell: cell.name, copies: copyArgs(copies) };
  return check('copies-are-not-in-use', 'No revision of the app works on the copies', args, 'never');
}

/** Copies as args of a check: plain data. */
export function copyArgs(copies: readonly Copy[]): { store: string; id: string; from: string; at: string }[] {
  return copies.map(({ store, resource, from, at }) => ({ store, id: resource.id, from, at }));
}

/** The recovery that holds a lease on the cell's data. Throws `refused` when there is none. */
export async function heldRecovery(
  cell: Cell,
  context: PlanContext,
): Promise<{ lease: Lease; run: Run; copies: Copy[] }> {
  const lease = (await context.leases()).find(({ subject }) => subject === recoverySubject(cell.name));
  if (!lease) {
    throw new OpsError('refused', `Nothing of ${cell.name} has been recovered, at least not by Stamps.`, {
      hint: `\`/stamps recover ${cell.name}\` shows what can be restored.`,
    });
  }
  const run = await context.run(lease.runId);
  return { lease, run, copies: copiesOf(run) };
}

export async function refuseIfRecovering(cell: Cell, context: PlanContext): Promise<void> {
  const lease = (await context.leases()).find(({ subject }) => subject === recoverySubject(cell.name));
  if (!lease || lease.runId === context.runId) return;
  throw new OpsError(
    'refused',
    `${cell.name} is being recovered already, by ${lease.runId}: “${shown(lease.reason)}”.`,
    {
      hint: `\`/stamps recover swap ${cell.name}\` uses what it restored, \`/stamps recover release ${cell.name}\` ends it.`,
    },
  );
}

/**
 * The one revision that serves the cell, by name. Throws `refused` where a swap could not be taken back at once: one
 * revision at a time, traffic that is split, or follows whatever is the newest.
 */
export async function servingRevision(
  cell: Cell,
  { azure, signal }: { readonly azure: Pick<AzurePorts, 'appData'>; readonly signal: AbortSignal },
): Promise<string> {
  const { single, weights } = await azure.appData.routing(cell, signal);
  const byHand = { hint: 'Swap it by hand: docs/runbooks/swap-data.md.' };
  if (single)
    throw new OpsError(
      'refused',
      `The app of ${cell.name} keeps one revision at a time, so the old one could not be kept beside.`,
      byHand,
    );
  const [serving, ...others] = weights;
  if (!serving || others.length > 0)
    throw new OpsError(
      'refused',
      `The traffic of ${cell.name} is split over ${weights.length} revisions; finish that rollout first.`,
      byHand,
    );
  if (serving.revision === 'latest')
    throw new OpsError(
      'refused',
      `The traffic of ${cell.name} follows whatever revision is the newest, so nothing could be made beside it.`,
      { hint: `Send it to the revision by name first, as docs/runbooks/swap-data.md says.` },
    );
  return serving.revision;
}

/** Does a step of this plan delete a copy? */
export function deletesCopy({ resource, after }: ChangeStep): boolean {
  return after === null && ['sql-copy', 'cosmos-copy'].includes(resource.kind);
}

function besideName(id: string, at: string, longest: number): string {
  const suffix = `-${suffixOf(at)}`;
  const cutAt = id.lastIndexOf('/') + 1;
  return (
    id.slice(0, cutAt) +
    id
      .slice(cutAt)
      .slice(0, longest - suffix.length)
      .replace(/-+$/, '') +
    suffix
  );
}
