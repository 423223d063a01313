import { z } from 'zod';
import { type Cell, cellByName, type Estate } from '../domain/estate.ts';
import { clock } from '../domain/recovery.ts';
import { OpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Act } from '../ports/checks.ts';
import type { NoticePart } from '../ports/presenter.ts';
import type { StoreContent } from '../ports/recovery.ts';
import { countRows } from './count-rows.ts';
import { nameOf, servingRevision } from './recovery-parts.ts';

const argsSchema = z.object({
  cell: z.string(),
  copies: z
    .array(z.object({ store: z.enum(['SQL', 'Cosmos']), id: z.string(), from: z.string(), at: z.string() }))
    .min(1),
});

/**
 * The act `compare-copies`: tells in the run's thread what Azure's control plane knows of each copy and its original, how
 * many rows the databases say that their tables have, and how the swap is asked for. Throws `refused` for a copy that is
 * empty. Rows that could not be counted stop nothing: it tells why, and what to do.
 */
export function createCompareCopies(
  { estate, azure }: { readonly estate: Estate; readonly azure: Pick<AzurePorts, 'recovery' | 'appData'> },
  tell: (runId: string, says: readonly NoticePart[]) => Promise<void>,
): Act {
  return async (args, key, signal) => {
    const { cell, copies } = argsSchema.parse(args);
    const lines = await Promise.all(
      copies.map(async ({ store, id, from, at }) => {
        const read = store === 'SQL' ? azure.recovery.sqlContent : azure.recovery.cosmosContent;
        const [copy, original] = await Promise.all([read(id, signal), read(from, signal)]);
        refuseEmpty(nameOf(id), copy, original);
        return `${store} ${nameOf(id)}, as of ${clock(at)}: ${contentInWords(copy)}; the original now: ${contentInWords(original)}.`;
      }),
    );
    const counted = await Promise.all(
      copies.filter(({ store }) => store === 'SQL').map((it) => countRows(it, azure.recovery, signal)),
    );
    const obstacle = await swapObstacle(cellByName(estate, cell), signal);
    const swap =
      obstacle ??
      `To work on it: \`/stamps recover swap ${cell} because …\`, with approvals of its own. It also puts the cell’s blobs back to that moment, over what is there, where Azure can; \`without blobs\` leaves them.`;
    const runId = key.slice(0, key.indexOf(':'));
    await tell(runId, [lines.join(' ')]);
    for (const { parts } of counted) await tell(runId, parts);
    await tell(runId, [{ sentence: `${swap} To drop it: \`/stamps recover release ${cell}\`.` }]);
    return [...lines, ...counted.map(({ short }) => short)].join(' ');
  };

  /** Why Stamps would refuse the swap as things are; undefined: it would not, or nobody can tell. */
  async function swapObstacle(cell: Cell, signal: AbortSignal): Promise<string | undefined> {
    try {
      await servingRevision(cell, { azure, signal });
      return undefined;
    } catch (error) {
      if (!(error instanceof OpsError)) throw error;
      return error.code === 'refused'
        ? `Stamps cannot swap it: ${error.message} ${error.hint ?? ''}`.trim()
        : undefined;
    }
  }
}

function refuseEmpty(name: string, copy: StoreContent, original: StoreContent): void {
  const missing = (original.containers ?? []).length > 0 && (copy.containers ?? []).length === 0;
  if (copy.bytes === 0 || missing)
    throw new OpsError('refused', `The copy ${name} is empty.`, {
      hint: 'Look at it in Azure; the original is as it was.',
    });
}

export function contentInWords({ bytes, documents, containers }: StoreContent): string {
  const parts = [
    ...(documents === undefined ? [] : [`${documents.toLocaleString('en-GB')} documents`]),
    ...(bytes === undefined ? [] : [size(bytes)]),
    ...(containers === undefined ? [] : [`${containers.length} containers`]),
  ];
  return parts.length > 0 ? parts.join(', ') : 'not measured yet';
}

function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toLocaleString('en-GB', { maximumFractionDigits: 1 })} ${units[power]}`;
}
