/**
 * Azure Monitor's metric alerts; log search alerts are in log-alerts.ts. Rules kept (learn.microsoft.com, “Types of Azure Monitor alerts” and “Metric alerts”):
 * a rule is looked at each `evaluationFrequency`, over its `windowSize`, for each combination of the dimensions that
 * it names; stateful, it fires once and is resolved when the condition did not hold three times in a row, both posted
 * to its action groups in the common alert schema; a combination without data changes nothing; a rule that is switched
 * off, changed or removed starts anew, and nothing is posted for that. Not kept: how long a metric takes to arrive.
 * A minute of a rule's lasts as long as it is told: the sandbox's go by in a second.
 */
import { randomUUID } from 'node:crypto';
import type { Estate } from '../estate.ts';
import { subscriptionId } from '../layout.ts';
import { alertPayload } from './alert-payload.ts';
import { holds, type LogAlertRule, type MetricAlertRule, type MetricCriterion, minutesOf } from './alert-rule.ts';
import type { Finding, FiredAlert, Window } from './fired-alert.ts';
import { LogAlerts } from './log-alerts.ts';
import { measure } from './measurements.ts';
import { typeOfId } from './metric-catalog.ts';
import { MetricSamples } from './metric-samples.ts';
import { isSilenced } from './processing-rules.ts';
import { judge, type WatchedBy } from './watched.ts';
import type { Webhooks } from './webhooks.ts';

export interface AlertMonitorOptions {
  readonly estate: Estate;
  readonly webhooks: Webhooks;
  /** How long a minute of a rule's window and frequency lasts. */
  readonly minuteMs: number;
}

interface RuleState {
  /** As it was when its state began. */
  readonly rule: MetricAlertRule;
  readonly watched: WatchedBy;
  lastAt: number;
}

const samplesPerMinute = 8;
const keptAlerts = 20_000;

export class AlertMonitor {
  /** Oldest first. */
  readonly alerts: FiredAlert[] = [];
  readonly #options: AlertMonitorOptions;
  readonly #samples: MetricSamples;
  readonly #states = new Map<string, RuleState>();
  readonly #logs: LogAlerts;
  #sampledAt: number;

