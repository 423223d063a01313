import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { CopyState } from '../../ports/recovery.ts';
import type { ResourceKind } from '../../ports/resource-kind.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { copyIn, describeCopy, foreign, sameCopy, tags, tagsOf } from './copy-tags.ts';
import { cosmosType, readRestorable } from './cosmos-backups.ts';
import { isTerminal, operationOf, pollOperation, receipt } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.DocumentDB, cosmos-db.json and rbac.json). */
const apiVersion = '2024-05-15';

const accountSchema = z.looseObject({
  tags,
  kind: z.string().nullish(),
  properties: z.looseObject({
    provisioningState: z.string().default('Succeeded'),
    documentEndpoint: z.string().nullish(),
    backupPolicy: z.looseObject({ type: z.string() }).nullish(),
    writeLocations: z.array(z.looseObject({ locationName: z.string() })).default([]),
    restoreParameters: z.looseObject({ restoreTimestampInUtc: z.string().nullish() }).nullish(),
  }),
});
export type CosmosStore = z.infer<typeof accountSchema>;
const assignment = z.looseObject({
  properties: z.looseObject({ principalId: z.string(), roleDefinitionId: z.string() }),
});

/** Throws `not-found`. */
export function readCosmosStore({ arm, call }: AzureContext, id: string, signal: AbortSignal): Promise<CosmosStore> {
  const [name] = parseArmId(id, cosmosType).names;
  return call.read(`read the Cosmos account ${name}`, signal, async (signal) =>
    accountSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
  );
}

/** Copies of Cosmos accounts: Azure restores a continuous backup into a new account only. */
export function createCosmosCopies(azure: AzureContext): ResourceKind<CopyState> {
  const { arm, call, clock } = azure;
  return {
    kind: 'cosmos-copy',
    equals: sameCopy,
    describe: describeCopy,

    async read(ref, signal) {
      try {
        const account = await readCosmosStore(azure, ref.id, signal);
        // Restoring and deleting both take a while; what it is restored from is known from the beginning.
        return { state: copyIn(account.tags) ?? foreign, busy: !isTerminal(account.properties.provisioningState) };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal, runId }) {
      const [name] = parseArmId(ref.id, cosmosType).names;
      const resource = { path: ref.id, apiVersion };
      if (!to) {
        const found = await readCosmosStore(azure, ref.id, signal);
        if (!copyIn(found.tags)) throw new OpsError('refused', `Stamps deletes only what it made: ${name} stays.`);
        return call.write(`delete the copy ${name}`, signal, async (signal) =>
          receipt(operationOf(await arm.send({ method: 'DELETE', ...resource }, signal), arm, resource)),
        );
      }
      const what = `restore ${name}`;
      const [source, restorable] = await Promise.all([
        readCosmosStore(azure, to.from, signal),
        readRestorable(azure, to.from, signal),
      ]);
      const locationName = source.properties.writeLocations[0]?.locationName;
      if (!restorable || locationName === undefined) throw azureError('not-found', what);
      const body = {
        location: locationName,
        kind: 'GlobalDocumentDB',
        tags: tagsOf(to, runId),
        properties: {
          createMode: 'Restore',
          databaseAccountOfferType: 'Standard',
          locations: [{ locationName, failoverPriority: 0 }],
          backupPolicy: { type: 'Continuous' },
          restoreParameters: { restoreMode: 'PointInTime', restoreSource: restorable.id, restoreTimestampInUtc: to.at },
        },
      };
      return call.write(what, signal, async (signal) =>
        receipt(operationOf(await arm.send({ method: 'PUT', ...resource, body }, signal), arm, resource)),
      );
    },

    poll: (operation, signal) =>
      call.read('follow a restore of Cosmos', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async pending(ref, state, signal) {
      if (!state) return null;
      const { provisioningState, documentEndpoint } = (await readCosmosStore(azure, ref.id, signal)).properties;
      if (!/^succeeded$/i.test(provisioningState)) return `the copy is ${provisioningState}`;
      return documentEndpoint ? null : 'the copy has no address yet';
    },
  };
}

/** Who may read and write its data by Entra. Azure restores none of it (learn.microsoft.com, “Restore an account”). */
export async function cosmosReaders({ arm, call }: AzureContext, id: string, signal: AbortSignal): Promise<string[]> {
  const [name] = parseArmId(id, cosmosType).names;
  const found = await call.read(`read who may use the data of ${name}`, signal, (signal) =>
    armList(arm, { path: `${id}/sqlRoleAssignments`, apiVersion }, assignment, signal),
  );
  return found.map(({ properties: it }) => `${it.principalId} as ${it.roleDefinitionId.split('/').at(-1)}`).sort();
}
