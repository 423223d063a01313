export const silenceType = 'Microsoft.AlertsManagement/actionRules';

/** An alert processing rule as it is kept. */
export interface Silence {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly tags?: Record<string, string>;
  readonly properties: {
    readonly scopes: readonly string[];
    readonly conditions?: readonly {
      readonly field: string;
      readonly operator: string;
      readonly values: readonly string[];
    }[];
    readonly schedule?: {
      readonly effectiveFrom?: string;
      readonly effectiveUntil?: string;
      readonly timeZone?: string;
    };
    readonly actions: readonly { readonly actionType: string }[];
    readonly description?: string;
    readonly enabled: boolean;
  };
  readonly createdAt: string;
}

/** Until when an alert rule is silent, ISO 8601; undefined: it is not. Without an end: the year 9999. */
export function silentUntil(silences: Iterable<Silence>, alertRuleId: string, now: number): string | undefined {
  const ends = [...silences]
    .filter(
      ({ properties: { enabled, actions } }) =>
        enabled && actions.some(({ actionType }) => actionType === 'RemoveAllActionGroups'),
    )
    .filter(({ properties: { conditions = [] } }) =>
      conditions.some(
        ({ field, operator, values }) =>
          field === 'AlertRuleId' &&
          operator === 'Equals' &&
          values.some((value) => value.toLowerCase() === alertRuleId.toLowerCase()),
      ),
    )
    .map(({ properties: { schedule } }) => ({
      from: schedule?.effectiveFrom === undefined ? 0 : Date.parse(`${schedule.effectiveFrom}Z`),
      until: Date.parse(`${schedule?.effectiveUntil ?? '9999-12-31T00:00:00'}Z`),
    }))
    .filter(({ from, until }) => from <= now && now < until)
    .map(({ until }) => until);
  return ends.length === 0 ? undefined : new Date(Math.max(...ends)).toISOString().replace('.000Z', 'Z');
}
