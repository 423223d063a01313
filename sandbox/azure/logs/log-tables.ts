import { fraction } from '../demand.ts';
import {
  appMedianMs,
  deviations,
  edgeMedianMs,
  gatewayMedianMs,
  queriesPerRequest,
  spread,
  sqlMedianMs,
  timeAt,
} from '../telemetry/load-model.ts';
import type { RequestMinute, TenantFlow } from '../telemetry/request-history.ts';
import { apimId, frontDoorId } from '../telemetry/resources.ts';
import type { LogRow, LogTable } from './kql-run.ts';

/** Of a tenant's requests: four of five from where it is at home. */
const countries = ['United States', 'Germany', 'United Kingdom', 'Japan', 'Brazil'];
/** How long a gateway waits for a backend that does not answer. */
const brokenMs = 210;

/**
 * The emulated requests as the resources log them: Front Door, API Management, and the app with Application Insights,
 * which keeps one record for many. Columns and their types: Azure Monitor Logs reference, tables AzureDiagnostics,
 * ApiManagementGatewayLogs, AppRequests, AppDependencies; those that nothing here has a value for are left out.
 */
export function logTables(minutes: () => readonly RequestMinute[]): ReadonlyMap<string, LogTable> {
  const rowsOf = (each: (at: Date, flow: TenantFlow) => LogRow[]) => () =>
    minutes().flatMap(({ at, tenants }) => tenants.flatMap((flow) => each(new Date(at), flow)));
  return new Map<string, LogTable>([
    [
      'AzureDiagnostics',
      {
        columns: {
          TimeGenerated: 'datetime',
          ResourceProvider: 'string',
          Category: 'string',
          _ResourceId: 'string',
          httpStatusCode_s: 'string',
          timeTaken_s: 'string',
          clientCountry_s: 'string',
          hostName_s: 'string',
          requestUri_s: 'string',
        },
        rows: rowsOf(accessLog),
      },
    ],
    [
      'ApiManagementGatewayLogs',
      {
        columns: {
          TimeGenerated: 'datetime',
          _ResourceId: 'string',
          ApimSubscriptionId: 'string',
          ProductId: 'string',
          Region: 'string',
          ResponseCode: 'int',
          BackendResponseCode: 'int',
          IsRequestSuccess: 'bool',
          LastErrorReason: 'string',
          TotalTime: 'long',
          BackendTime: 'long',
        },
        rows: rowsOf(gatewayLog),
      },
    ],
    [
      'AppRequests',
      {
        columns: {
          TimeGenerated: 'datetime',
          AppRoleName: 'string',
          Name: 'string',
          Success: 'bool',
          ResultCode: 'string',
          DurationMs: 'real',
          ItemCount: 'int',
          ClientCountryOrRegion: 'string',
          Properties: 'dynamic',
        },
        rows: rowsOf(appRequests),
      },
    ],
    [
      'AppDependencies',
      {
        columns: {
          TimeGenerated: 'datetime',
          AppRoleName: 'string',
          DependencyType: 'string',
          Target: 'string',
          Success: 'bool',
          DurationMs: 'real',
          ItemCount: 'int',
          Properties: 'dynamic',
        },
        rows: rowsOf(appDependencies),
      },
    ],
  ]);
}

function accessLog(at: Date, flow: TenantFlow): LogRow[] {
  const base = {
    TimeGenerated: at,
    ResourceProvider: 'MICROSOFT.CDN',
    Category: 'FrontDoorAccessLog',
    _ResourceId: frontDoorId.toLowerCase(),
    hostName_s: `${flow.tenant}.stamps.example`,
    requestUri_s: `https://${flow.tenant}.stamps.example:443/api`,
  };
  return answers(flow).flatMap(({ status, backendMs, gatewayMs, edgeMs, count }) =>
    origins(flow).map(({ country, share }) => ({
      columns: {
        ...base,
        clientCountry_s: country,
        httpStatusCode_s: String(status),
        timeTaken_s: ((backendMs + gatewayMs + edgeMs) / 1000).toFixed(6),
      },
      count: count * share,
    })),
  );
}

