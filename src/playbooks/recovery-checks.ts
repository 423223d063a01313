import { z } from 'zod';
import { type Cell, cellByName, type Estate } from '../domain/estate.ts';
import { blobsAt, chooseMoment, clock, rangesInWords } from '../domain/recovery.ts';
import { isOpsError } from '../errors.ts';
import type { DataPointers } from '../ports/app-data.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import { isServing } from './checks.ts';
import { nameOf } from './recovery-parts.ts';
import { resources } from './steps.ts';

const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });
const copies = z.array(
  z.object({ store: z.enum(['SQL', 'Cosmos']), id: z.string(), from: z.string(), at: z.string() }),
);

/** The checks of recoveries, by name. */
export function createRecoveryChecks({ estate, azure }: { estate: Estate; azure: AzurePorts }): Record<string, Check> {
  const { recovery, appData, containerApps } = azure;
  const kindOf = (store: 'SQL' | 'Cosmos') => (store === 'SQL' ? recovery.sqlCopies : recovery.cosmosCopies);

  /** What the active revisions of a cell work on, by name of the revision. */
  async function used(cell: Cell, signal: AbortSignal): Promise<[string, DataPointers][]> {
    const active = (await containerApps.revisions(cell.containerAppId, signal)).filter((it) => it.active);
    return Promise.all(
      active.map(async ({ name }) => [name, await appData.pointers(cell, name, signal)] as [string, DataPointers]),
    );
  }

  return {
    'moment-can-be-restored': async (args, signal) => {
      const { cell, at } = z.object({ cell: z.string(), at: z.string() }).parse(args);
      const findings = await recovery.ranges(cellByName(estate, cell), signal);
      try {
        chooseMoment(findings, at);
      } catch (error) {
        if (!isOpsError(error, 'refused')) throw error;
        return no(`${error.message} ${error.hint}`);
      }
      const left = findings.flatMap((it) =>
        it.how === 'no' && it.store !== 'blobs'
          ? [`${it.store} of ${it.name} is left as it is: ${it.why} ${it.byHand}`]
          : [],
      );
      for (const finding of findings.filter(({ store }) => store === 'blobs')) {
        const { name, left: why } = blobsAt(finding, at);
        left.push(why ?? `The blobs of ${name} go back with the swap, over what is there.`);
      }
      return yes([`${rangesInWords(findings)}.`, ...left].join(' '));
    },

    'copies-are-ready': async (args, signal) => {
      for (const { store, id, from, at } of z.object({ copies }).parse(args).copies) {
        const kind = kindOf(store);
        const ref = { kind: kind.kind, id };
        const { state } = await kind.read(ref, signal);
        if (state === null)
          return no(`${nameOf(id)} is not there: somebody deleted it. End this recovery and restore it anew.`);
        if (!kind.equals(state, { from, at }))
          return no(`${nameOf(id)} is not the copy of ${nameOf(from)} as of ${clock(at)}.`);
        const missing = await kind.pending?.(ref, state, signal);
        if (missing) return no(`${nameOf(id)}: ${missing}.`);
      }
      const [first] = z.object({ copies }).parse(args).copies;
      return {
        ...yes(
          `What was written after ${first ? clock(first.at) : 'that moment'} is not in the copies: nobody sees it until the swap is taken back.`,
        ),
        warns: true,
      };
    },

    'blobs-can-go-back': async (args, signal) => {
      const parsed = z.object({ cell: z.string(), at: z.string() }).parse(args);
      const cell = cellByName(estate, parsed.cell);
      const blobs = blobsAt(await recovery.blobRange(cell, signal), parsed.at);
      if (blobs.left !== undefined) return no(`${blobs.left} Or swap without them: say “without blobs”.`);
      const reading = await recovery.blobRestores.read(resources.blobs(cell), signal);
      if (reading.busy) return no(`${nameOf(cell.storageId)} is being restored already; Azure does one at a time.`);
      const containers = await recovery.blobContainers(cell.storageId, signal);
      const gone = containers.filter(({ deletedAt }) => Date.parse(deletedAt ?? '') > Date.parse(parsed.at));
      if (gone.length > 0)
        return no(
          `Azure puts no blobs back while a container is deleted: ${named(gone)}. Undelete it first, or say “without blobs”.`,
        );
      const there = containers.filter(({ deletedAt }) => deletedAt === undefined);
      const locked = there.filter(({ locked }) => locked);
      return yes(
        [
          `All block blobs of ${named(there)} go back; append and page blobs, and what is archived, do not.`,
          ...(locked.length > 0 ? [`Protected blobs of ${named(locked)} stay as they are.`] : []),
        ].join(' '),
      );
    },

    'app-may-use-the-copy': async (args, signal) => {
      const { from, copy } = z.object({ from: z.string(), copy: z.string() }).parse(args);
      const [before, now] = await Promise.all([
        recovery.cosmosReaders(from, signal),
        recovery.cosmosReaders(copy, signal),
      ]);
      const missing = before.filter((one) => !now.includes(one));
      if (missing.length === 0) return yes('Whoever may use the data of the original may use the copy.');
      return no(
        `Azure restores no roles: ${missing.length} of ${before.length} may not use ${nameOf(copy)} yet. Grant them as docs/runbooks/swap-data.md says, with “az cosmosdb sql role assignment create”: ${missing.slice(0, 3).join(', ')}.`,
      );
    },

    'cell-serves-on-copies': async (args, signal) => {
      const { cell: name, revision } = z.object({ cell: z.string(), revision: z.string() }).parse(args);
      const cell = cellByName(estate, name);
      const [{ weights }, revisions] = await Promise.all([
        appData.routing(cell, signal),
        containerApps.revisions(cell.containerAppId, signal),
      ]);
      if (!weights.some((it) => it.revision === revision && it.weight === 100))
        return no(`The traffic of ${name} does not all go to ${revision}.`);
      const found = revisions.find((it) => it.name === revision);
      return found && isServing(found)
        ? yes(`${revision} runs and is healthy.`)
        : no(`${revision} is ${found?.running ?? 'gone'}, and ${found?.health ?? 'not there'}.`);
    },

    'copies-are-not-in-use': async (args, signal) => {
      const parsed = z.object({ cell: z.string(), copies }).parse(args);
      const ids = parsed.copies.map(({ id }) => nameOf(id));
      const cell = cellByName(estate, parsed.cell);
      if (!cell.data?.sqlVariable && !cell.data?.cosmosVariable)
        return yes('Stamps pointed no app at the copies: the estate file does not say how.');
      const users = (await used(cell, signal)).filter(([, { database = '', account = '' }]) =>
        [database, account].some((name) => ids.includes(name)),
      );
      return users.length === 0
        ? yes(`No active revision of ${cell.name} works on the copies.`)
        : no(`${users.map(([name]) => name).join(' and ')} of ${cell.name} works on the copies.`);
    },
  };
}

/** `accounts, documents and 3 more` */
function named(containers: readonly { readonly name: string }[]): string {
  const names = containers.map(({ name }) => name);
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
