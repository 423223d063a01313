import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';

/**
 * Tables of Azure Monitor Logs with the columns that our queries may use, as its reference has them
 * (learn.microsoft.com/azure/azure-monitor/reference/tables). AzureDiagnostics has those of every resource that ever
 * wrote to it: `…_s`, `…_d`, whichever came first.
 */
export const logTables: Readonly<Record<string, string>> = {
  ApiManagementGatewayLogs: `TimeGenerated: datetime, ApiId: string, ApimSubscriptionId: string, ApiRevision: string,
    BackendId: string, BackendMethod: string, BackendProtocol: string, BackendResponseCode: int, BackendTime: long,
    BackendUrl: string, Cache: string, CacheTime: long, CallerIpAddress: string, Category: string,
    ClientProtocol: string, ClientTime: long, ClientTlsVersion: string, CorrelationId: string, Errors: dynamic,
    IsRequestSuccess: bool, LastErrorElapsed: long, LastErrorMessage: string, LastErrorReason: string,
    LastErrorScope: string, LastErrorSection: string, LastErrorSource: string, Method: string, OperationId: string,
    OperationName: string, ProductId: string, Region: string, RequestSize: int, ResponseCode: int, ResponseSize: int,
    TotalTime: long, Url: string, UserId: string, SourceSystem: string, TenantId: string, Type: string,
    _ResourceId: string, _SubscriptionId: string`,
  AppRequests: `TimeGenerated: datetime, Id: string, Source: string, Name: string, Url: string, Success: bool,
    ResultCode: string, DurationMs: real, PerformanceBucket: string, Properties: dynamic, Measurements: dynamic,
    OperationName: string, OperationId: string, ParentId: string, AppRoleName: string, AppRoleInstance: string,
    AppVersion: string, ClientType: string, ClientCountryOrRegion: string, ResourceGUID: string, IKey: string,
    ItemCount: int, SDKVersion: string, TenantId: string, Type: string, _ResourceId: string`,
  AppDependencies: `TimeGenerated: datetime, Id: string, Target: string, DependencyType: string, Name: string,
    Data: string, Success: bool, ResultCode: string, DurationMs: real, PerformanceBucket: string, Properties: dynamic,
    Measurements: dynamic, OperationName: string, OperationId: string, ParentId: string, AppRoleName: string,
    AppRoleInstance: string, ResourceGUID: string, ItemCount: int, TenantId: string, Type: string, _ResourceId: string`,
  AzureDiagnostics: `TimeGenerated: datetime, ResourceId: string, Category: string, ResourceGroup: string,
    SubscriptionId: string, ResourceProvider: string, Resource: string, ResourceType: string, OperationName: string,
    httpStatusCode_s: string, httpStatusCode_d: real, timeTaken_s: string, timeTaken_d: real, clientCountry_s: string,
    hostName_s: string, requestUri_s: string, pop_s: string, TenantId: string, Type: string, _ResourceId: string`,
  ContainerAppConsoleLogs: `TimeGenerated: datetime, ContainerAppName: string, RevisionName: string,
    ContainerName: string, ContainerId: string, ContainerGroupName: string, EnvironmentName: string, Log: string,
    Stream: string, JobName: string, OperationName: string, Category: string, TenantId: string, Type: string,
    _ResourceId: string`,
};

export interface KqlVerdict {
  /** Microsoft's own words: unknown tables, columns and functions, wrong types, syntax. */
  readonly faults: readonly string[];
  /** Of the result: its columns and their types. */
  readonly columns: Readonly<Record<string, string>>;
}

// The library is C# turned into scripts that hang themselves on the global object; its types are of no help here.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Scripted = any;

let kusto: { language: Scripted; globals: Scripted } | undefined;

/** What Microsoft's parser finds in a query against these tables. */
export function checkKql(query: string): KqlVerdict {
  kusto ??= load();
  const code = kusto.language.KustoCode.ParseAndAnalyze(query, kusto.globals);
  const diagnostics = listed(code.GetDiagnostics()).map((found: Scripted) => `${found.Severity}: ${found.Message}`);
  const columns = code.ResultType?.Columns ? listed(code.ResultType.Columns) : [];
  return {
    faults: diagnostics,
    columns: Object.fromEntries(columns.map((column: Scripted) => [column.Name, column.Type.Name])),
  };
}

function load() {
  // In a context of its own, past Jest's loader, which takes ten times as long over these 5 MB.
  const context = createContext({ process, console });
  for (const file of ['bridge.min.js', 'Kusto.Language.Bridge.min.js'])
    runInContext(readFileSync(`node_modules/@kusto/language-service-next/${file}`, 'utf8'), context);
  const { Kusto, System } = context as Scripted;
  const { Language: language } = Kusto;
  const { Symbols } = language;
  const tables = new (System.Collections.Generic.List$1(Symbols.Symbol).ctor)();
  for (const [name, columns] of Object.entries(logTables))
    tables.add(Symbols.TableSymbol.From(`(${columns})`).WithName(name));
  const database = new Symbols.DatabaseSymbol.$ctor3('logs', null, tables, false);
  return { language, globals: language.GlobalState.Default.WithDatabase(database) };
}

function listed(list: Scripted): Scripted[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
