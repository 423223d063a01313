import type { ResourceHealth, ResourceHealths } from '../domain/resource-health.ts';

/** Azure Resource Health (Microsoft.ResourceHealth/availabilityStatuses). Reads only. */
export interface ResourceHealthPort {
  /**
   * Azure's word on these resources, by ARM id. One listing for each subscription that they are in, however many they
   * are, and kept for half a minute: Azure itself is minutes behind. Throws `bad-input` for what is no ARM id.
   */
  list(resourceIds: readonly string[], signal: AbortSignal): Promise<ResourceHealths>;
  /** Azure's word on one, asked for just now; undefined: Azure does not watch its kind. Throws `not-found`. */
  find(resourceId: string, signal: AbortSignal): Promise<ResourceHealth | undefined>;
}
