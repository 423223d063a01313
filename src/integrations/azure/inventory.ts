import { ResourceManagementClient } from '@azure/arm-resources';
import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { InventoryPort } from '../../ports/azure.ts';
import { allPages } from './all-pages.ts';
import { armOptions } from './arm.ts';
import type { AzureContext } from './azure-context.ts';
import { bySubscription } from './by-subscription.ts';
import { parseResourceGroupId } from './parse-arm-id.ts';

const resourceType = /^[a-z]+(\.[a-z]+)+(\/[a-z]+)+$/i;
const listSchema = z.array(z.looseObject({ id: z.string() }));

/** What a resource group holds. */
export function createInventory({ arm, call, credential }: AzureContext): InventoryPort {
  const clientOf = bySubscription((id) => new ResourceManagementClient(credential, id, armOptions(arm.origin)));

  return {
    async list(resourceGroupId, type, signal) {
      const { subscriptionId, resourceGroup } = parseResourceGroupId(resourceGroupId);
      if (!resourceType.test(type)) throw new OpsError('bad-input', 'That is not a type of Azure resources.');
      const found = await call.read(`list what ${resourceGroup} holds`, signal, async (abortSignal) => {
        const filter = `resourceType eq '${type}'`;
        const pages = clientOf(subscriptionId).resources.listByResourceGroup(resourceGroup, { filter, abortSignal });
        return listSchema.parse(await allPages(pages));
      });
      // Azure spells the type now one way, now another.
      const spelling = new RegExp(`/providers/${type.replaceAll('.', '\\.')}/`, 'i');
      return found.map(({ id }) => id.replace(spelling, `/providers/${type.toLowerCase()}/`)).sort();
    },
  };
}
