import type { Estate } from '../../src/domain/estate.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import type { OpsError } from '../../src/errors.ts';
import type { LogAnswer, LogsPort, MetricQuery, MetricsPort } from '../../src/ports/monitor.ts';

/** Two active cells and a standby in two regions. */
export const kpiEstate: Estate = parseEstate(`
version: 1
subscriptionId: 00000000-0000-4000-8000-00000000cafe
tenants: { endpoint: 'https://cosmos.example.com', database: globaldb, container: tenants }
logsWorkspaceId: 99999999-2222-4333-8444-555555555555
regions:
  - name: eastus
    resourceGroup: rg-a
    cells:
      - { name: cell-a, role: active, requestsPerSecondPerReplica: 50, fallback: { cell: cell-dr } }
      - { name: cell-b, role: active, requestsPerSecondPerReplica: 50 }
  - name: westus
    resourceGroup: rg-b
    cells:
      - { name: cell-dr, role: standby, requestsPerSecondPerReplica: 50 }
`);

/** Logs and metrics that a test fills; all else has no data. */
export function createFakeMonitor() {
  /** What a query that contains this text is answered with. */
  const tables = new Map<string, LogAnswer | OpsError | Error>();
  /** Minutes' values, by the last part of the resource's id. */
  const minutes = new Map<string, readonly number[] | OpsError>();
  /** Whole calls that fail, by metric. */
  const broken = new Map<string, Error>();
  const asked: MetricQuery[] = [];

  const logs: LogsPort = {
    async query({ kql }) {
      const [, answer] = [...tables].find(([text]) => kql.includes(text)) ?? [];
      if (answer instanceof Error) throw answer;
      return answer ?? { rows: [] };
    },
  };
  const metrics: MetricsPort = {
    async query(query) {
      asked.push(query);
      const [{ name } = { name: '' }] = query.metrics;
      const failure = broken.get(name);
      if (failure) throw failure;
      const found = query.resourceIds.map((id) => [id, minutes.get(id.split('/').at(-1) ?? '')] as const);
      const failed = found.flatMap(([id, given]) => (given instanceof Error ? [[id, given] as const] : []));
      const series = found.flatMap(([id, given]) =>
        given === undefined || given instanceof Error
          ? []
          : [[id, new Map([[name, given.map((value, n) => ({ at: query.from + n * 60_000, value }))]])] as const],
      );
      return { series: new Map(series), failed: new Map(failed) };
    },
  };
  return { logs, metrics, tables, minutes, broken, asked };
}
