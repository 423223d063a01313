/**
 * The KQL of the indicators, over the window that is sent beside it. Tables and columns: Azure Monitor Logs reference
 * (learn.microsoft.com/azure/azure-monitor/reference/tables). `frontDoorId` and `apimId` are bound by `let` before
 * them. A column of AzureDiagnostics is text in one workspace and a number in another, by what came first.
 */

export const accessLog = `AzureDiagnostics
| where ResourceProvider == "MICROSOFT.CDN" and Category == "FrontDoorAccessLog" and _ResourceId =~ frontDoorId
| extend status = coalesce(toint(column_ifexists("httpStatusCode_s", "")), toint(column_ifexists("httpStatusCode_d", real(null))))
| extend seconds = coalesce(todouble(column_ifexists("timeTaken_s", "")), todouble(column_ifexists("timeTaken_d", real(null))))`;

export const gatewayLog = `ApiManagementGatewayLogs
| where _ResourceId =~ apimId`;

export const queries = {
  availability: `${accessLog}
| summarize requests = count(), failed = countif(status >= 500) by minute = bin(TimeGenerated, 1m)
| summarize good = countif(failed <= 0.01 * requests), total = count()
| extend value = 100.0 * good / total`,

  latency: `${accessLog}
| summarize value = percentile(seconds * 1000.0, 95)`,

  errorRate: `${gatewayLog}
| summarize failed = countif(ResponseCode >= 500), total = count()
| extend good = total - failed, value = 100.0 * failed / total`,

  apiLatency: `${gatewayLog}
| summarize value = percentile(todouble(TotalTime - coalesce(BackendTime, 0)), 95)`,

  // Application Insights may keep one record for many: ItemCount says for how many it stands.
  tenantLatency: `AppRequests
| extend tenant = tostring(Properties.tenantId)
| summarize requests = sum(ItemCount), p95 = percentilew(DurationMs, ItemCount, 95) by app = tolower(AppRoleName), tenant
| where requests >= 20
| summarize arg_max(p95, tenant) by app
| project app, value = p95, of = tenant`,

  databasePerformance: `AppDependencies
| where DependencyType in~ ("SQL", "Azure SQL", "mssql")
| summarize value = percentilew(DurationMs, ItemCount, 95) by app = tolower(AppRoleName)`,

  /** Each tenant of one app, bound as `app` in small letters. */
  tenantsOfApp: `AppRequests
| where tolower(AppRoleName) == app
| extend tenant = tostring(Properties.tenantId), missed = iif(Success == false, ItemCount, 0)
| summarize requests = sum(ItemCount), failed = sum(missed), p95 = percentilew(DurationMs, ItemCount, 95) by tenant`,

  /** Of one subscription, bound as `subscription`. */
  tooManyCalls: `${gatewayLog} and ApimSubscriptionId == subscription
| summarize tooMany = countif(ResponseCode == 429), failed = countif(ResponseCode >= 500), calls = count()`,

  /** Who called, by the name of the subscription; without one it is empty. */
  apiByTenant: `${gatewayLog}
| summarize calls = count(), failed = countif(ResponseCode >= 500), tooMany = countif(ResponseCode == 429) by subscription = ApimSubscriptionId`,

  apiByRegion: `${gatewayLog}
| summarize calls = count(), failed = countif(ResponseCode >= 500), p95 = percentile(todouble(TotalTime - coalesce(BackendTime, 0)), 95) by Region`,
} as const;

/** Five minutes of the past, named by their beginning. */
const windowOf = (column: string) => `window = bin(${column}, 5m)`;

/** The same indicators for many windows at once: a row for each of them. A test keeps them equal to the others. */
export const pastQueries = {
  availability: `${accessLog}
| summarize requests = count(), failed = countif(status >= 500) by minute = bin(TimeGenerated, 1m)
| summarize good = countif(failed <= 0.01 * requests), total = count() by ${windowOf('minute')}
| extend value = 100.0 * good / total`,

  latency: `${accessLog}
| summarize value = percentile(seconds * 1000.0, 95) by ${windowOf('TimeGenerated')}`,

  errorRate: `${gatewayLog}
| summarize failed = countif(ResponseCode >= 500), total = count() by ${windowOf('TimeGenerated')}
| extend good = total - failed, value = 100.0 * failed / total`,

  apiLatency: `${gatewayLog}
| summarize value = percentile(todouble(TotalTime - coalesce(BackendTime, 0)), 95) by ${windowOf('TimeGenerated')}`,

  tenantLatency: `AppRequests
| extend tenant = tostring(Properties.tenantId)
| summarize requests = sum(ItemCount), p95 = percentilew(DurationMs, ItemCount, 95) by app = tolower(AppRoleName), tenant, ${windowOf('TimeGenerated')}
| where requests >= 20
| summarize arg_max(p95, tenant) by app, window
| project app, window, value = p95, of = tenant`,

  databasePerformance: `AppDependencies
| where DependencyType in~ ("SQL", "Azure SQL", "mssql")
| summarize value = percentilew(DurationMs, ItemCount, 95) by app = tolower(AppRoleName), ${windowOf('TimeGenerated')}`,
} as const;
