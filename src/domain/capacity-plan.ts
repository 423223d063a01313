/** What the estate is planned for at a time. */
export interface PlanStage {
  /** Months from the plan's baseline; 0 is the baseline. */
  readonly months: 0 | 6 | 12;
  readonly cells: number;
  readonly regions: number;
  /** Mean over the estate. */
  readonly requestsPerSecond: number;
  /** Data of the estate, in GB. */
  readonly gigabytes: number;
  /** What the plan foresees to do for it. */
  readonly adjustments: readonly string[];
}

/**
 * The growth projections of the operations guide. Their 1,000 requests a second are 60,000 a minute, more than the
 * indicator's target of 50,000: the plan says what the estate must be able to carry, the indicator what it is expected
 * to carry (src/kpis/definitions.ts).
 */
export const capacityPlan: readonly PlanStage[] = [
  { months: 0, cells: 6, regions: 2, requestsPerSecond: 1_000, gigabytes: 500, adjustments: [] },
  {
    months: 6,
    cells: 10,
    regions: 3,
    requestsPerSecond: 2_500,
    gigabytes: 1_250,
    adjustments: ['SQL databases to the Premium tier', 'Front Door Premium', 'Azure Cache for Redis'],
  },
  {
    months: 12,
    cells: 20,
    regions: 4,
    requestsPerSecond: 5_000,
    gigabytes: 2_500,
    adjustments: ['a dedicated ExpressRoute', 'Cosmos DB with several write regions', 'Application Gateway V2'],
  },
];

/** How one cell stands. What is not known is absent. */
export interface CellCapacity {
  readonly cell: string;
  readonly region: string;
  /** Of the last five minutes. */
  readonly requestsPerSecond?: number;
  readonly replicas?: number;
  readonly maxReplicas?: number;
  /** At all the replicas that it may have, by the estate file's requests a second of one. */
  readonly capacity?: number;
}

/** What the estate carries. */
export interface Throughput {
  readonly requestsPerSecond: number;
  /**
   * What it is the mean of: so much as is known of the 24 hours before now, or, where nothing of them is, a whole day
   * before them (its beginning, ISO 8601).
   */
  readonly of: { readonly knownMs: number } | { readonly day: string };
}

/** When the growth of the last weeks reaches a stage. */
export interface StageOutlook {
  readonly stage: PlanStage;
  /** Days from now: of the forecast, and of the interval's higher edge; undefined: not within a year. */
  readonly inDays?: number;
  readonly earliestDays?: number;
}

/** Share of its capacity that is used; undefined: not known. */
export function usedShare({ requestsPerSecond, capacity }: CellCapacity): number | undefined {
  if (requestsPerSecond === undefined || capacity === undefined || capacity <= 0) return undefined;
  return requestsPerSecond / capacity;
}

/**
 * The first stage that is beyond both what is asked and what is stored; undefined: the estate is beyond the plan, or
 * neither is known.
 */
export function nextStage(now: {
  readonly requestsPerSecond?: number;
  readonly gigabytes?: number;
}): PlanStage | undefined {
  const { requestsPerSecond, gigabytes } = now;
  if (requestsPerSecond === undefined && gigabytes === undefined) return undefined;
  return capacityPlan.find(
    (stage) => stage.requestsPerSecond > (requestsPerSecond ?? 0) && stage.gigabytes > (gigabytes ?? 0),
  );
}
