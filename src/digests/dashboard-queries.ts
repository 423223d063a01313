import { accessLog, gatewayLog } from '../kpis/queries.ts';

/** How wide a place of the pictures' time is, as KQL and in milliseconds. */
export const dashboardBin = { kql: '5m', ms: 300_000 } as const;

/** The KQL of the global dashboard; `frontDoorId` and `apimId` are bound before it. */
export const dashboardQueries = {
  /** Requests by the country that Front Door finds for the client's address. */
  byCountry: `${accessLog}
| extend country = tostring(column_ifexists("clientCountry_s", ""))
| summarize requests = count(), failed = countif(status >= 500) by country`,

  responseTimes: `${accessLog}
| summarize p50 = percentile(seconds * 1000.0, 50), p95 = percentile(seconds * 1000.0, 95), p99 = percentile(seconds * 1000.0, 99) by at = bin(TimeGenerated, ${dashboardBin.kql})`,

  byRegion: `${gatewayLog}
| summarize requests = count(), failed = countif(ResponseCode >= 500) by at = bin(TimeGenerated, ${dashboardBin.kql}), region = Region`,
} as const;