  constructor(options: AlertMonitorOptions) {
    this.#options = options;
    this.#sampledAt = options.estate.now();
    this.#samples = new MetricSamples(() => this.#longestWindowMs());
    this.#logs = new LogAlerts({
      estate: options.estate,
      minuteMs: options.minuteMs,
      newAlert: (rule, target, now) => newAlert('Log Alerts V2', rule, target, {}, now),
      post: (alert, groupIds, finding, window) => this.#post(alert, groupIds, [finding], window),
    });
  }

  /** Measures, and looks at the rules that are due. */
  advance(now: number): void {
    const { estate, minuteMs } = this.#options;
    if (now - this.#sampledAt < minuteMs / samplesPerMinute) return;
    this.#samples.add(measure(estate, estate.traffic(now), now), this.#sampledAt, now);
    this.#sampledAt = now;
    for (const id of this.#states.keys()) if (!estate.alertRules.has(id)) this.#states.delete(id);
    for (const [id, rule] of estate.alertRules) {
      const state = this.#stateOf(id, rule, now);
      if (!rule.properties.enabled) continue;
      if (now - state.lastAt < minutesOf(rule.properties.evaluationFrequency) * minuteMs) continue;
      state.lastAt = now;
      this.#evaluate(state, now);
    }
    this.#logs.advance(now);
  }

  /** Posts an alert to the webhooks of its rule's action groups, unless a processing rule keeps it silent. */
  async notify(alert: FiredAlert, groupIds: readonly string[], findings: readonly Finding[], window: Window) {
    const { estate, webhooks } = this.#options;
    const urls = groupIds.flatMap((id) => {
      const group = estate.actionGroups.get(id.toLowerCase());
      return group?.properties.enabled ? group.properties.webhookReceivers.map(({ serviceUri }) => serviceUri) : [];
    });
    if (isSilenced(estate.silences.values(), alert, estate.now())) alert.notified = 'silent';
    else if (urls.length === 0) alert.notified = 'nobody';
    else {
      alert.notified = 'posting';
      const body = JSON.stringify(alertPayload(alert, findings, window));
      const posted = await Promise.all(
        urls.map((url) =>
          webhooks.post(url, body, () => {
            alert.notified = 'retrying';
          }),
        ),
      );
      alert.notified = (posted.find(({ outcome }) => outcome !== 'accepted') ?? posted[0])?.outcome ?? 'nobody';
    }
    estate.changed();
  }

  remember(alert: FiredAlert): void {
    this.alerts.push(alert);
    if (this.alerts.length > keptAlerts) this.alerts.shift();
  }

  #stateOf(id: string, rule: MetricAlertRule, now: number): RuleState {
    const known = this.#states.get(id);
    if (known?.rule === rule) return known;
    const state: RuleState = { rule, watched: new Map(), lastAt: known?.lastAt ?? now };
    this.#states.set(id, state);
    return state;
  }

  #evaluate({ rule, watched }: RuleState, now: number): void {
    const { scopes, windowSize, autoMitigate, actions, criteria } = rule.properties;
    const window = { size: windowSize, from: now - minutesOf(windowSize) * this.#options.minuteMs, until: now };
    const groups = actions.map(({ actionGroupId }) => actionGroupId);
    for (const target of scopes) {
      for (const { dimensions, findings, met } of this.#look(target, criteria.allOf, window)) {
        const key = `${target} ${JSON.stringify(dimensions)}`;
        const alert = judge(watched, key, { met, resolvesItself: autoMitigate, now }, () =>
          newAlert('Platform', rule, target, dimensions, now),
        );
        if (alert) this.#post(alert, groups, findings, window);
      }
    }
  }

  #post(alert: FiredAlert, groupIds: readonly string[], findings: readonly Finding[], window: Window): void {
    if (alert.resolvedAt === undefined) this.remember(alert);
    void this.notify(alert, groupIds, findings, window);
  }

  /** All conditions of a rule on one target, for each combination of the first one's dimensions. */
  #look(target: string, criteria: readonly MetricCriterion[], { from, until, size }: Window) {
    const over = (criterion: MetricCriterion) =>
      this.#samples.over(
        target,
        criterion.metricName,
        criterion.timeAggregation,
        { from, until, minutes: minutesOf(size) },
        (criterion.dimensions ?? []).map(({ name }) => name),
        (dimensions) => (criterion.dimensions ?? []).every((wanted) => passes(wanted, dimensions[wanted.name] ?? '')),
      );
    const [first, ...others] = criteria;
    if (!first) return [];
    return over(first).flatMap(({ dimensions, value }) => {
      const findings = [findingOf(first, target, value)];
      for (const criterion of others) {
        const [found] = over(criterion);
        if (found === undefined) return [];
        findings.push(findingOf(criterion, target, found.value));
      }
      const met = criteria.every((criterion, index) =>
        holds(criterion.operator, findings[index]?.value ?? Number.NaN, criterion.threshold),
      );
      return [{ dimensions, findings, met }];
    });
  }

  #longestWindowMs(): number {
    const minutes = [...this.#options.estate.alertRules.values()].map(({ properties }) =>
      minutesOf(properties.windowSize),
    );
    return Math.max(1, ...minutes) * this.#options.minuteMs;
  }
}

function passes(wanted: { operator: string; values: readonly string[] }, value: string): boolean {
  const named = wanted.values.some((one) => one === '*' || one.toLowerCase() === value.toLowerCase());
  return wanted.operator === 'Include' ? named : !named;
}

function findingOf(criterion: MetricCriterion, target: string, value: number): Finding {
  const { metricName, metricNamespace = typeOfId(target), operator, threshold, timeAggregation } = criterion;
  return { metricName, metricNamespace, operator, threshold, timeAggregation, value };
}

function newAlert(
  service: FiredAlert['service'],
  rule: MetricAlertRule | LogAlertRule,
  target: string,
  dimensions: Readonly<Record<string, string>>,
  now: number,
): FiredAlert {
  return {
    id: newAlertId(),
    originId: `${subscriptionId}_${rule.name}_${target.split('/').at(-1)}_${Object.values(dimensions).join('_')}`,
    service,
    ruleId: rule.id,
    rule: rule.name,
    severity: rule.properties.severity,
    description: rule.properties.description,
    targetId: target,
    dimensions,
    firedAt: now,
    notified: 'posting',
  };
}

export function newAlertId(): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts/${randomUUID()}`;
}
