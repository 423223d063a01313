/**
 * Which alert processing rules take an alert's action groups away (learn.microsoft.com, “Alert processing rules”).
 * Rules kept: scope, then all conditions, then the schedule; suppression wins over added groups; what was kept silent
 * is not posted when the silence ends.
 */
import type { Silence } from '../silence.ts';
import type { FiredAlert } from './fired-alert.ts';
import { typeOfId } from './metric-catalog.ts';

export function isSilenced(silences: Iterable<Silence>, alert: FiredAlert, now: number): boolean {
  return [...silences].some(
    ({ properties: { enabled, actions, scopes, conditions = [], schedule } }) =>
      enabled &&
      actions.some(({ actionType }) => actionType === 'RemoveAllActionGroups') &&
      scopes.some((scope) => isWithin(alert.targetId, scope)) &&
      conditions.every((condition) => matches(condition, alert)) &&
      isOn(schedule, now),
  );
}

type Condition = NonNullable<Silence['properties']['conditions']>[number];

function matches({ field, operator, values }: Condition, alert: FiredAlert): boolean {
  const actual = fieldOf(field, alert).toLowerCase();
  const wanted = values.map((value) => value.toLowerCase());
  switch (operator) {
    case 'Equals':
      return wanted.includes(actual);
    case 'NotEquals':
      return !wanted.includes(actual);
    case 'Contains':
      return wanted.some((value) => actual.includes(value));
    default:
      return !wanted.some((value) => actual.includes(value));
  }
}

function fieldOf(field: string, alert: FiredAlert): string {
  switch (field) {
    case 'AlertRuleId':
      return alert.ruleId;
    case 'AlertRuleName':
      return alert.rule;
    case 'Description':
      return alert.description;
    case 'MonitorCondition':
      return alert.resolvedAt === undefined ? 'Fired' : 'Resolved';
    case 'MonitorService':
      return alert.service;
    case 'Severity':
      return `Sev${alert.severity}`;
    case 'SignalType':
      return alert.service === 'Platform' ? 'Metric' : 'Log';
    case 'TargetResource':
      return alert.targetId;
    case 'TargetResourceGroup':
      return alert.targetId.split('/').slice(0, 5).join('/');
    case 'TargetResourceType':
      return typeOfId(alert.targetId);
    default:
      return '';
  }
}

function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id.toLowerCase(), scope.toLowerCase().replace(/\/+$/, '')];
  return inner === outer || inner.startsWith(`${outer}/`);
}

function isOn(schedule: Silence['properties']['schedule'], now: number): boolean {
  const from = schedule?.effectiveFrom === undefined ? 0 : Date.parse(`${schedule.effectiveFrom}Z`);
  const until = schedule?.effectiveUntil === undefined ? Infinity : Date.parse(`${schedule.effectiveUntil}Z`);
  return from <= now && now < until;
}
