import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { CosmosAccountPort, CosmosRegionsState } from '../../ports/azure.ts';
import type { AzureContext } from './azure-context.ts';
import { isTerminal, operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';
import { shortRegion } from './short-region.ts';
import { azureError } from './translate-error.ts';

/** Stable (azure-rest-api-specs, Microsoft.DocumentDB, cosmos-db.json). */
const apiVersion = '2024-05-15';
const accountType = 'Microsoft.DocumentDB/databaseAccounts';

const accountSchema = z.looseObject({
  properties: z.looseObject({
    provisioningState: z.string().default('Succeeded'),
    enableAutomaticFailover: z.boolean().default(false),
    enableMultipleWriteLocations: z.boolean().default(false),
    failoverPolicies: z.array(z.looseObject({ locationName: z.string(), failoverPriority: z.number() })).min(1),
  }),
});
type Account = z.infer<typeof accountSchema>;

/** Where a Cosmos account takes writes: its regions by failover priority. */
export function createCosmosAccounts({ arm, call, clock }: AzureContext): CosmosAccountPort {
  const read = async (id: string, signal: AbortSignal): Promise<Account> => {
    const [name] = parseArmId(id, accountType).names;
    return call.read(`read the Cosmos account ${name}`, signal, async (signal) =>
      accountSchema.parse((await arm.send({ method: 'GET', path: id, apiVersion }, signal)).body),
    );
  };

  return {
    kind: 'cosmos-regions',
    equals: (a, b) => a?.regions.join() === b?.regions.join(),
    describe: (before, after) => `Cosmos write region: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      try {
        const account = await read(ref.id, signal);
        return {
          state: { regions: byPriority(account).map(shortRegion) },
          busy: !isTerminal(account.properties.provisioningState),
        };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const [name] = parseArmId(ref.id, accountType).names;
      if (!to) throw new OpsError('refused', `Stamps removes no Cosmos accounts: ${name} stays.`);
      const what = `change the regions of ${name}`;
      const known = byPriority(await read(ref.id, signal));
      const failoverPolicies = to.regions.map((region, failoverPriority) => ({
        locationName: known.find((it) => shortRegion(it) === region),
        failoverPriority,
      }));
      if (failoverPolicies.length !== known.length || failoverPolicies.some((it) => it.locationName === undefined))
        throw azureError('bad-input', what);
      const resource = { path: ref.id, apiVersion };
      return call.write(what, signal, async (signal) => {
        const path = `${ref.id}/failoverPriorityChange`;
        const answer = await arm.send({ method: 'POST', path, apiVersion, body: { failoverPolicies } }, signal);
        const operation = operationOf(answer, arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of Cosmos', signal, (signal) => pollOperation(arm, operation, signal, clock.now())),

    async account(accountId, signal) {
      const account = await read(accountId, signal);
      const { provisioningState, enableAutomaticFailover, enableMultipleWriteLocations } = account.properties;
      return {
        regions: byPriority(account).map(shortRegion),
        multipleWriteRegions: enableMultipleWriteLocations,
        automaticFailover: enableAutomaticFailover,
        provisioningState,
      };
    },
  };
}

/** As Azure shows their names. */
function byPriority({ properties }: Account): string[] {
  return properties.failoverPolicies
    .toSorted((a, b) => a.failoverPriority - b.failoverPriority)
    .map(({ locationName }) => locationName);
}

function word(state: CosmosRegionsState | null): string {
  return state ? state.regions.join(', then ') : 'none';
}
