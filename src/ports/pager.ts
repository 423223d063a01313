export interface PageRequest {
  /** Stable over repeats, at most 255 characters: the pager makes one incident of it. */
  readonly key: string;
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * Wakes somebody, and tells the pager what became of it. What is said of a key that the pager does not know, or that
 * it has ended, changes nothing. Errors: `throttled`, `unavailable`, `timeout`, `bad-input` (400: do not repeat).
 */
export interface PagerPort {
  page(request: PageRequest, signal: AbortSignal): Promise<void>;
  /** Somebody has taken it: it escalates no further. */
  acknowledge(key: string, signal: AbortSignal): Promise<void>;
  resolve(key: string, signal: AbortSignal): Promise<void>;
}
