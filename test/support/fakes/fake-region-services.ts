import type { AutomationJob } from '../../../src/domain/region-services.ts';
import type { OpsError } from '../../../src/errors.ts';
import type { AutomationPort } from '../../../src/ports/automation.ts';
import type { MetricsPort } from '../../../src/ports/monitor.ts';

/** Metrics of key vaults, and Automation, in memory. */
export function createFakeRegionServices() {
  const state = {
    jobs: [] as AutomationJob[],
    /** By id of the job. */
    exceptions: new Map<string, string>(),
    /** By metric, or by `metric StatusCode=403`; absent: no series. One point. */
    metrics: new Map<string, number>(),
    failures: new Map<'jobs' | 'exception' | 'metrics', OpsError>(),
  };
  const failing = (call: 'jobs' | 'exception') => {
    const failure = state.failures.get(call);
    if (failure) throw failure;
  };
  const automation: AutomationPort = {
    async jobs(_accountId, since) {
      failing('jobs');
      return state.jobs.filter(({ startedAt }) => Date.parse(startedAt) >= since);
    },
    async exception(jobId) {
      failing('exception');
      return state.exceptions.get(jobId);
    },
  };
  const metrics: MetricsPort = {
    async query({ resourceIds, metrics: wanted, from, where = [] }) {
      const failure = state.failures.get('metrics');
      if (failure) return { series: new Map(), failed: new Map(resourceIds.map((id) => [id, failure])) };
      const [only] = where;
      const series = new Map(
        wanted.flatMap(({ name }) => {
          const value = state.metrics.get(only ? `${name} ${only.name}=${only.value}` : name);
          return value === undefined ? [] : [[name, [{ at: from, value }]] as const];
        }),
      );
      return { series: new Map(series.size === 0 ? [] : resourceIds.map((id) => [id, series])), failed: new Map() };
    },
  };
  return { automation, metrics, state };
}
