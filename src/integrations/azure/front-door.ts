import { z } from 'zod';
import { isOpsError, OpsError } from '../../errors.ts';
import type { FrontDoorPort, OriginState } from '../../ports/azure.ts';
import { armList } from './arm-list.ts';
import type { AzureContext } from './azure-context.ts';
import { isTerminal, operationOf, pollOperation } from './operation.ts';
import { parseArmId } from './parse-arm-id.ts';

/** Stable; Front Door Standard and Premium are of this provider (azure-rest-api-specs, Microsoft.Cdn, afdx.json). */
const apiVersion = '2024-02-01';
const profileType = 'Microsoft.Cdn/profiles';
const groupType = `${profileType}/originGroups`;
const originType = `${groupType}/origins`;

const originSchema = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    hostName: z.string().default(''),
    enabledState: z.enum(['Enabled', 'Disabled']).default('Enabled'),
    provisioningState: z.string().optional(),
  }),
});
const endpointSchema = z.looseObject({
  name: z.string(),
  properties: z.looseObject({ enabledState: z.enum(['Enabled', 'Disabled']).default('Enabled') }),
});

/** Front Door: its origins one by one, and the names at which it answers. */
export function createFrontDoor({ arm, call, clock }: AzureContext): FrontDoorPort {
  return {
    kind: 'front-door-origin',
    equals: (a, b) => a?.enabled === b?.enabled,
    describe: (before, after) => `origin: ${word(before)} → ${word(after)}`,

    async read(ref, signal) {
      const name = parseArmId(ref.id, originType).names.at(-1);
      try {
        const { properties } = await call.read(`read the origin ${name}`, signal, async (signal) =>
          originSchema.parse((await arm.send({ method: 'GET', path: ref.id, apiVersion }, signal)).body),
        );
        return {
          state: { enabled: properties.enabledState === 'Enabled' },
          busy: !isTerminal(properties.provisioningState),
        };
      } catch (error) {
        if (isOpsError(error, 'not-found')) return { state: null };
        throw error;
      }
    },

    async write(ref, to, { signal }) {
      const name = parseArmId(ref.id, originType).names.at(-1);
      if (!to) throw new OpsError('refused', `Stamps removes no origins: ${name} stays.`, { hint: 'Disable it.' });
      const resource = { path: ref.id, apiVersion };
      const body = { properties: { enabledState: to.enabled ? 'Enabled' : 'Disabled' } };
      return call.write(`change the origin ${name}`, signal, async (signal) => {
        const operation = operationOf(await arm.send({ method: 'PATCH', ...resource, body }, signal), arm, resource);
        return operation === undefined ? {} : { operation };
      });
    },

    poll: (operation, signal) =>
      call.read('follow a change of Front Door', signal, (signal) =>
        pollOperation(arm, operation, signal, clock.now()),
      ),

    async origins(originGroupId, signal) {
      const group = parseArmId(originGroupId, groupType).names.at(-1);
      const path = `${originGroupId}/origins`;
      const found = await call.read(`list the origins of ${group}`, signal, (signal) =>
        armList(arm, { path, apiVersion }, originSchema, signal),
      );
      return found.map(({ name, properties }) => ({
        id: `${originGroupId}/origins/${name}`,
        name,
        hostName: properties.hostName.toLowerCase(),
        enabled: properties.enabledState === 'Enabled',
      }));
    },

    async endpoints(profileId, signal) {
      const [profile] = parseArmId(profileId, profileType).names;
      const path = `${profileId}/afdEndpoints`;
      const found = await call.read(`list the endpoints of ${profile}`, signal, (signal) =>
        armList(arm, { path, apiVersion }, endpointSchema, signal),
      );
      return found.map(({ name, properties }) => ({
        id: `${path}/${name}`,
        name,
        enabled: properties.enabledState === 'Enabled',
      }));
    },
  };
}

function word(state: OriginState | null): string {
  if (!state) return 'none';
  return state.enabled ? 'on' : 'off';
}
