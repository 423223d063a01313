import { readAzureMonitorAlert } from '../../src/alerts/azure-monitor-schema.ts';
import { azureAlert } from '../support/azure-alerts.ts';

const now = '2026-03-01T10:00:00.000Z';
const app = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/app-cell-banking';

describe('Azure Monitor’s common alert schema', () => {
  it('reads a metric alert with its value and threshold', () => {
    const alert = readAzureMonitorAlert(azureAlert({ rule: 'High memory', targets: [app], severity: 'Sev2' }), now);
    expect(alert).toMatchObject({
      kind: 'metric',
      condition: 'fired',
      rule: 'High memory',
      azureSeverity: 2,
      resources: [app],
      metric: { name: 'WorkingSetBytes', value: 2_000, threshold: 1_000, operator: 'GreaterThan' },
    });
  });

  it('gives fired and resolved one instance and two keys', () => {
    const fired = readAzureMonitorAlert(azureAlert({ id: 'a' }), now);
    const resolved = readAzureMonitorAlert(azureAlert({ id: 'a', condition: 'Resolved' }), now);
    expect(resolved.instance).toBe(fired.instance);
    expect(resolved.key).not.toBe(fired.key);
    expect(resolved.condition).toBe('resolved');
    expect(readAzureMonitorAlert(azureAlert({ id: 'a' }), now).key).toBe(fired.key);
  });

  it.each([
    ['Log', 'Log Alerts V2', 'log'],
    ['Log', 'Log Analytics', 'log'],
    ['Log', 'Application Insights', 'log'],
    ['Activity Log', 'Activity Log - Administrative', 'activity-log'],
    ['Activity Log', 'ServiceHealth', 'service-health'],
    ['Activity Log', 'Resource Health', 'resource-health'],
    ['Log', 'SmartDetector', 'smart-detection'],
    ['Metric', 'Platform', 'metric'],
  ])('knows %s of %s as %s', (signalType, monitoringService, kind) => {
    expect(readAzureMonitorAlert(azureAlert({ signalType, monitoringService }), now).kind).toBe(kind);
  });

  it('reads a log alert of today with its dimensions and link', () => {
    const alertContext = {
      conditionType: 'LogQueryCriteria',
      condition: {
        allOf: [
          {
            searchQuery: 'Heartbeat',
            metricMeasureColumn: 'CounterValue',
            operator: 'LowerThan',
            threshold: '1',
            timeAggregation: 'Count',
            dimensions: [{ name: 'Computer', value: 'TestComputer' }],
            metricValue: 0.0,
            linkToFilteredSearchResultsUI: 'https://portal.azure.com/x',
          },
        ],
      },
    };
    expect(readAzureMonitorAlert(azureAlert({ signalType: 'Log', alertContext }), now)).toMatchObject({
      metric: { name: 'CounterValue', value: 0, threshold: 1 },
      dimensions: [{ name: 'Computer', value: 'TestComputer' }],
      link: 'https://portal.azure.com/x',
    });
  });

  it('takes a service event as over when it says so, under the event’s own id', () => {
    const event = (status: string, id: string) =>
      readAzureMonitorAlert(
        azureAlert({
          id,
          severity: 'Sev4',
          monitoringService: 'ServiceHealth',
          alertContext: {
            status,
            channels: 1,
            properties: {
              title: 'Storage is down',
              incidentType: 'Incident',
              trackingId: 'ABCD-123',
              impactedServices: '[{"ImpactedRegions":[{"RegionName":"East US"}],"ServiceName":"Storage"}]',
            },
          },
        }),
        now,
      );
    const [active, over] = [event('Active', 'one'), event('Resolved', 'two')];
    expect(active).toMatchObject({ condition: 'fired', azureSeverity: 2, said: { regions: ['East US'] } });
    expect(over).toMatchObject({ condition: 'resolved', instance: active.instance });
  });

  it('takes a resource as well again when its health is Available', () => {
    const health = (currentHealthStatus: string, cause: string) =>
      readAzureMonitorAlert(
        azureAlert({
          severity: 'Sev4',
          monitoringService: 'ResourceHealth',
          targets: [app],
          alertContext: { status: 'Active', properties: { title: 'It stopped', currentHealthStatus, cause } },
        }),
        now,
      );
    expect(health('Unavailable', 'PlatformInitiated')).toMatchObject({ condition: 'fired', azureSeverity: 1 });
    expect(health('Unavailable', 'UserInitiated')).toMatchObject({ condition: 'fired', azureSeverity: 4 });
    expect(health('Available', 'PlatformInitiated')).toMatchObject({
      condition: 'resolved',
      instance: health('Unavailable', 'PlatformInitiated').instance,
    });
  });

  it('takes a budget alert, which has no rule, severity or targets', () => {
    const body = {
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          monitoringService: 'CostAlerts',
          firedDateTime: '2025-04-15T17:49:34.022Z',
          description: 'Too much',
          alertId: '/subscriptions/s/providers/Microsoft.CostManagement/alerts/Test_Alert',
          alertRule: null,
          severity: null,
          signalType: null,
          monitorCondition: 'Fired',
          alertTargetIDs: null,
        },
        alertContext: { AlertCategory: 'budgets' },
      },
    };
    expect(readAzureMonitorAlert(body, now)).toMatchObject({ rule: 'CostAlerts', azureSeverity: 3, resources: [] });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['another schema', { schemaId: 'AzureMonitorMetricAlert', data: {} }],
    ['no essentials', { schemaId: 'azureMonitorCommonAlertSchema', data: {} }],
    ['essentials of text', { schemaId: 'azureMonitorCommonAlertSchema', data: { essentials: 'x' } }],
  ])('refuses %s and says what to turn on', (_, body) => {
    expect(() => readAzureMonitorAlert(body, now)).toThrow('common alert schema');
  });

  it.each([
    ['no moment', null],
    ['a moment that is none', 'yesterday'],
    ['a moment before 1970', '0001-01-01T00:00:00Z'],
    ['the end of time', '+275760-09-13T00:00:00.000Z'],
  ])('takes an alert with %s as of now', (_, firedDateTime) => {
    expect(readAzureMonitorAlert(azureAlert({ firedDateTime }), now).firedAt).toBe(now);
  });

  it('keeps hostile text raw, but cut and well-formed', () => {
    const rule = `<!channel> \0${'\ud800'}`;
    const alert = readAzureMonitorAlert(azureAlert({ rule, description: '😀'.repeat(100_000) }), now);
    expect(alert.rule).toBe('<!channel> \ufffd');
    expect(alert.description.length).toBeLessThanOrEqual(4_000);
    expect(alert.description.isWellFormed()).toBe(true);
  });

  it('names an alert by at most 512 characters, whatever its id', () => {
    const one = readAzureMonitorAlert(azureAlert({ id: 'x'.repeat(5_000) }), now);
    const other = readAzureMonitorAlert(azureAlert({ id: `${'x'.repeat(4_999)}y` }), now);
    expect(one.key.length).toBeLessThanOrEqual(512);
    expect(one.instance).not.toBe(other.instance);
  });
});
