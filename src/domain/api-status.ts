import type { ResourceHealth } from './resource-health.ts';

/** One of API Management's gateways. What is absent is not known. */
export interface ApiGatewayStatus {
  readonly location: string;
  readonly enabled: boolean;
  /** What it depends on and can't reach. */
  readonly unreachable?: readonly string[];
  /** Of the last minutes that have come; 0 is known to be none. */
  readonly calls?: number;
  readonly failed?: number;
  readonly p95Ms?: number;
}

/** API Management at a moment. What is absent is not known. */
export interface ApiStatus {
  readonly name?: string;
  readonly provisioningState?: string;
  readonly gateways: readonly ApiGatewayStatus[];
  /** Names of the policies for all APIs; null: there is no such policy. */
  readonly policy?: readonly string[] | null;
  /** What each region's own health address answered; without a status: nothing. */
  readonly probes: readonly { readonly region: string; readonly status?: number; readonly tookMs?: number }[];
  /** Azure's own word on the service; null: Azure does not watch it. */
  readonly health?: ResourceHealth | null;
  readonly troubles: readonly string[];
}
