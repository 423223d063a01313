/**
 * What the emulated Statuspage offers to the sandbox page and to tests, beside the vendor's own protocol on its port.
 * The app knows none of this: it gets URLs.
 */

/** What customers see. Times are in milliseconds since 1970. */
export interface PublicPageSnapshot {
  readonly components: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  /** Newest first, and so are their updates. */
  readonly incidents: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly impact: string;
    readonly at: number;
    readonly components: readonly string[];
    readonly updates: readonly { readonly status: string; readonly body: string; readonly at: number }[];
  }[];
}

export interface StatuspageEmulator {
  /** For STATUSPAGE_API_URL. */
  readonly apiUrl: string;
  readonly pageId: string;
  readonly apiKey: string;
  snapshot(): PublicPageSnapshot;
  /** Called after each change of what customers see; answers with the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** The next so many writes are done, and the answer is lost (connection reset). */
  loseAnswers(times: number): void;
  /** The next so many requests get this status (420 or 429) with Retry-After. */
  throttle(times: number, status: number, retryAfterSeconds: number): void;
  /** How many writes were done. */
  readonly accepted: number;
  close(): Promise<void>;
}
