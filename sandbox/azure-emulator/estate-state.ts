import type { CellSnapshot, EstateSnapshot } from '../contract.ts';
import { type CellSeed, fqdnOf, perReplica, regions, cells as seedCells, tenants } from './seed.ts';

export interface Revision {
  readonly name: string;
  active: boolean;
  /** When it was last started or stopped: replicas come and go a little later. */
  changedAt: number;
  readonly createdAt: string;
}

export interface CellState extends CellSeed {
  failed: boolean;
  revisionStates: Revision[];
}

export interface GatewayState {
  readonly region: string;
  pools: Map<string, string[]>;
  etag: number;
  /** When the write in progress takes effect; Infinity: never. */
  settlesAt: number;
  failsAtEnd: boolean;
  pending: Map<string, string[]> | undefined;
  /** What else was put, kept as it came. */
  extra: Record<string, unknown>;
}

/** How long a replica takes to start or stop. */
const replicaDelayMs = 400;

/** The state of the emulated estate and the behaviour that follows from it: traffic follows pools, load follows traffic. */
export class EstateState {
  readonly cells: CellState[];
  readonly gateways = new Map<string, GatewayState>();
  /** Alert processing rules, by lower-cased id. */
  readonly rules = new Map<string, Record<string, unknown>>();
  readonly now: () => number;
  readonly #listeners = new Set<() => void>();

  constructor(now: () => number) {
    this.now = now;
    this.cells = seedCells.map((seed) => ({
      ...seed,
      failed: false,
      revisionStates: seed.revisions.map((name, index) => ({
        name: `app-${seed.name}--${name}`,
        active: true,
        changedAt: 0,
        createdAt: new Date(Date.UTC(2026, 9, 20 - index)).toISOString(),
      })),
    }));
    for (const { name } of regions) {
      const pools = new Map(
        this.cells.filter(({ region }) => region === name).map((cell) => [`${cell.name}-backend`, [fqdnOf(cell)]]),
      );
      this.gateways.set(name, {
        region: name,
        pools,
        etag: 1,
        settlesAt: 0,
        failsAtEnd: false,
        pending: undefined,
        extra: {},
      });
    }
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  cell(name: string): CellState | undefined {
    return this.cells.find((cell) => cell.name === name);
  }

  /** The gateway, with a write that has come to its end applied. */
  gateway(region: string): GatewayState {
    const gateway = this.gateways.get(region);
    if (!gateway) throw new Error(`no gateway in ${region}`);
    if (gateway.pending && this.now() >= gateway.settlesAt) {
      if (!gateway.failsAtEnd) gateway.pools = gateway.pending;
      gateway.pending = undefined;
      gateway.etag += 1;
    }
    return gateway;
  }

  replicas(cell: CellState): number {
    const serving = cell.revisionStates.some(({ active, changedAt }) =>
      active ? this.now() - changedAt >= replicaDelayMs : this.now() - changedAt < replicaDelayMs,
    );
    return serving ? cell.replicas : 0;
  }

  healthy(cell: CellState): boolean {
    return !cell.failed && this.replicas(cell) > 0;
  }

  /** Requests a second that the cell's tenants make: a slow wave, the same for the same time. */
  demand(cell: CellSeed): number {
    const phase = cell.name.length;
    return (
      cell.demand * (1 + 0.12 * Math.sin(this.now() / 45_000 + phase) + 0.04 * Math.sin(this.now() / 7_000 + 2 * phase))
    );
  }

  backends(cell: CellState): string[] {
    return this.gateway(cell.region).pools.get(`${cell.name}-backend`) ?? [];
  }

  byAddress(address: string): CellState | undefined {
    return this.cells.find((cell) => fqdnOf(cell).toLowerCase() === address.toLowerCase());
  }

  /** Requests a second that arrive at a cell, for itself and for others. */
  served(cell: CellState): number {
    let sum = 0;
    for (const other of this.cells) {
      const backends = this.backends(other);
      const mine = backends.filter((address) => this.byAddress(address) === cell).length;
      if (mine > 0) sum += (this.demand(other) * mine) / backends.length;
    }
    return sum;
  }

  snapshot(trouble: readonly string[]): EstateSnapshot {
    return {
      regions: regions.map(({ name }) => ({
        name,
        gateway: this.gateway(name).pending ? 'updating' : 'idle',
        cells: this.cells.filter(({ region }) => region === name).map((cell) => this.#cell(cell)),
      })),
      trouble,
    };
  }

  #cell(cell: CellState): CellSnapshot {
    const backends = this.backends(cell);
    const silencedUntil = this.#silence(cell);
    return {
      name: cell.name,
      region: cell.region,
      role: cell.role,
      healthy: !cell.failed,
      tenants: tenants.filter(({ cellName }) => cellName === cell.name).length,
      demand: Math.round(this.demand(cell)),
      served: this.healthy(cell) ? Math.round(this.served(cell)) : 0,
      errorShare: this.#errorShare(backends),
      servedBy: backends.map((address) => this.byAddress(address)?.name ?? address),
      replicas: this.replicas(cell),
      capacity: this.replicas(cell) * perReplica,
      revisions: cell.revisionStates.map(({ name, active }) => ({ name, active })),
      ...(silencedUntil === undefined ? {} : { silencedUntil }),
    };
  }

  /** An empty pool answers 502 to everybody; a backend that can't serve, to its share; one with too much, to what is over. */
  #errorShare(backends: readonly string[]): number {
    if (backends.length === 0) return 1;
    const shares = backends.map((address) => {
      const target = this.byAddress(address);
      if (!target) return 0;
      if (!this.healthy(target)) return 1;
      const most = target.maxReplicas * perReplica;
      return Math.max(0, 1 - most / Math.max(this.served(target), 1));
    });
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }

  #silence(cell: CellState): string | undefined {
    const alert = `${cell.name}-Health-Alert`.toLowerCase();
    for (const rule of this.rules.values()) {
      const { conditions = [], schedule } = rule.properties as {
        conditions?: { values: string[] }[];
        schedule?: { effectiveUntil?: string };
      };
      const until = schedule?.effectiveUntil && `${schedule.effectiveUntil}Z`;
      if (
        until &&
        Date.parse(until) > this.now() &&
        conditions.some(({ values }) => values.some((value) => value.toLowerCase().endsWith(`/${alert}`)))
      )
        return until;
    }
    return undefined;
  }
}
