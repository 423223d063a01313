/**
 * A storm: a stateless log search rule that is split by tenant and operation fires for each combination, up to 6,000
 * at one evaluation (azure-monitor-limits-alerts.md, 2025-02). In its middle stands what really matters, one Sev0 of
 * Traffic Manager. The same seed gives the same alerts but for their ids.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fraction } from '../demand.ts';
import type { Estate } from '../estate.ts';
import { globalGroup, providerId } from '../layout.ts';
import { profileType } from '../traffic-profile.ts';
import { type AlertMonitor, newAlertId } from './alert-monitor.ts';
import type { Finding, FiredAlert } from './fired-alert.ts';
import { actionGroupId } from './seeded-rules.ts';

export interface FloodOptions {
  readonly count: number;
  /** They come evenly over so long; 0: as fast as they are taken. */
  readonly overMs: number;
  readonly seed: number;
}

/** As many calls are open at once. */
const mostOpen = 256;
const query = 'AppExceptions | summarize errors = count() by tenant, operation, _ResourceId';

export class Flood {
  readonly #estate: Estate;
  readonly #monitor: AlertMonitor;
  #alerts: FiredAlert[] = [];
  #left = 0;

  constructor(estate: Estate, monitor: AlertMonitor) {
    this.#estate = estate;
    this.#monitor = monitor;
  }

  /** Alerts still to be posted. */
  get left(): number {
    return this.#left;
  }

  /** Resolves when the last one was answered or given up. */
  async fire({ count, overMs, seed }: FloodOptions): Promise<void> {
    const { now } = this.#estate;
    const start = performance.now();
    await this.#each(count, async (index) => {
      const due = start + (overMs * index) / count - performance.now();
      if (due > 0) await sleep(due, undefined, { ref: false });
      const alert = alertOf(this.#estate, index, count, seed, now());
      this.#alerts.push(alert);
      this.#monitor.remember(alert);
      await this.#post(alert);
    });
  }

  /** All that it fired are over. */
  async resolve(): Promise<void> {
    const alerts = this.#alerts;
    this.#alerts = [];
    await this.#each(alerts.length, async (index) => {
      const alert = alerts[index] as FiredAlert;
      alert.resolvedAt = this.#estate.now();
      await this.#post(alert);
    });
  }

  #post(alert: FiredAlert): Promise<void> {
    const over = alert.resolvedAt !== undefined;
    const finding: Finding =
      alert.service === 'Platform'
        ? {
            metricName: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
            metricNamespace: profileType,
            operator: 'LessThan',
            threshold: 1,
            timeAggregation: 'Maximum',
            value: over ? 1 : 0,
          }
        : {
            metricName: 'errors',
            metricNamespace: '',
            operator: 'GreaterThan',
            threshold: 5,
            timeAggregation: 'Total',
            value: over ? 0 : 6 + alert.severity,
            query,
          };
    const window = { size: 'PT5M', from: alert.firedAt - 300_000, until: alert.firedAt };
    return this.#monitor.notify(alert, [actionGroupId], [finding], window);
  }

  /** Does it for 0, 1, 2, … in order, so many at a time. */
  async #each(count: number, work: (index: number) => Promise<void>): Promise<void> {
    this.#left += count;
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < count; index = next++) {
        await work(index);
        this.#left -= 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(mostOpen, count) }, worker));
  }
}

function alertOf(estate: Estate, index: number, count: number, seed: number, now: number): FiredAlert {
  const draw = (what: string) => fraction(`${seed}:${what}:${index}`);
  const pick = <T>(from: readonly T[], what: string) => from[Math.floor(draw(what) * from.length)] as T;
  const isWorst = index === Math.floor(count / 2);
  const apps = [...estate.apps.values()].filter(({ cell }) => cell.role === 'active');
  const app = pick(apps, 'app');
  const tenant = pick(estate.tenants, 'tenant').record.tenantId;
  const operation = `/operation-${index}`;
  const rule = isWorst ? 'Traffic-Manager-Endpoint-Down' : 'App-Errors-By-Tenant';
  const ruleType = isWorst ? 'Microsoft.Insights/metricAlerts' : 'Microsoft.Insights/scheduledQueryRules';
  return {
    id: newAlertId(),
    originId: `${rule}_${tenant}_${operation}`,
    service: isWorst ? 'Platform' : 'Log Alerts V2',
    ruleId: providerId(globalGroup, ruleType, rule),
    rule,
    severity: isWorst ? 0 : 2 + Math.floor(draw('severity') * 3),
    description: isWorst ? 'Traffic Manager has no healthy endpoints' : `More than 5 errors of ${tenant} in 5 minutes.`,
    targetId: isWorst ? estate.profile.id : app.id,
    dimensions: isWorst ? { EndpointName: 'primary-endpoint' } : { tenant, operation },
    firedAt: now,
    notified: 'posting',
  };
}
