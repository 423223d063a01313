import type { Alert } from '../domain/alert.ts';
import { type AlertWindow, type LogRuleState, minutesOfWindow } from '../domain/alert-rule.ts';
import type { Estate } from '../domain/estate.ts';
import type { MinuteValue } from '../domain/metric-window.ts';
import type { AlertRulesPort } from '../ports/azure.ts';
import type { LogAnswer, LogsPort } from '../ports/monitor.ts';
import type { RulePoints } from './rule-points.ts';

const minuteMs = 60_000;
/** A query for each: five at once is what Azure lets one user ask. */
const mostPoints = 13;
const workspaceType = '/microsoft.operationalinsights/workspaces/';

/** Whether an alert is of a log search rule of this estate's subscription, which can be read. */
export function hasRule({ kind, ruleId = '' }: Alert, { subscriptionId }: Pick<Estate, 'subscriptionId'>): boolean {
  const ours = `/subscriptions/${subscriptionId}/resourcegroups/`.toLowerCase();
  const id = ruleId.toLowerCase();
  return kind === 'log' && id.startsWith(ours) && id.includes('/providers/microsoft.insights/scheduledqueryrules/');
}

/**
 * What a log search rule saw: its query over its window, at several moments. The query is the one that Azure keeps
 * with the rule, never the alert's copy, which a poster may write as it likes. Undefined: the rule is gone, asks
 * something else than a workspace, or is of a shape that we don't know how to judge.
 */
export async function logPoints(
  { ruleId = '', firedAt, resources }: Alert,
  { from, to }: { readonly from: number; readonly to: number },
  { logs, alertRules }: { readonly logs: LogsPort; readonly alertRules: Pick<AlertRulesPort, 'read'> },
  signal: AbortSignal,
): Promise<RulePoints | undefined> {
  const { state } = await alertRules.read({ kind: 'alert-rule', id: ruleId }, signal);
  if (state?.signal !== 'log' || !state.target.toLowerCase().includes(workspaceType)) return undefined;
  const windowMinutes = minutesOfWindow(state.window as AlertWindow);
  const aggregation = state.aggregation.toLowerCase() as RulePoints['aggregation'];
  const fired = Date.parse(firedAt);
  const everyMs = Math.ceil((to - from) / (mostPoints - 1) / minuteMs) * minuteMs;
  // The moment of the alert is one of them.
  const first = fired - Math.floor((fired - from) / everyMs) * everyMs;
  const ends = Array.from({ length: mostPoints }, (_, n) => first + n * everyMs).filter((at) => at <= to);
  const answers = await Promise.all(
    ends.map((at) => logs.query({ kql: state.query, from: at - windowMinutes * minuteMs, to: at }, signal)),
  );
  return {
    name: state.column || 'rows',
    aggregation,
    windowMinutes,
    everyMs,
    threshold: state.threshold,
    operator: state.operator,
    readings: answers.flatMap((answer, n): MinuteValue[] => {
      const value = ruleValue(answer, state, resources[0]);
      return value === undefined ? [] : [{ at: ends[n] as number, value }];
    }),
  };
}

/** As Azure judges it: the rows of the alert's own resource, where the rule says which column names it. */
function ruleValue({ rows }: LogAnswer, rule: LogRuleState, resource: string | undefined): number | undefined {
  const own = rows.filter(
    (row) =>
      rule.resourceColumn === '' || String(row[rule.resourceColumn] ?? '').toLowerCase() === resource?.toLowerCase(),
  );
  if (rule.aggregation === 'Count') return own.length;
  const values = own.map((row) => row[rule.column]).filter((value) => typeof value === 'number');
  if (values.length === 0) return undefined;
  const sum = values.reduce((all, value) => all + value, 0);
  switch (rule.aggregation) {
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'Maximum':
      return Math.max(...values);
    default:
      return sum;
  }
}
