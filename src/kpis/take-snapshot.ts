import { minuteMs } from '../domain/duration.ts';
import type { Cell, Estate } from '../domain/estate.ts';
import { cellScope, type KpiDefinition, type KpiReading, type KpiScope, scopesOf } from '../domain/kpi.ts';
import { isOpsError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { LogsPort, MetricsPort } from '../ports/monitor.ts';
import { appOf, targetsOf } from './kpi-targets.ts';
import { type Finding, type LogRow, valueOfMinutes, valueOfRow } from './sample-value.ts';

export interface SnapshotSources {
  readonly estate: Estate;
  readonly metrics: MetricsPort;
  readonly logs: LogsPort;
  readonly logger: Logger;
}

/**
 * All readings of the windows that end at `at` (ms since 1970), asked for side by side. Each is a value or a reason:
 * whatever fails or is late, the snapshot itself is not. Rejects only when the signal aborts.
 */
export async function takeSnapshot(
  sources: SnapshotSources,
  definitions: readonly KpiDefinition[],
  at: number,
  { deadlineMs, signal: stop }: { readonly deadlineMs: number; readonly signal: AbortSignal },
): Promise<KpiReading[]> {
  const late = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([stop, late]);
  /** A bug is as much “not known” as a refusal; its text may say anything, so it is logged and not shown. */
  const reasonOf: ReasonOf = (error, { id }) => {
    stop.throwIfAborted();
    if (late.aborted) return 'there was no answer in time';
    if (isOpsError(error)) return error.message;
    sources.logger.error({ err: error, kpi: id }, 'an indicator could not be read');
    return 'the reading failed';
  };
  const readings = await Promise.all(
    definitions.map(async (definition) => {
      const scopes = scopesOf(definition, sources.estate);
      const findings = await findingsOf({ ...sources, reasonOf }, definition, at, signal).catch((error: unknown) =>
        all(scopes, reasonOf(error, definition)),
      );
      const about = {
        kpi: definition.id,
        from: new Date(at - definition.windowMs).toISOString(),
        to: new Date(at).toISOString(),
      };
      return scopes.map(
        (scope): KpiReading => ({ ...about, scope, ...(findings.get(scope) ?? { reason: 'nothing came of it' }) }),
      );
    }),
  );
  return readings.flat();
}

type ReasonOf = (error: unknown, definition: KpiDefinition) => string;
type Sources = SnapshotSources & { readonly reasonOf: ReasonOf };

function findingsOf(
  sources: Sources,
  definition: KpiDefinition,
  at: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<KpiScope, Finding>> {
  return definition.source.kind === 'logs'
    ? fromLogs(sources, definition, definition.source, at, signal)
    : fromMetrics(sources, definition, definition.source, at, signal);
}

type Source<Kind> = Extract<KpiDefinition['source'], { kind: Kind }>;

async function fromLogs(
  { estate, logs }: Sources,
  definition: KpiDefinition,
  { query, needs }: Source<'logs'>,
  at: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<KpiScope, Finding>> {
  const bind = { frontDoorId: estate.frontDoorId, apimId: estate.apim.id };
  const { rows, partial } = await logs.query({ kql: query, bind, from: at - definition.windowMs, to: at }, signal);
  const scopes = scopesOf(definition, estate);
  // What a part of the data says is not what all of it says.
  if (partial !== undefined) return all(scopes, `Azure gave a part of the answer only: ${partial}`);
  if (definition.level === 'global') return new Map([['global', valueOfRow(definition, rows[0])]]);
  if (rows.length === 0) return all(scopes, `no data came: it needs ${needs}`);
  return byCell(estate, definition, rows);
}

/** A cell's row is that with the name of its container app. */
function byCell(estate: Estate, definition: KpiDefinition, rows: readonly LogRow[]): Map<KpiScope, Finding> {
  const rowOf = new Map(rows.map((row) => [String(row.app).toLowerCase(), row]));
  const owners = Map.groupBy(estate.cells, appOf);
  return new Map(
    estate.cells.map((cell) => {
      const app = appOf(cell);
      const row = rowOf.get(app);
      if ((owners.get(app)?.length ?? 0) > 1)
        return [cellScope(cell.name), { reason: `several cells have a container app called ${app}` }];
      if (row === undefined) return [cellScope(cell.name), { reason: nothingFrom(cell) }];
      return [cellScope(cell.name), valueOfRow(definition, row)];
    }),
  );
}

function nothingFrom({ role }: Cell): string {
  return role === 'standby' ? 'it stands by, without requests' : 'no data came from it in this window';
}

async function fromMetrics(
  { estate, metrics, reasonOf }: Sources,
  definition: KpiDefinition,
  source: Source<'metric'>,
  at: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<KpiScope, Finding>> {
  const { windowMs } = definition;
  const { namespace, metric, aggregation } = source;
  const targets = targetsOf(estate, source);
  const found = await Promise.all(
    // By region, as a call is for one region only, whatever address it goes to.
    [...Map.groupBy(targets, ({ cell }) => cell?.region)].map(async ([, some]) => {
      const metricsUrl = some[0]?.metricsUrl ?? '';
      const answer = metrics.query(
        {
          resourceIds: some.map(({ id }) => id),
          namespace,
          metrics: [{ name: metric, aggregation }],
          metricsUrl,
          from: at - windowMs,
          to: at,
          interval: 'PT1M',
        },
        signal,
      );
      // A region that does not answer takes none of the others with it.
      const read = await answer.catch((error: unknown) => reasonOf(error, definition));
      if (typeof read === 'string') return some.map(({ scope }): [KpiScope, Finding] => [scope, { reason: read }]);
      const { series, failed } = read;
      return some.map(({ scope, id, cell }): [KpiScope, Finding] => {
        const failure = failed.get(id);
        if (failure) return [scope, { reason: failure.message }];
        const points = series.get(id)?.get(metric) ?? [];
        if (points.length === 0) return [scope, { reason: cell ? nothingFrom(cell) : 'no data came' }];
        return [scope, valueOfMinutes(source, points, windowMs / minuteMs)];
      });
    }),
  );
  return new Map(found.flat());
}

function all(scopes: readonly KpiScope[], reason: string): Map<KpiScope, Finding> {
  return new Map(scopes.map((scope) => [scope, { reason }]));
}
