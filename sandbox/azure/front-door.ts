import { globalGroup, providerId, type RegionLayout } from './layout.ts';

const usualHitPercent = 62;
const fillMs = 10 * 60_000;

export interface EmulatedOrigin {
  readonly name: string;
  readonly hostName: string;
  readonly region: string;
  enabledState: 'Enabled' | 'Disabled';
}

/** The profile `fd-stamps` with one origin a region. It stands beside Traffic Manager: no load of the map flows through it. */
export class FrontDoor {
  readonly profile = 'fd-stamps';
  readonly group = 'stamps-origins';
  readonly groupId = `${providerId(globalGroup, 'Microsoft.Cdn/profiles', this.profile)}/originGroups/${this.group}`;
  readonly origins: readonly EmulatedOrigin[];
  /** The name at which it answers clients. */
  readonly endpoint: { readonly name: string; enabledState: 'Enabled' | 'Disabled' } = {
    name: 'stamps',
    enabledState: 'Enabled',
  };

  certificateEnds: number;
  /** When somebody last emptied its cache; absent: nobody did. */
  purgedAt: number | undefined;

  get endpointId(): string {
    return `${providerId(globalGroup, 'Microsoft.Cdn/profiles', this.profile)}/afdEndpoints/${this.endpoint.name}`;
  }

  constructor(regions: readonly RegionLayout[], now: number) {
    this.certificateEnds = now + 150 * 86_400_000;
    this.origins = regions.map(({ name }) => ({
      name: `${name}-origin`,
      hostName: `${name}.stamps.example`,
      region: name,
      enabledState: 'Enabled',
    }));
  }

  /** Of the bytes that go out, how many come from the cache, in percent: an empty one fills within half an hour. */
  hitPercent(at: number): number {
    const filled = this.purgedAt === undefined || at < this.purgedAt ? 1 : 1 - Math.exp((this.purgedAt - at) / fillMs);
    return usualHitPercent * filled;
  }
}
