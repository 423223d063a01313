import { readFileSync } from 'node:fs';
import { Estate } from '../../../../sandbox/azure/estate.ts';
import { estateFile } from '../../../../sandbox/azure/estate-file.ts';
import { Faults } from '../../../../sandbox/azure/faults.ts';
import type { MetricAlertRule } from '../../../../sandbox/azure/monitor/alert-rule.ts';
import { AzureMonitor } from '../../../../sandbox/azure/monitor/azure-monitor.ts';
import { actionGroupId } from '../../../../sandbox/azure/monitor/seeded-rules.ts';
import { parseAlertRules } from '../../../../src/domain/alert-rules-file.ts';
import { parseEstate } from '../../../../src/domain/estate-file.ts';
import { bodyOfRule } from '../../../../src/integrations/azure/alert-rule-body.ts';
import { definitionsOf } from '../../../../src/kpis/definitions.ts';

const minuteMs = 60_000;

interface Told {
  readonly url: string;
  readonly essentials: Record<string, string> & { alertTargetIDs: string[] };
  readonly context: { condition: { windowSize: string; allOf: Record<string, unknown>[] } };
}

function world(now = Date.UTC(2026, 9, 5, 3)) {
  const time = { now };
  const told: Told[] = [];
  const estate = new Estate({ now: () => time.now, seed: 1, replicaDelayMs: 0 });
  const monitor = new AzureMonitor(estate, {
    minuteMs,
    wait: async () => undefined,
    send: async (url, body) => {
      const { schemaId, data } = JSON.parse(body);
      expect(schemaId).toBe('azureMonitorCommonAlertSchema');
      told.push({ url, essentials: data.essentials, context: data.alertContext });
      return 200;
    },
  });
  monitor.postTo('http://127.0.0.1:3000/alerts/azure-monitor');
  const pass = (minutes: number) => {
    for (let step = 0; step < minutes * 4; step += 1) {
      time.now += minuteMs / 4;
      monitor.advance(time.now);
    }
  };
  const conditions = () => told.map(({ essentials }) => `${essentials.alertRule} ${essentials.monitorCondition}`);
  return { time, told, estate, monitor, faults: new Faults(estate, 50), pass, conditions };
}

/** Webhooks' answers have come in. */
const answers = () => new Promise((resolve) => setImmediate(resolve));

function changeRule(estate: Estate, name: string, properties: Partial<MetricAlertRule['properties']>): void {
  const [key, rule] = [...estate.alertRules].find(([, one]) => one.name === name) as [string, MetricAlertRule];
  estate.alertRules.set(key, { ...rule, properties: { ...rule.properties, ...properties } });
}

const addresses = {
  cosmosUrl: 'https://localhost:1',
  metricsUrl: 'https://localhost:2',
  probesUrl: 'https://localhost:3',
  dnsServer: '127.0.0.1:4',
  drain: '0s',
};

/** The declared rules of this name on this estate, as a sync writes them; without their second condition if told so. */
function declare(estate: Estate, name: string, alone = false): void {
  const of = parseEstate(estateFile(estate, addresses));
  const { rules } = parseAlertRules(readFileSync('alert-rules.yml', 'utf8'), of, definitionsOf(of));
  for (const { id, name: full, wanted } of rules) {
    if (!full.endsWith(name)) continue;
    const rule = alone && wanted.signal === 'metric' ? { ...wanted, while: null } : wanted;
    estate.alertRules.set(id.toLowerCase(), { id, name: full, ...bodyOfRule(rule) } as never);
  }
}

describe('rules on throughput', () => {
  /** When demand is least: fewer than 40,000 requests a minute. */
  const night = Date.UTC(2026, 9, 3, 8);

  it('say nothing on a quiet night, on which throughput alone would', () => {
    const quiet = world(night);
    quiet.pass(20);
    for (const name of ['KPI-API-Throughput', 'KPI-Storage-Throughput']) declare(quiet.estate, name);
    quiet.pass(60);
    expect(quiet.conditions()).toEqual([]);
    declare(quiet.estate, 'KPI-API-Throughput', true);
    quiet.pass(10);
    expect(quiet.conditions()).toEqual(['KPI-API-Throughput Fired']);
  });

  it('tell once of a gateway whose calls get no answer', () => {
    const { estate, faults, pass, told } = world(night);
    pass(20);
    declare(estate, 'KPI-API-Throughput');
    for (const region of ['eastus', 'westus']) faults.failRegion(region);
    pass(40);
    const throughput = told.filter(({ essentials }) => essentials.alertRule === 'KPI-API-Throughput');
    expect(throughput.map(({ context }) => context.condition.allOf)).toMatchObject([
      [{ metricName: 'Requests' }, { metricName: 'Capacity', threshold: '80' }],
    ]);
  });

  it('tell once of a storage account that is slow, and that it is over', () => {
    const { estate, faults, pass, conditions } = world(night);
    pass(20);
    declare(estate, 'KPI-Storage-Throughput');
    faults.slowStorage('cell-healthcare', true);
    pass(40);
    expect(conditions()).toEqual(['cell-healthcare-KPI-Storage-Throughput Fired']);
    faults.slowStorage('cell-healthcare', false);
    pass(40);
    expect(conditions()).toEqual([
      'cell-healthcare-KPI-Storage-Throughput Fired',
      'cell-healthcare-KPI-Storage-Throughput Resolved',
    ]);
  });
});

