import type { OpsError } from '../errors.ts';

/** A question for the metrics of many resources of one type; all live in one region. Times in ms since 1970. */
export interface MetricQuery {
  /** ARM ids. */
  readonly resourceIds: readonly string[];
  /** `Microsoft.App/containerApps` */
  readonly namespace: string;
  /** As Azure calls them: `CpuPercentage`. */
  readonly metrics: readonly {
    readonly name: string;
    readonly aggregation: 'average' | 'total' | 'maximum' | 'minimum' | 'count';
  }[];
  /** Of the region: `https://eastus.metrics.monitor.azure.com`. */
  readonly metricsUrl: string;
  readonly from: number;
  readonly to: number;
  readonly interval: 'PT1M' | 'PT5M' | 'PT1H' | 'P1D';
  /** Only series with these dimensions. */
  readonly where?: readonly { readonly name: string; readonly value: string }[];
}

/** Beginning of a point's interval, and its value; an interval without a value has no point. */
export interface MetricPoint {
  readonly at: number;
  readonly value: number;
}

export interface MetricAnswer {
  /** By resource id as it was asked for, then by metric; points in order. A resource without data is absent. */
  readonly series: ReadonlyMap<string, ReadonlyMap<string, readonly MetricPoint[]>>;
  /** By resource id: why nothing is known of it. One that is not there any more fails alone. */
  readonly failed: ReadonlyMap<string, OpsError>;
}

export interface MetricsPort {
  /** 50 resources a call, calls side by side. Rejects only when the signal aborts; all else is in the answer. */
  query(query: MetricQuery, signal: AbortSignal): Promise<MetricAnswer>;
}

/** A value of a row: NaN, infinite and missing numbers are null. Dates are ISO 8601 text. */
export type LogValue = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

export interface LogAnswer {
  /** By column. */
  readonly rows: readonly Readonly<Record<string, LogValue>>[];
  /** Azure gave only a part, and says so. */
  readonly partial?: string;
}

/**
 * KQL over the workspace, in a window. At most five at once, as many as Azure lets one user ask; the others wait.
 * Throws `not-found` when a table or the workspace is not there, `timeout` when the query took too long, `throttled`,
 * `bad-input` for KQL that Azure does not take, `misconfigured` without a workspace.
 */
export interface LogsPort {
  query(
    query: {
      readonly kql: string;
      /** Texts that are bound to names before the query, as string literals: `{ apimId: '/subscriptions/…' }`. */
      readonly bind?: Readonly<Record<string, string>>;
      /** ms since 1970. */
      readonly from: number;
      readonly to: number;
    },
    signal: AbortSignal,
  ): Promise<LogAnswer>;
}
