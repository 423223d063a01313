export interface PageRequest {
  /** Stable over repeats, at most 255 characters: the pager makes one incident of it. */
  readonly key: string;
  readonly summary: string;
  readonly source: string;
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly details?: Readonly<Record<string, string>>;
}

/** Wakes somebody. Errors: `throttled`, `unavailable`, `timeout`, `bad-input` (400: do not repeat). */
export interface PagerPort {
  page(request: PageRequest, signal: AbortSignal): Promise<void>;
}
