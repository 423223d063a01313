import { Estate } from '../../../../sandbox/azure/estate.ts';
import { Faults } from '../../../../sandbox/azure/faults.ts';
import type { LogAlertRule } from '../../../../sandbox/azure/monitor/alert-rule.ts';
import { AzureMonitor } from '../../../../sandbox/azure/monitor/azure-monitor.ts';
import { logsWorkspaceId } from '../../../../sandbox/azure/monitor/log-rule-routes.ts';
import { actionGroupId } from '../../../../sandbox/azure/monitor/seeded-rules.ts';

const minuteMs = 60_000;

function world(condition: Partial<LogAlertRule['properties']['criteria']['allOf'][0]>) {
  const time = { now: Date.UTC(2026, 9, 5, 3) };
  const told: { essentials: Record<string, unknown>; context: { condition: { allOf: Record<string, unknown>[] } } }[] =
    [];
  const estate = new Estate({ now: () => time.now, seed: 1, replicaDelayMs: 0 });
  const monitor = new AzureMonitor(estate, {
    minuteMs,
    wait: async () => undefined,
    send: async (_, body) => {
      const { data } = JSON.parse(body);
      told.push({ essentials: data.essentials, context: data.alertContext });
      return 200;
    },
  });
  monitor.postTo('http://127.0.0.1:9/');
  // Only the rule of the test is to be heard.
  estate.alertRules.clear();
  const rule: LogAlertRule = {
    id: '/rule',
    name: 'rule',
    location: 'eastus',
    properties: {
      description: '',
      severity: 2,
      enabled: true,
      scopes: [logsWorkspaceId],
      evaluationFrequency: 'PT5M',
      windowSize: 'PT15M',
      autoMitigate: true,
      criteria: {
        allOf: [
          {
            query: '',
            timeAggregation: 'Average',
            metricMeasureColumn: 'value',
            operator: 'GreaterThan',
            threshold: 0.5,
            ...condition,
          },
        ],
      },
      actions: { actionGroups: [actionGroupId] },
    },
  };
  estate.logRules.set(rule.id, rule);
  const pass = (minutes: number) => {
    for (let step = 0; step < minutes; step += 1) {
      time.now += minuteMs;
      estate.settle();
      monitor.advance(time.now);
    }
  };
  return { told, estate, faults: new Faults(estate, 50), pass };
}

const errorRate = `ApiManagementGatewayLogs
| summarize failed = countif(ResponseCode >= 500), total = count()
| extend value = 100.0 * failed / total`;

describe('an emulated log search alert', () => {
  it('fires on what the query finds in the window, and resolves after three looks without it', () => {
    const { told, faults, pass } = world({ query: errorRate });
    pass(30);
    expect(told).toEqual([]);
    faults.failCell('cell-banking');
    pass(15);
    expect(told).toHaveLength(1);
    expect(told[0]?.essentials).toMatchObject({
      monitoringService: 'Log Alerts V2',
      signalType: 'Log',
      alertTargetIDs: [logsWorkspaceId.toLowerCase()],
    });
    const [found] = told[0]?.context.condition.allOf ?? [];
    expect(found).toMatchObject({ metricMeasureColumn: 'value', threshold: '0.5', searchQuery: errorRate });
    expect(found?.metricValue).toBeGreaterThan(5);
    faults.healCell('cell-banking');
    pass(35);
    expect(told.map(({ essentials }) => essentials.monitorCondition)).toEqual(['Fired', 'Resolved']);
    expect(told[1]?.essentials).not.toHaveProperty('resolvedDateTime');
  });

  it('is about the resource that the resource id column names, each for itself', () => {
    const { told, pass, estate } = world({
      query:
        'AppRequests | summarize value = count() by app = tolower(AppRoleName) | where app in~ ("app-cell-banking", "app-cell-retail") | extend resource = iff(app == "app-cell-banking", "/banking", "/retail")',
      resourceIdColumn: 'resource',
      threshold: 0,
    });
    pass(10);
    expect(told.map(({ essentials }) => essentials.alertTargetIDs)).toEqual(
      expect.arrayContaining([['/banking'], ['/retail']]),
    );
    expect(told).toHaveLength(2);
    expect(estate.logRules.size).toBe(1);
  });

  it('changes nothing when the query fails', () => {
    const { told, pass } = world({ query: 'NoSuchTable | count' });
    pass(20);
    expect(told).toEqual([]);
  });
});
