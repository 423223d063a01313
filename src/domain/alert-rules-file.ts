import { z } from 'zod';
import {
  type AlertRuleState,
  type AlertWindow,
  alertAggregations,
  alertFrequencies,
  alertOperators,
  alertWindows,
  type DeclaredRule,
  type DeclaredRules,
  minutesOfWindow,
} from './alert-rule.ts';
import { minuteMs } from './duration.ts';
import type { Cell, Estate } from './estate.ts';
import { type KpiDefinition, kpiIds } from './kpi.ts';
import { kpiCondition } from './kpi-alert.ts';
import { defaultScaling, type ScalingPolicy } from './scaling.ts';
import { faulty, readYaml } from './yaml-file.ts';

/** What a rule watches; the first three there is one of in the estate. */
const targets = ['trafficManager', 'frontDoor', 'apim', 'gateway', 'containerApp', 'storage', 'sqlDatabase'] as const;
type Target = (typeof targets)[number];

const text = z.string().min(1).max(200);
const ruleName = z
  .string()
  .regex(
    /^(?=.{1,120}$)[\w-]*(\{(cell|region|healthAlert)\}[\w-]*)?$/,
    'must be letters, digits, dashes, and at most one of {cell}, {region}, {healthAlert}',
  );
const dimensionName = z.string().regex(/^\w{1,64}$/, 'must be the name of a dimension');
const resource = (type: string) =>
  z
    .string()
    .regex(
      new RegExp(`^(/subscriptions/[\\w-]{36}/resourceGroups/[\\w().-]{1,90}/providers/${type}/)?[\\w.-]{1,90}$`, 'i'),
      `must be a name, or an ARM id of a ${type}`,
    );

const base = {
  name: ruleName,
  says: text,
  severity: z.int().min(0).max(4),
  window: z.enum(alertWindows),
  every: z.enum(alertFrequencies),
  enabled: z.boolean().default(true),
  resolvesItself: z.boolean().default(true),
};
const metricRule = z.strictObject({
  ...base,
  of: z.enum(targets),
  metric: z.string().regex(/^[\w /.-]{1,100}$/),
  metricOnVCore: z
    .string()
    .regex(/^\w{1,100}$/)
    .optional(),
  aggregation: z.enum(alertAggregations),
  operator: z.enum(alertOperators),
  threshold: z.number(),
  splitBy: z.record(dimensionName, z.array(z.string().min(1).max(200)).min(1)).default({}),
});
/** Of the indicator's own resource. */
const otherCondition = z.strictObject({
  metric: z.string().regex(/^\w{1,100}$/),
  aggregation: z.enum(alertAggregations),
  operator: z.enum(alertOperators),
  threshold: z.number(),
});
const kpiRule = z.strictObject({ ...base, kpi: z.enum(kpiIds), while: otherCondition.optional() });
type MetricRule = z.output<typeof metricRule>;
type KpiRule = z.output<typeof kpiRule>;

const mostRules = 200;
const conditionName = 'condition';

function schemaFor(raw: unknown) {
  return z.strictObject({
    version: z.literal(1),
    actionGroup: resource('Microsoft.Insights/actionGroups'),
    logs: z.strictObject({
      workspace: resource('Microsoft.OperationalInsights/workspaces'),
      location: z.string().regex(/^[a-z][a-z0-9]{1,40}$/, 'must be a region, such as eastus'),
    }),
    // Each entry by the schema of its own sort, so that a fault is told in its words.
    rules: z.tuple(rulesIn(raw).map(sortOf) as [z.ZodType<MetricRule | KpiRule>]),
  });
}

function sortOf(raw: unknown): z.ZodType<MetricRule | KpiRule> {
  const sort: z.ZodType<MetricRule | KpiRule> =
    typeof raw === 'object' && raw !== null && 'kpi' in raw ? kpiRule : metricRule;
  return sort.refine((rule) => minutesOfWindow(rule.window) >= minutesOfWindow(rule.every), {
    path: ['window'],
    error: 'must not be shorter than every',
  });
}

