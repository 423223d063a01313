import type { ApiLimits } from '../domain/api-limits.ts';

/** One gateway of API Management. */
export interface ApiGateway {
  /** As Azure writes it: `East US`. */
  readonly location: string;
  readonly url: string;
  /** Switched on; a location's gateway can be taken out. */
  readonly enabled: boolean;
  /** What of what it depends on it can't reach, in Azure's words; undefined: Azure did not say. */
  readonly unreachable?: readonly string[];
}

export interface ApiService {
  readonly name: string;
  readonly provisioningState: string;
  readonly gateways: readonly ApiGateway[];
  /** The policy of all APIs: its length, or none. Azure compiles a policy when it is saved and refuses one that is wrong. */
  readonly globalPolicy: { readonly elements: readonly string[] } | undefined;
}

/** Calls of one subscription, as API Management reports them. */
export interface ApiUsage {
  readonly calls: number;
  /** 400 and 500 to 599. */
  readonly failed: number;
  /** 401, 403 and 429 together: the report does not tell them apart. */
  readonly blocked: number;
}

export interface ApimPort {
  service(apimId: string, signal: AbortSignal): Promise<ApiService>;
  /** Of a subscription in a time (ms since 1970; Azure counts quarters of an hour); undefined: it made no calls. */
  usage(
    apimId: string,
    subscription: string,
    window: { from: number; to: number },
    signal: AbortSignal,
  ): Promise<ApiUsage | undefined>;
  /** Calls of each whole day (UTC), oldest first; a day without calls is 0. */
  daily(
    apimId: string,
    subscription: string,
    window: { from: number; to: number },
    signal: AbortSignal,
  ): Promise<number[]>;
  /** What its product lets a subscription do, and when that subscription started (ms since 1970). Throws `not-found` when there is no such subscription. */
  limits(
    apimId: string,
    subscription: string,
    signal: AbortSignal,
  ): Promise<ApiLimits & { readonly product: string; readonly state: string; readonly startedAt?: number }>;
}
