import { readFileSync } from 'node:fs';
import { metricOf, typeOfId } from '../../sandbox/azure/monitor/metric-catalog.ts';
import type { MetricRuleState } from '../../src/domain/alert-rule.ts';
import { parseAlertRules } from '../../src/domain/alert-rules-file.ts';
import { parseEstate } from '../../src/domain/estate-file.ts';
import { defaultScaling } from '../../src/domain/scaling.ts';
import { definitionsOf } from '../../src/kpis/definitions.ts';
import { estateText } from '../support/playbook-world.ts';

const text = readFileSync('alert-rules.yml', 'utf8');
const estate = parseEstate(estateText);
const parse = (yaml: string, of = estate) => parseAlertRules(yaml, of, definitionsOf(of));
const { rules } = parse(text);
const named = (name: string) => {
  const found = rules.find((rule) => rule.name === name);
  if (!found) throw new Error(`no rule ${name}`);
  return found;
};
const faultsOf = (yaml: string) => {
  try {
    parse(yaml);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

describe('alert-rules.yml', () => {
  it('has the operations guide’s six rules, as it means them', () => {
    expect(named('Traffic-Manager-Endpoint-Down').wanted).toMatchObject({
      severity: 0,
      window: 'PT5M',
      every: 'PT1M',
      target: estate.trafficManagerId,
      splitBy: [{ name: 'EndpointName', values: ['*'] }],
    });
    expect(named('Front-Door-High-Latency').wanted).toMatchObject({
      severity: 2,
      threshold: 500,
      window: 'PT15M',
      every: 'PT5M',
    });
    const sql = named('cell-banking-SQL-High-Load');
    expect(sql.wanted).toMatchObject({ severity: 1, metric: 'dtu_consumption_percent', threshold: 80, every: 'PT5M' });
    expect(sql.onVCore).toEqual({ ...sql.wanted, metric: 'cpu_percent' });
    expect(named('cell-banking-High-Memory').wanted).toMatchObject({
      severity: 2,
      threshold: 1024 ** 3,
      every: 'PT5M',
    });
    expect(named('APIM-Gateway-High-Latency').wanted).toMatchObject({
      severity: 1,
      metric: 'Duration',
      threshold: 1_000,
      window: 'PT5M',
      every: 'PT1M',
    });
    expect(named('APIM-High-Request-Rate').wanted).toMatchObject({
      severity: 2,
      metric: 'Requests',
      aggregation: 'Total',
      window: 'PT1M',
      every: 'PT1M',
    });
  });

  it('does not call the throughput that the guide expects a trouble', () => {
    const { threshold } = named('APIM-High-Request-Rate').wanted as MetricRuleState;
    const throughput = definitionsOf(estate).find(({ id }) => id === 'apiThroughput');
    expect(threshold).toBeGreaterThan(1.2 * (throughput?.target ?? Number.POSITIVE_INFINITY));
  });

  it('has a rule for each of the nine indicators, with the bound that the indicator alerts at', () => {
    const whileOf = (name: string) => (named(name).wanted as MetricRuleState).while;
    expect(whileOf('KPI-API-Throughput')).toMatchObject({ metric: 'Capacity', operator: 'GreaterThan', threshold: 80 });
    expect(whileOf('cell-retail-KPI-Storage-Throughput')).toMatchObject({ metric: 'SuccessE2ELatency' });
    expect(whileOf('cell-retail-KPI-CPU')).toBeNull();
    const condition = (name: string) => {
      const { operator, threshold } = named(name).wanted as MetricRuleState;
      return `${operator} ${threshold}`;
    };
    expect(condition('KPI-Availability')).toBe('LessThan 99.9');
    expect(condition('KPI-Latency')).toBe('GreaterThan 150');
    // 40,000 a minute over fifteen minutes, 500 a second over as many.
    expect(condition('KPI-API-Throughput')).toBe('LessThan 600000');
    expect(condition('KPI-Error-Rate')).toBe('GreaterThan 0.5');
    expect(condition('KPI-API-Latency')).toBe('GreaterThan 100');
    expect(condition('cell-retail-KPI-Tenant-Latency')).toBe('GreaterThan 500');
    expect(condition('cell-retail-KPI-SQL-Query-Time')).toBe('GreaterThan 100');
    expect(condition('cell-retail-KPI-Storage-Throughput')).toBe('LessThan 450000');
    expect(condition('cell-retail-KPI-CPU')).toBe('GreaterThan 85');
  });

  it('follows the estate’s own bounds', () => {
    const own = parseEstate(
      estateText.replace('drain: 30s', 'drain: 30s\nkpis: { latency: { target: 80, alert: 90 } }'),
    );
    const rule = parse(text, own).rules.find(({ name }) => name === 'KPI-Latency');
    expect(rule?.wanted).toMatchObject({ threshold: 90 });
  });

  it('is one rule for each cell, in the cell’s group, on the cell’s own resources', () => {
    const memory = rules.filter(({ name }) => name.endsWith('-High-Memory'));
    expect(memory.map(({ cell }) => cell)).toEqual(estate.cells.map(({ name }) => name));
    const spare = named('cell-spare-dr-KPI-Tenant-Latency');
    expect(spare.id).toContain('/resourceGroups/rg-stamps-dr/providers/Microsoft.Insights/scheduledQueryRules/');
    expect(spare.wanted).toMatchObject({ signal: 'log', column: 'value', resourceColumn: 'resource' });
    expect((spare.wanted as { query: string }).query).toMatch(
      /\| where app =~ "app-cell-spare-dr"\n\| extend resource = "\/subscriptions\/.*\/app-cell-spare-dr"$/,
    );
    const health = rules.find(({ id }) => id === estate.cells[0]?.healthAlertId);
    expect(health?.wanted).toMatchObject({ metric: 'Requests', target: estate.cells[0]?.containerAppId });
  });

  it('binds the ids that a query names, and no others', () => {
    const { query } = named('KPI-Error-Rate').wanted as { query: string };
    expect(query.split('\n')[0]).toBe(`let apimId = "${estate.apim.id}";`);
    expect(query).not.toContain('let frontDoorId');
  });

  it('uses metrics, aggregations and dimensions that its resources have', () => {
    const wrong = rules
      .flatMap(({ wanted, onVCore }) => [wanted, ...(onVCore ? [onVCore] : [])])
      .flatMap((state) => (state.signal === 'metric' ? [state] : []))
      .flatMap((state) => [state, ...(state.while ? [{ ...state, ...state.while, splitBy: [] }] : [])])
      .filter(({ target, metric, aggregation, splitBy }) => {
        const known = metricOf(typeOfId(target), metric);
        return (
          !known?.aggregations.includes(aggregation as never) ||
          splitBy.some(({ name }) => !known.dimensions.includes(name))
        );
      });
    expect(wrong).toEqual([]);
  });

  it.each([
    [{ ...defaultScaling.out, above: { cpu: 85 } }, 'scaling › out › cpu of the policy file, 85, must be below 85'],
    [{ ...defaultScaling.out, hits: 3 }, 'must be longer than the 15 minutes'],
  ])('lets the scaling of the policy come before the CPU alert: %j', (out, says) => {
    expect(() => parseAlertRules(text, estate, definitionsOf(estate), { ...defaultScaling, out })).toThrow(says);
    expect(() => parseAlertRules(text, estate, definitionsOf(estate), defaultScaling)).not.toThrow();
  });

  it.each([
    [
      'a window that Azure does not take',
      text.replace('window: PT15M', 'window: PT10M'),
      'rules 2 › window must be one of PT1M, PT5M, PT15M',
    ],
    [
      'a window shorter than the frequency',
      text.replace('window: PT5M\n    every: PT1M', 'window: PT1M\n    every: PT5M'),
      'must not be shorter than every',
    ],
    [
      'a rule on cells without {cell}',
      text.replace('{cell}-High-Memory', 'High-Memory'),
      'name must have {cell} in it',
    ],
    [
      'a rule on the estate with {cell}',
      text.replace('name: KPI-Latency', 'name: "{cell}-Latency"'),
      'name must have no {…} in it',
    ],
    [
      'two rules of one name',
      text.replace('name: KPI-Latency', 'name: KPI-Error-Rate'),
      'Two rules are called KPI-Error-Rate',
    ],
    [
      'an indicator that does not exist',
      text.replace('kpi: latency', 'kpi: speed'),
      'kpi must be one of availability, latency',
    ],
    [
      'a vCore metric for an app',
      text.replace('metric: WorkingSetBytes', 'metric: WorkingSetBytes\n    metricOnVCore: cpu_percent'),
      'metricOnVCore is for sqlDatabase only',
    ],
    ['a severity that is none', text.replace('severity: 0', 'severity: 7'), 'severity must be at most 4'],
    ['a setting that is none', text.replace('version: 1', 'version: 1\nmuted: true'), 'muted is no setting here'],
    ['no rules', `${text.split('rules:')[0]}rules: []`, 'rules'],
  ])('refuses %s', (_, yaml, says) => {
    expect(faultsOf(yaml)).toContain(says);
  });
});
