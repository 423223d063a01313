import type { SqlTierState } from './sql-tier.ts';

/** What a person wants a cell to keep at least: no scale-in is proposed below it. */
export type FloorState = { replicas: number };

/** What a person wants a cell's SQL database to be at least: no step down is proposed below it. */
export type SqlFloorState = SqlTierState;

/** Such a floor as it is kept. */
export interface SqlFloor {
  readonly cell: string;
  readonly tier: SqlFloorState;
  /** The run by which it was set, and who asked for that. */
  readonly runId: string;
  readonly by: string;
}

/** A floor as it is kept. */
export interface ScalingFloor extends FloorState {
  readonly cell: string;
  /** The run by which it was set, and who asked for that. */
  readonly runId: string;
  readonly by: string;
  /** ISO 8601. */
  readonly setAt: string;
}
