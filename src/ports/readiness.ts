/** Cores of the environment in which an app runs, and what one more replica of the app takes of them. */
export interface AppQuota {
  /** Of its container apps environment, by name. */
  readonly environment: string;
  /** Cores of one replica, all its containers together; absent: the app does not say. */
  readonly coresPerReplica?: number;
  /** Of the environment's consumption profile; absent: Azure sets no such limit here, as on dedicated profiles. */
  readonly cores?: { readonly used: number; readonly limit: number };
}

/** A certificate that clients are shown. */
export interface ShownCertificate {
  readonly name: string;
  /** Ms since 1970; absent: nobody that may be asked says. */
  readonly expiresAt?: number;
}

/** What a region needs, beside cells that run, before it can take the clients of another. Nothing here changes anything. */
export interface ReadinessPort {
  quota(appId: string, signal: AbortSignal): Promise<AppQuota>;
  /**
   * Certificates of an Application Gateway's listeners: those that it holds itself, and those that it takes from a key
   * vault, whose end only the vault tells.
   */
  gatewayCertificates(gatewayId: string, signal: AbortSignal): Promise<ShownCertificate[]>;
  /** Certificates of a Front Door profile, Standard or Premium. */
  frontDoorCertificates(frontDoorId: string, signal: AbortSignal): Promise<ShownCertificate[]>;
}
