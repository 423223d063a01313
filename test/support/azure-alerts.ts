/** Alerts as Azure Monitor posts them (learn.microsoft.com, “Sample alert payloads”). */
export interface AzureAlertOptions {
  readonly id?: string;
  readonly rule?: string;
  readonly severity?: string;
  readonly condition?: 'Fired' | 'Resolved';
  readonly signalType?: string;
  readonly monitoringService?: string;
  readonly targets?: readonly string[];
  readonly description?: string;
  readonly firedDateTime?: string | null;
  readonly resolvedDateTime?: string;
  readonly alertContext?: object;
}

export function azureAlert(options: AzureAlertOptions = {}): object {
  const { id = '1', condition = 'Fired', firedDateTime = '2026-03-01T09:59:00.1234567Z' } = options;
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: `/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/${id}`,
        alertRule: options.rule ?? 'a rule',
        severity: options.severity ?? 'Sev1',
        signalType: options.signalType ?? 'Metric',
        monitorCondition: condition,
        monitoringService: options.monitoringService ?? 'Platform',
        alertTargetIDs: options.targets ?? [],
        configurationItems: [],
        originAlertId: `origin-${id}`,
        firedDateTime,
        ...(condition === 'Resolved' && { resolvedDateTime: options.resolvedDateTime ?? '2026-03-01T10:05:00Z' }),
        description: options.description ?? '',
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
      },
      alertContext: options.alertContext ?? {
        properties: null,
        conditionType: 'SingleResourceMultipleMetricCriteria',
        condition: {
          windowSize: 'PT5M',
          allOf: [
            {
              metricName: 'WorkingSetBytes',
              metricNamespace: 'Microsoft.App/containerApps',
              operator: 'GreaterThan',
              threshold: '1000',
              timeAggregation: 'Average',
              dimensions: [],
              metricValue: 2000,
            },
          ],
          windowStartTime: '2026-03-01T09:54:00Z',
          windowEndTime: '2026-03-01T09:59:00Z',
        },
      },
      customProperties: null,
    },
  };
}