function gatewayLog(at: Date, flow: TenantFlow): LogRow[] {
  const base = {
    TimeGenerated: at,
    _ResourceId: apimId.toLowerCase(),
    ApimSubscriptionId: `${flow.tenant}-subscription`,
    ProductId: 'tenant-api',
    Region: flow.region,
  };
  return answers(flow).map(({ status, backendMs, gatewayMs, count }) => ({
    columns: {
      ...base,
      ResponseCode: status,
      BackendResponseCode: status === 429 ? null : status,
      IsRequestSuccess: status < 400,
      LastErrorReason: status === 429 ? 'RateLimitExceeded' : status >= 500 ? 'BackendConnectionFailure' : '',
      TotalTime: Math.round(backendMs + gatewayMs),
      BackendTime: Math.round(backendMs),
    },
    count,
  }));
}

function appRequests(at: Date, flow: TenantFlow): LogRow[] {
  if (flow.servedBy === undefined) return [];
  const served = answers(flow).filter(({ status }) => status === 200);
  return served.flatMap(({ backendMs, count }) => {
    const items = Math.round(count);
    if (items === 0) return [];
    return {
      columns: {
        TimeGenerated: at,
        AppRoleName: `app-${flow.servedBy}`,
        Name: 'GET /api',
        Success: true,
        ResultCode: '200',
        DurationMs: backendMs,
        ItemCount: items,
        ClientCountryOrRegion: homeOf(flow),
        Properties: { tenantId: flow.tenant },
      },
      count: 1,
    };
  });
}

function appDependencies(at: Date, flow: TenantFlow): LogRow[] {
  const { servedBy } = flow;
  if (servedBy === undefined) return [];
  const queries = (flow.requests - flow.failed) * queriesPerRequest;
  const items = Math.round(queries / deviations.length);
  if (items === 0) return [];
  return deviations.map((deviation) => ({
    columns: {
      TimeGenerated: at,
      AppRoleName: `app-${servedBy}`,
      DependencyType: 'SQL',
      Target: `sql-stamps.database.windows.net | sql-${servedBy}`,
      Success: true,
      DurationMs: timeAt(sqlMedianMs(flow.load), spread.sql, deviation),
      ItemCount: items,
      Properties: { tenantId: flow.tenant },
    },
    count: 1,
  }));
}

interface Answer {
  readonly status: 200 | 429 | 502;
  readonly backendMs: number;
  readonly gatewayMs: number;
  readonly edgeMs: number;
  readonly count: number;
}

/** A tenant's answers of a minute: each of the times stands for as many requests. */
function answers({ tenant, requests, failed, throttled, load }: TenantFlow): Answer[] {
  const slower = 0.85 + 0.35 * fraction(`pace:${tenant}`);
  const all = deviations.flatMap((deviation): Answer[] => {
    const gatewayMs = timeAt(gatewayMedianMs, spread.gateway, deviation);
    const edgeMs = timeAt(edgeMedianMs, spread.edge, deviation);
    const backendMs = slower * timeAt(appMedianMs(load), spread.app, deviation);
    const part = (count: number) => count / deviations.length;
    return [
      { status: 200, backendMs, gatewayMs, edgeMs, count: part(requests - failed) },
      { status: 502, backendMs: brokenMs, gatewayMs, edgeMs, count: part(failed) },
      { status: 429, backendMs: 0, gatewayMs: gatewayMs / 4, edgeMs, count: part(throttled) },
    ];
  });
  return all.filter(({ count }) => count > 1e-6);
}

function homeOf({ tenant }: TenantFlow): string {
  return countries[Math.floor(fraction(`home:${tenant}`) * countries.length)] as string;
}

function origins(flow: TenantFlow): { country: string; share: number }[] {
  const home = homeOf(flow);
  const other = countries[(countries.indexOf(home) + 1) % countries.length] as string;
  return [
    { country: home, share: 0.8 },
    { country: other, share: 0.2 },
  ];
}
