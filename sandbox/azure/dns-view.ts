import type { TrafficProfile } from './traffic-profile.ts';

/** By region: the share of those who ask that is led there, 0–1. What is led nowhere is missing in the sum. */
export type Shares = ReadonlyMap<string, number>;

interface View {
  readonly from: Shares;
  readonly to: Shares;
  /** When DNS began to answer otherwise. */
  readonly since: number;
}

/**
 * Where clients are led, by where they are. DNS answers otherwise at once; whoever has the old answer keeps it for the
 * time to live, so that the shares move evenly within it.
 */
export class DnsView {
  readonly #profile: TrafficProfile;
  readonly #views = new Map<string, View>();

  constructor(profile: TrafficProfile) {
    this.#profile = profile;
  }

  /** Looks at what DNS answers now. */
  update(homes: readonly string[], online: (region: string) => boolean, now: number): void {
    for (const home of homes) {
      const to = this.#profile.answers(home, online);
      const known = this.#views.get(home);
      if (known && same(known.to, to)) continue;
      this.#views.set(home, { from: known ? this.shares(home, now) : to, to, since: now });
    }
  }

  /** As though it had always answered as it does now. */
  startAnew(): void {
    for (const [home, view] of this.#views) this.#views.set(home, { ...view, from: view.to });
  }

  shares(home: string, at: number): Shares {
    const view = this.#views.get(home);
    if (!view) return new Map();
    const { from, to, since } = view;
    const ttlMs = this.#profile.ttlSeconds * 1000;
    const done = ttlMs === 0 ? Number(at >= since) : Math.min(1, Math.max(0, (at - since) / ttlMs));
    if (done === 1) return to;
    const regions = new Set([...from.keys(), ...to.keys()]);
    return new Map(
      [...regions].map((region) => [region, (from.get(region) ?? 0) * (1 - done) + (to.get(region) ?? 0) * done]),
    );
  }
}

function same(a: Shares, b: Shares): boolean {
  return a.size === b.size && [...a].every(([region, share]) => b.get(region) === share);
}