describe('the emulated Azure Monitor', () => {
  it('is quiet while the estate is well', () => {
    const { pass, told } = world();
    pass(120);
    expect(told).toEqual([]);
  });

  it('fires once for a cell that fails, and resolves it when three looks in a row found nothing', () => {
    const { pass, faults, conditions, told } = world();
    pass(5);
    faults.failCell('cell-banking');
    pass(10);
    expect(conditions()).toEqual(['cell-banking-Health-Alert Fired']);
    faults.healCell('cell-banking');
    // Of the five minutes' window two have few errors enough; two looks are not yet three.
    pass(4);
    expect(conditions()).toHaveLength(1);
    pass(4);
    expect(conditions()).toEqual(['cell-banking-Health-Alert Fired', 'cell-banking-Health-Alert Resolved']);
    const [fired, resolved] = told as [Told, Told];
    expect(resolved.essentials.alertId).toBe(fired.essentials.alertId);
    expect(resolved.essentials.firedDateTime).toBe(fired.essentials.firedDateTime);
    expect(fired.essentials).not.toHaveProperty('resolvedDateTime');
    expect(resolved.essentials.resolvedDateTime).toMatch(/^2026-10-05T03:\d\d:\d\d\.\d{7}Z$/);
  });

  it('says in the common alert schema what was measured, and carries the secret in the address', () => {
    const { pass, faults, told, monitor } = world();
    faults.failCell('cell-retail');
    pass(10);
    const [{ url, essentials, context }] = told as [Told];
    expect(url).toBe(`http://127.0.0.1:3000/alerts/azure-monitor?secret=${monitor.secret}`);
    expect(essentials).toMatchObject({
      severity: 'Sev1',
      signalType: 'Metric',
      monitoringService: 'Platform',
      description: 'cell-retail answers its users with errors.',
    });
    expect(essentials.alertTargetIDs).toEqual([
      expect.stringMatching(/^\/subscriptions\/.*\/microsoft\.app\/containerapps\/app-cell-retail$/),
    ]);
    expect(context.condition.windowSize).toBe('PT5M');
    const [found] = context.condition.allOf as [{ metricValue: number }];
    expect(found).toMatchObject({
      metricName: 'Requests',
      operator: 'GreaterThan',
      threshold: '10',
      timeAggregation: 'Total',
      dimensions: [{ name: 'statusCodeCategory', value: '5xx' }],
    });
    // Two instances of the gateway probe twice a minute: 12 in three minutes is the first sum above 10.
    expect(found.metricValue).toBeGreaterThan(10);
    expect(found.metricValue).toBeLessThanOrEqual(14);
  });

  it('fires for a region whose cells are all down, for its endpoint alone', () => {
    const { pass, faults, told } = world();
    for (const cell of ['cell-banking', 'cell-retail', 'cell-healthcare']) faults.failCell(cell);
    pass(12);
    const global = told.filter(({ essentials }) => essentials.severity === 'Sev0');
    expect(global).toHaveLength(1);
    expect(global[0]?.context.condition.allOf).toMatchObject([
      { dimensions: [{ name: 'EndpointName', value: 'primary-endpoint' }], metricValue: 0 },
    ]);
  });

  it('has its alerts, but tells nobody, while a processing rule takes the action groups away', async () => {
    const { pass, faults, told, estate, monitor, time } = world();
    const rule = [...estate.alertRules.values()].find(({ name }) => name === 'cell-banking-Health-Alert');
    estate.silences.set('s', {
      id: 's',
      name: 's',
      location: 'Global',
      createdAt: '',
      properties: {
        scopes: [estate.app('cell-banking').id.split('/providers/')[0] as string],
        conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [rule?.id.toUpperCase() ?? ''] }],
        schedule: { effectiveUntil: new Date(time.now + 20 * minuteMs).toISOString().slice(0, 19), timeZone: 'UTC' },
        actions: [{ actionType: 'RemoveAllActionGroups' }],
        enabled: true,
      },
    });
    faults.failCell('cell-banking');
    faults.failCell('cell-retail');
    pass(10);
    expect(told.map(({ essentials }) => essentials.alertRule)).toEqual(['cell-retail-Health-Alert']);
    await answers();
    expect(monitor.snapshot()).toMatchObject({ firing: 2, notified: { silent: 1, accepted: 1 } });
    // The end of a silence brings nothing; the end of the trouble after it does.
    pass(15);
    expect(told).toHaveLength(1);
    faults.healCell('cell-banking');
    pass(10);
    expect(told.map(({ essentials }) => essentials.monitorCondition)).toEqual(['Fired', 'Resolved']);
  });

  it('forgets what a rule was firing for when the rule is changed, and looks with the new one', () => {
    const { pass, faults, estate, conditions, monitor } = world();
    faults.failCell('cell-banking');
    pass(10);
    monitor.switchRule('cell-banking-Health-Alert', false);
    pass(10);
    expect(conditions()).toHaveLength(1);
    changeRule(estate, 'cell-banking-Health-Alert', { enabled: true, severity: 3 });
    pass(2);
    expect(conditions()).toEqual(['cell-banking-Health-Alert Fired', 'cell-banking-Health-Alert Fired']);
  });

  it('looks no more often than the rule says', () => {
    const { pass, faults, estate, told } = world();
    changeRule(estate, 'cell-banking-Health-Alert', { evaluationFrequency: 'PT15M', windowSize: 'PT15M' });
    pass(1);
    faults.failCell('cell-banking');
    pass(13);
    expect(told).toEqual([]);
    pass(2);
    expect(told).toHaveLength(1);
  });

  it('fires at each look when a rule is not to be resolved by itself', () => {
    const { pass, faults, estate, conditions } = world();
    changeRule(estate, 'cell-banking-Health-Alert', { autoMitigate: false });
    faults.failCell('cell-banking');
    pass(5);
    const fired = conditions().length;
    expect(fired).toBeGreaterThan(1);
    faults.healCell('cell-banking');
    pass(20);
    expect(new Set(conditions())).toEqual(new Set(['cell-banking-Health-Alert Fired']));
  });

  it('tells nobody without a webhook, and says so', () => {
    const { pass, faults, estate, told, monitor } = world();
    estate.actionGroups.delete(actionGroupId.toLowerCase());
    faults.failCell('cell-banking');
    pass(10);
    expect(told).toEqual([]);
    expect(monitor.snapshot().newest).toMatchObject([{ rule: 'cell-banking-Health-Alert', notified: 'nobody' }]);
  });

  it('sees memory, CPU and a gateway’s backends as a rule names them', () => {
    const { pass, faults, estate, told } = world();
    const rule = [...estate.alertRules.values()][0] as MetricAlertRule;
    const add = (name: string, scope: string, allOf: MetricAlertRule['properties']['criteria']['allOf']) =>
      estate.alertRules.set(name, {
        id: `/x/${name}`,
        name,
        properties: {
          ...rule.properties,
          scopes: [scope],
          criteria: { 'odata.type': '', allOf },
        },
      });
    const criterion = {
      criterionType: 'StaticThresholdCriterion',
      name: 'c',
      operator: 'GreaterThan',
      timeAggregation: 'Average',
    } as const;
    const app = estate.app('cell-retail').id;
    add('cpu', app, [{ ...criterion, metricName: 'CpuPercentage', threshold: 50 }]);
    add('both', app, [
      { ...criterion, metricName: 'CpuPercentage', threshold: 50 },
      { ...criterion, metricName: 'WorkingSetBytes', threshold: 1024 ** 3 },
    ]);
    add('hosts', estate.gateways.get('eastus')?.id ?? '', [
      {
        ...criterion,
        metricName: 'UnhealthyHostCount',
        threshold: 0,
        dimensions: [{ name: 'BackendSettingsPool', operator: 'Exclude', values: ['cell-retail-backend'] }],
      },
    ]);
    pass(3);
    expect(told.map(({ essentials }) => essentials.alertRule)).toEqual(['cpu']);
    faults.failCell('cell-banking');
    faults.failCell('cell-retail');
    pass(2);
    const hosts = told.filter(({ essentials }) => essentials.alertRule === 'hosts');
    expect(hosts.map(({ context }) => context.condition.allOf[0]?.dimensions)).toEqual([
      [{ name: 'BackendSettingsPool', value: 'cell-banking-backend' }],
    ]);
  });
});
