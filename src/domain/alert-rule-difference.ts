import type { AlertRuleState, OtherCondition } from './alert-rule.ts';

/** Fields in the order in which people look at them, by their words. */
const fields = [
  ['enabled', 'enabled'],
  ['severity', 'severity'],
  ['metric', 'metric'],
  ['query', 'query'],
  ['column', 'column'],
  ['resourceColumn', 'column of the resource'],
  ['aggregation', 'aggregation'],
  ['operator', 'operator'],
  ['threshold', 'threshold'],
  ['splitBy', 'split by'],
  ['while', 'only while'],
  ['window', 'window'],
  ['every', 'every'],
  ['target', 'watches'],
  ['location', 'location'],
  ['actionGroups', 'tells'],
  ['resolvesItself', 'resolves itself'],
  ['description', 'description'],
] as const;

/** Are two rules the same to Azure? Ids, names and times ignore case; lists have no order. */
export function sameAlertRule(a: AlertRuleState | null, b: AlertRuleState | null): boolean {
  return a === null || b === null ? a === b : differences(a, b).length === 0;
}

/** What differs, as one line of plain text: `threshold 10000 → 75000, enabled off → on`. */
export function describeAlertRule(before: AlertRuleState | null, after: AlertRuleState | null): string {
  if (!before && !after) return 'alert rule: none';
  if (!before || !after) return `alert rule: ${summary(before)} → ${summary(after)}`;
  if (before.signal === 'foreign' || after.signal === 'foreign' || before.signal !== after.signal) {
    return `alert rule: ${summary(before)} → ${summary(after)}`;
  }
  const found = differences(before, after);
  return found.length === 0 ? 'alert rule: the same' : found.join(', ');
}

/** `Average of CpuPercentage > 85 over PT15M`. */
export function summary(state: AlertRuleState | null): string {
  if (!state) return 'none';
  if (state.signal === 'foreign') return state.says;
  const of = state.signal === 'metric' ? state.metric : `a query’s ${state.column}`;
  const other = state.signal === 'metric' && state.while ? `, while ${conditionWords(state.while)}` : '';
  return `${conditionWords({ ...state, metric: of })} over ${state.window}${other}${state.enabled ? '' : ', switched off'}`;
}

function conditionWords({ aggregation, metric, operator, threshold }: OtherCondition): string {
  return `${aggregation} of ${metric} ${signs[operator] ?? operator} ${threshold}`;
}

const signs: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '≥',
  LessThan: '<',
  LessThanOrEqual: '≤',
};

function differences(a: AlertRuleState, b: AlertRuleState): string[] {
  if (a.signal === 'foreign' || b.signal === 'foreign') {
    return a.signal === 'foreign' && b.signal === 'foreign' && a.body === b.body ? [] : ['shape'];
  }
  if (a.signal !== b.signal) return ['shape'];
  const [before, after] = [a, b] as unknown as [Record<string, unknown>, Record<string, unknown>];
  return fields.flatMap(([field, name]) => {
    // A field of the other sort of rule.
    if (!(field in after) && !(field in before)) return [];
    if (comparable(field, before[field]) === comparable(field, after[field])) return [];
    // A query is long, and both versions stand in the plan.
    return field === 'query' ? ['another query'] : [`${name} ${word(before[field])} → ${word(after[field])}`];
  });
}

function comparable(field: string, value: unknown): string {
  if (field === 'query') return String(value).replaceAll('\r\n', '\n').trim();
  if (field === 'description') return String(value);
  if (field === 'actionGroups') return JSON.stringify([...(value as string[])].map((id) => id.toLowerCase()).sort());
  if (field === 'splitBy') {
    const all = value as { name: string; values: string[] }[];
    return JSON.stringify(
      all.map(({ name, values }) => `${name} ${[...values].sort().join('\n')}`.toLowerCase()).sort(),
    );
  }
  // Rules that were written down before there was a second condition have none.
  if (field === 'while') return value ? conditionWords(value as OtherCondition).toLowerCase() : 'none';
  return String(value).toLowerCase();
}

function word(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.map(word).join(', ') || 'nothing';
  if (typeof value === 'object' && value !== null) {
    if ('metric' in value) return conditionWords(value as OtherCondition);
    const { name, values } = value as { name: string; values: string[] };
    return `${name}=${values.join('|')}`;
  }
  const text = String(value ?? '');
  return text.startsWith('/subscriptions/') ? (text.split('/').at(-1) ?? text) : text || 'none';
}
