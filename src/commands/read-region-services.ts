import { hourMs, minuteMs } from '../domain/duration.ts';
import type { Region } from '../domain/estate.ts';
import {
  hasFailed,
  type RegionServices,
  type RunbookResult,
  resultsOf,
  type VaultAccess,
} from '../domain/region-services.ts';
import { isOpsError } from '../errors.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { MetricQuery } from '../ports/monitor.ts';
import type { Reading } from './reading.ts';

const vaultWindowMs = hourMs;
const jobsWindowMs = 24 * hourMs;
/** Of so many runbooks the reason is asked for: a call each. */
const mostReasons = 3;

/** What stands beside a region's cells: access to its key vault, and what Automation's jobs came to. */
export async function readRegionServices(
  azure: Pick<AzurePorts, 'metrics' | 'automation'>,
  region: Region,
  now: number,
  reading: Reading,
): Promise<RegionServices> {
  const { keyVaultId, automationAccountId } = region;
  const [vault, automation] = await Promise.all([
    keyVaultId === undefined
      ? null
      : reading.attempt(`key vault of ${region.name}`, (signal) =>
          readVault(azure, keyVaultId, region.metricsUrl, now, signal),
        ),
    automationAccountId === undefined
      ? null
      : reading.attempt(`Automation of ${region.name}`, (signal) =>
          readAutomation(azure, automationAccountId, now, signal),
        ),
  ]);
  return { ...(vault !== undefined && { vault }), ...(automation !== undefined && { automation }) };
}

/** Metrics and dimensions: learn.microsoft.com, “Supported metrics for Microsoft.KeyVault/vaults”. */
async function readVault(
  azure: Pick<AzurePorts, 'metrics'>,
  id: string,
  metricsUrl: string,
  now: number,
  signal: AbortSignal,
): Promise<VaultAccess> {
  const to = now - (now % minuteMs);
  const ask = async (metrics: MetricQuery['metrics'], where?: MetricQuery['where']) => {
    const { series, failed } = await azure.metrics.query(
      {
        resourceIds: [id],
        namespace: 'Microsoft.KeyVault/vaults',
        metrics,
        metricsUrl,
        from: to - vaultWindowMs,
        to,
        interval: 'PT5M',
        ...(where && { where }),
      },
      signal,
    );
    const failure = failed.get(id);
    if (failure) throw failure;
    const points = (metric: string) => (series.get(id)?.get(metric) ?? []).map(({ value }) => value);
    return {
      sum: (metric: string) => sum(points(metric)),
      mean: (metric: string) => (points(metric).length === 0 ? undefined : sum(points(metric)) / points(metric).length),
      any: (metric: string) => points(metric).length > 0,
    };
  };
  const results = [{ name: 'ServiceApiResult', aggregation: 'count' }] as const;
  const [all, refused, throttled, failed] = await Promise.all([
    ask([
      { name: 'Availability', aggregation: 'average' },
      { name: 'ServiceApiLatency', aggregation: 'average' },
      ...results,
    ]),
    ask(results, [{ name: 'StatusCode', value: '403' }]),
    ask(results, [{ name: 'StatusCode', value: '429' }]),
    ask(results, [{ name: 'StatusCodeClass', value: '5xx' }]),
  ]);
  const [availabilityPercent, latencyMs] = [all.mean('Availability'), all.mean('ServiceApiLatency')];
  const known = all.any('ServiceApiResult');
  return {
    name: nameOf(id),
    ...(availabilityPercent !== undefined && { availabilityPercent }),
    ...(latencyMs !== undefined && { latencyMs }),
    // Where the vault was asked, a code without a series did not occur.
    ...(known && {
      requests: all.sum('ServiceApiResult'),
      refused: refused.sum('ServiceApiResult'),
      throttled: throttled.sum('ServiceApiResult'),
      failed: failed.sum('ServiceApiResult'),
    }),
  };
}

async function readAutomation(
  { automation }: Pick<AzurePorts, 'automation'>,
  id: string,
  now: number,
  signal: AbortSignal,
): Promise<NonNullable<RegionServices['automation']>> {
  const results = resultsOf(await automation.jobs(id, now - jobsWindowMs, signal));
  const reasons = await Promise.all(
    results.slice(0, mostReasons).map(async (result) => {
      if (!hasFailed(result.last)) return undefined;
      // The result stands without its reason.
      return automation.exception(result.last.id, signal).catch((error: unknown) => {
        if (isOpsError(error)) return undefined;
        throw error;
      });
    }),
  );
  return {
    name: nameOf(id),
    results: results.map((result, index): RunbookResult => {
      const error = reasons[index];
      return error === undefined ? result : { ...result, error };
    }),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function nameOf(id: string): string {
  return id.split('/').at(-1) ?? id;
}
