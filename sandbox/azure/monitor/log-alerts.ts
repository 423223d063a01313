/**
 * Log search alerts (Log Alerts V2). Rules kept (learn.microsoft.com, “Create a log search alert rule”): the query is
 * run over the window each `evaluationFrequency`; each value of the resource id column is judged for itself, and its
 * resource is what the alert is about; stateful as metric alerts are; a query that fails changes nothing. Not kept:
 * how late logs are. Of a window's minutes a few stand for all, so that the sandbox can look every few seconds.
 */
import type { Estate } from '../estate.ts';
import { runKql } from '../logs/kql-run.ts';
import { logTables } from '../logs/log-tables.ts';
import { minuteLike } from '../telemetry/flows.ts';
import type { RequestMinute } from '../telemetry/request-history.ts';
import { holds, type LogAlertRule } from './alert-rule.ts';
import type { Finding, FiredAlert, Window } from './fired-alert.ts';
import { logMinutesOf } from './log-rule-routes.ts';
import type { Aggregation } from './metric-catalog.ts';
import { judge, type WatchedBy } from './watched.ts';

export interface LogAlertsOptions {
  readonly estate: Estate;
  readonly minuteMs: number;
  readonly newAlert: (rule: LogAlertRule, target: string, now: number) => FiredAlert;
  readonly post: (alert: FiredAlert, groupIds: readonly string[], finding: Finding, window: Window) => void;
}

interface RuleState {
  readonly rule: LogAlertRule;
  readonly watched: WatchedBy;
  lastAt: number;
}

const realMinuteMs = 60_000;
/** How many of a window's minutes are looked at. */
const mostMinutes = 4;
const keptMinutes = 60;

export class LogAlerts {
  readonly #options: LogAlertsOptions;
  readonly #states = new Map<string, RuleState>();
  /** One for each minute of the rules', oldest first. */
  readonly #minutes: RequestMinute[] = [];

  constructor(options: LogAlertsOptions) {
    this.#options = options;
  }

  advance(now: number): void {
    const { estate, minuteMs } = this.#options;
    for (const id of this.#states.keys()) if (!estate.logRules.has(id)) this.#states.delete(id);
    if (estate.logRules.size === 0) {
      this.#minutes.length = 0;
      return;
    }
    const newest = this.#minutes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    if (now - newest >= minuteMs) this.#minutes.push(minuteLike(estate, now));
    if (this.#minutes.length > keptMinutes) this.#minutes.shift();
    for (const [id, rule] of estate.logRules) {
      const known = this.#states.get(id);
      const state = known?.rule === rule ? known : { rule, watched: new Map(), lastAt: known?.lastAt ?? now };
      this.#states.set(id, state);
      const { enabled, evaluationFrequency } = rule.properties;
      if (!enabled || now - state.lastAt < logMinutesOf(evaluationFrequency) * minuteMs) continue;
      state.lastAt = now;
      this.#evaluate(state, now);
    }
  }

  #evaluate({ rule, watched }: RuleState, now: number): void {
    const { minuteMs, newAlert, post } = this.#options;
    const { scopes, windowSize, autoMitigate, actions, criteria } = rule.properties;
    const [condition] = criteria.allOf;
    const window = { size: windowSize, from: now - logMinutesOf(windowSize) * minuteMs, until: now };
    const values = this.#valuesOf(rule, window);
    if (!values) return;
    // What it saw before and has no row now is as if its condition did not hold.
    const targets = new Set([...values.keys(), ...watched.keys()]);
    for (const target of targets) {
      const value = values.get(target);
      const met = value !== undefined && holds(condition.operator, value, condition.threshold);
      const alert = judge(watched, target, { met, resolvesItself: autoMitigate, now }, () =>
        newAlert(rule, target || scopes[0], now),
      );
      if (!alert) continue;
      const finding: Finding = {
        metricName: condition.metricMeasureColumn ?? 'Count',
        metricNamespace: '',
        operator: condition.operator,
        threshold: condition.threshold,
        timeAggregation: condition.timeAggregation,
        value: value ?? 0,
        query: condition.query,
      };
      post(alert, actions.actionGroups, finding, window);
    }
  }

  /** By resource, `''` for the workspace; undefined: the query failed. */
  #valuesOf({ properties }: LogAlertRule, { from, until }: Window): ReadonlyMap<string, number> | undefined {
    const [{ query, timeAggregation, metricMeasureColumn, resourceIdColumn }] = properties.criteria.allOf;
    const minutes = thinned(this.#minutes.filter(({ at }) => at > from && at <= until)).map(
      (minute, index, all): RequestMinute => ({ ...minute, at: until - (all.length - index) * realMinuteMs }),
    );
    try {
      const { columns, rows } = runKql(
        query,
        logTables(() => minutes),
      );
      const column = (name: string | undefined) => columns.findIndex((one) => one.name === name);
      const [measured, resource] = [column(metricMeasureColumn), column(resourceIdColumn)];
      const byResource = Map.groupBy(rows, (row) => (resource < 0 ? '' : String(row[resource] ?? '')));
      return new Map(
        [...byResource].flatMap(([target, some]): [string, number][] => {
          if (timeAggregation === 'Count') return [[target, some.length]];
          const found = some.map((row) => row[measured]).filter((value) => typeof value === 'number');
          const value = aggregate(found.filter(Number.isFinite), timeAggregation);
          return value === undefined ? [] : [[target, value]];
        }),
      );
    } catch {
      return undefined;
    }
  }
}

/** Evenly, the newest among them. */
function thinned(minutes: readonly RequestMinute[]): RequestMinute[] {
  const step = Math.max(1, Math.ceil(minutes.length / mostMinutes));
  return minutes.filter((_, index) => (minutes.length - 1 - index) % step === 0);
}

function aggregate(values: readonly number[], aggregation: Aggregation): number | undefined {
  if (values.length === 0) return undefined;
  const total = values.reduce((sum, value) => sum + value, 0);
  switch (aggregation) {
    case 'Average':
      return total / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
    default:
      return total;
  }
}
