/**
 * How an emulated cell fares under load: figures of ours, so that a healthy cell keeps the guide's targets and one
 * that is full does not. A load share of 1 is all that its replicas can serve.
 */

/** Median time of the app to answer, in milliseconds: it grows as the queue does. */
export function appMedianMs(loadShare: number): number {
  return 16 + (8 * Math.min(loadShare, 1)) / (1.05 - Math.min(loadShare, 1));
}

/** Of a log-normal time, the mean lies above the median. */
export function appMeanMs(loadShare: number): number {
  return appMedianMs(loadShare) * Math.exp(spread.app ** 2 / 2);
}

/** Median time of a SQL query as the app sees it, in milliseconds. */
export function sqlMedianMs(loadShare: number): number {
  return 6 + (5 * Math.min(loadShare, 1)) / (1.1 - Math.min(loadShare, 1));
}

/** CPU of an app's replicas, in percent of what they may use. */
export function cpuPercent(loadShare: number): number {
  return 6 + 82 * Math.min(loadShare, 1);
}

export function memoryPercent(loadShare: number): number {
  return 33 + 14 * Math.min(loadShare, 1);
}

/** Database throughput units, in percent of what the database has; `share` of what its usual replicas can serve. */
export function dtuPercent(share: number): number {
  return 5 + 60 * share;
}

/**
 * API Management's load, in percent: it works for each request of a minute, and one that no backend answers waits in
 * its queues until it gives up.
 */
export function apimCapacityPercent(requests: number, failed: number): number {
  return Math.min(100, 10 + requests / 1_200 + failed / 200);
}

/** What Front Door and the way to the client add; what API Management's gateway adds. Medians, in milliseconds. */
export const edgeMedianMs = 7;
export const gatewayMedianMs = 5;

/** Operations on storage, and SQL queries, for one request. */
export const storageOperationsPerRequest = 8;
export const queriesPerRequest = 3;

/** Spread of a log-normal time: of the app, a query, the edge, the gateway. */
export const spread = { app: 0.4, sql: 0.5, edge: 0.5, gateway: 0.6 } as const;

/** The middles of equal parts of a normal distribution: so many times stand for all. */
export const deviations = [-1.73, -1.15, -0.81, -0.55, -0.32, -0.1, 0.1, 0.32, 0.55, 0.81, 1.15, 1.73] as const;

export function timeAt(medianMs: number, spreadOf: number, deviation: number): number {
  return medianMs * Math.exp(spreadOf * deviation);
}
