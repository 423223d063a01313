type Broken = 'throttled' | 'timeout' | 'partial';

/** What somebody broke of the logs on purpose. */
export class LogFaults {
  /** Tables that no resource sends anything to. */
  readonly missing = new Set<string>();
  /** Every query takes so long. */
  latencyMs = 0;
  readonly #next: { readonly how: Broken; readonly about: string; times: number }[] = [];

  /** The next `times` queries with this text in them fare so. */
  breakNext(how: Broken, times: number, about = ''): void {
    this.#next.push({ how, about, times });
  }

  next(query: string): Broken | undefined {
    const found = this.#next.find(({ about, times }) => times > 0 && query.includes(about));
    if (found) found.times -= 1;
    return found?.how;
  }
}
