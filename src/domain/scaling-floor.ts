/** What a person wants a cell to keep at least: no scale-in is proposed below it. */
export type FloorState = { replicas: number };

/** A floor as it is kept. */
export interface ScalingFloor extends FloorState {
  readonly cell: string;
  /** The run by which it was set, and who asked for that. */
  readonly runId: string;
  readonly by: string;
  /** ISO 8601. */
  readonly setAt: string;
}