/** At least one, so that an empty list is told as missing a rule. */
function rulesIn(raw: unknown): unknown[] {
  const { data } = z.looseObject({ rules: z.array(z.unknown()).min(1).max(mostRules) }).safeParse(raw);
  return data?.rules ?? [undefined];
}

/**
 * alert-rules.yml → every alert rule that should be in Azure: a rule on cells is one for each cell. Rules of an
 * indicator (`kpi`) take source and bound from its definition, so that card and alert never disagree. `scaling`: the policy’s.
 * Throws one `misconfigured` that names all faults: unknown settings, windows that Azure does not take, a name without
 * `{cell}` for a rule on every cell, two rules of one name, CPU that alerts before scaling had its time.
 */
export function parseAlertRules(
  yamlText: string,
  estate: Estate,
  definitions: readonly KpiDefinition[],
  scaling: ScalingPolicy = defaultScaling,
): DeclaredRules {
  const file = readYaml(yamlText, 'alert rules file', schemaFor);
  const entries: readonly (MetricRule | KpiRule)[] = file.rules;
  const faults: string[] = [];
  const globalGroup = groupOf(estate.trafficManagerId);
  const actionGroupId = idOf(globalGroup, 'Microsoft.Insights/actionGroups', file.actionGroup);
  const workspaceId = idOf(globalGroup, 'Microsoft.OperationalInsights/workspaces', file.logs.workspace);

  const stateOf = (rule: MetricRule | KpiRule, place: Place): Pick<DeclaredRule, 'wanted' | 'onVCore'> => {
    const { says, severity, enabled, window, every, resolvesItself } = rule;
    const common = {
      description: fill(says, place),
      severity,
      enabled,
      window,
      every,
      resolvesItself,
      actionGroups: [actionGroupId],
    };
    if ('kpi' in rule) {
      const definition = definitions.find(({ id }) => id === rule.kpi) as KpiDefinition;
      const condition = kpiCondition(definition, estate, place.cell, minutesOfWindow(window));
      if (condition.signal === 'metric') {
        return { wanted: { ...common, ...condition, conditionName, while: rule.while ?? null } };
      }
      return { wanted: { ...common, ...condition, target: workspaceId, location: file.logs.location } };
    }
    const wanted = (metric: string): AlertRuleState => ({
      ...common,
      signal: 'metric',
      target: targetOf(rule.of, estate, place),
      metric,
      conditionName,
      aggregation: rule.aggregation,
      operator: rule.operator,
      threshold: rule.threshold,
      while: null,
      splitBy: Object.entries(rule.splitBy)
        .map(([name, values]) => ({ name, values: [...values].sort() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    return {
      wanted: wanted(rule.metric),
      ...(rule.metricOnVCore !== undefined && { onVCore: wanted(rule.metricOnVCore) }),
    };
  };

  const rules = entries.flatMap((rule, index): DeclaredRule[] => {
    const scope = scopeOf(rule, definitions);
    const hole = /\{(\w+)\}/.exec(rule.name)?.[1];
    const holes: Readonly<Record<typeof scope, readonly (string | undefined)[]>> = {
      cell: ['cell', 'healthAlert'],
      region: ['region'],
      global: [undefined],
    };
    if (!holes[scope].includes(hole)) {
      const wish = {
        cell: 'have {cell} in it: there is one for each cell',
        region: 'have {region} in it',
        global: 'have no {…} in it',
      };
      faults.push(`rules ${index + 1} › name must ${wish[scope]}`);
      return [];
    }
    if ('metricOnVCore' in rule && rule.metricOnVCore !== undefined && rule.of !== 'sqlDatabase') {
      faults.push(`rules ${index + 1} › metricOnVCore is for sqlDatabase only`);
    }
    if ('while' in rule && rule.while !== undefined && isLog(rule, definitions)) {
      faults.push(`rules ${index + 1} › while is for indicators that are metrics only`);
    }
    if ('kpi' in rule && rule.kpi === 'containerCpu') {
      faults.push(...cpuFaults(index, rule, scaling, definitions));
    }
    const type = isLog(rule, definitions)
      ? 'Microsoft.Insights/scheduledQueryRules'
      : 'Microsoft.Insights/metricAlerts';
    return placesOf(scope, estate).map((place) => {
      const name = fill(rule.name, place);
      const id =
        hole === 'healthAlert' && place.cell ? place.cell.healthAlertId : idOf(place.group ?? globalGroup, type, name);
      return {
        id,
        name: id.split('/').at(-1) as string,
        ...(place.cell && { cell: place.cell.name }),
        ...stateOf(rule, place),
      };
    });
  });

  const ids = rules.map(({ id }) => id.toLowerCase());
  for (const { id, name } of rules.filter((_, index) => ids.indexOf(ids[index] as string) !== index)) {
    faults.push(`Two rules are called ${name} (${id})`);
  }
  if (faults.length > 0) throw faulty('alert rules file', faults);
  return { rules, actionGroupId };
}

interface Place {
  /** Id of the resource group; undefined: the global one. */
  readonly group?: string;
  readonly region?: string;
  readonly gatewayId?: string;
  readonly cell?: Cell;
}

function scopeOf(rule: MetricRule | KpiRule, definitions: readonly KpiDefinition[]): 'cell' | 'region' | 'global' {
  if ('kpi' in rule) return definitions.find(({ id }) => id === rule.kpi)?.level ?? 'global';
  if (rule.of === 'gateway') return 'region';
  return ['trafficManager', 'frontDoor', 'apim'].includes(rule.of) ? 'global' : 'cell';
}

function isLog(rule: MetricRule | KpiRule, definitions: readonly KpiDefinition[]): boolean {
  return 'kpi' in rule && definitions.find(({ id }) => id === rule.kpi)?.source.kind === 'logs';
}

function placesOf(scope: 'cell' | 'region' | 'global', estate: Estate): Place[] {
  if (scope === 'global') return [{}];
  if (scope === 'region') {
    return estate.regions.map(({ name, gatewayId }) => ({ region: name, gatewayId, group: groupOf(gatewayId) }));
  }
  return estate.cells.map((cell) => ({ cell, region: cell.region, group: groupOf(cell.containerAppId) }));
}

function targetOf(of: Target, estate: Estate, { cell, gatewayId }: Place): string {
  const ids: Readonly<Record<Target, string | undefined>> = {
    trafficManager: estate.trafficManagerId,
    frontDoor: estate.frontDoorId,
    apim: estate.apim.id,
    gateway: gatewayId,
    containerApp: cell?.containerAppId,
    storage: cell?.storageId,
    sqlDatabase: cell?.sqlDatabaseId,
  };
  return ids[of] as string;
}

/** Scaling comes first: the alert says that it did not come, or did not help. */
function cpuFaults(
  index: number,
  { window }: KpiRule,
  { out: { above, hits } }: ScalingPolicy,
  definitions: readonly KpiDefinition[],
): string[] {
  if (above.cpu === undefined) return [];
  const { alert = 0, windowMs = 0 } = definitions.find(({ id }) => id === 'containerCpu') ?? {};
  const sustainedMs = hits * windowMs;
  return [
    ...(alert > above.cpu
      ? []
      : [`scaling › out › cpu of the policy file, ${above.cpu}, must be below ${alert}, where CPU alerts`]),
    ...(minutesOfWindow(window as AlertWindow) * minuteMs > sustainedMs
      ? []
      : [
          `rules ${index + 1} › window must be longer than the ${sustainedMs / minuteMs} minutes after which the policy file’s scaling › out proposes, or the alert comes before scaling had its time`,
        ]),
  ];
}

function fill(template: string, { cell, region }: Place): string {
  return template.replaceAll('{cell}', cell?.name ?? '').replaceAll('{region}', region ?? '');
}

function groupOf(id: string): string {
  return id.slice(0, id.search(/\/providers\//i));
}

function idOf(group: string, type: string, name: string): string {
  return name.startsWith('/') ? name : `${group}/providers/${type}/${name}`;
}
