import { containerAppType } from '../container-app.ts';
import { globalGroup, guideRegions, providerId, type RegionLayout, trafficManagerName } from '../layout.ts';
import { profileType } from '../traffic-profile.ts';
import { type ActionGroup, actionGroupType, type MetricAlertRule, metricAlertType } from './alert-rule.ts';

export const actionGroupId = providerId(globalGroup, actionGroupType, 'ag-stamps-critical');

export function healthAlertId(region: RegionLayout, cell: string): string {
  return providerId(region.resourceGroup, metricAlertType, `${cell}-Health-Alert`);
}

/**
 * The rules that somebody made by hand before Stamps came: one a cell, which fires while its app answers with 5xx (the
 * gateway's probes see them even when nobody else asks), and two of the operations guide's, as far as Azure took them.
 */
export function seedAlertRules(): MetricAlertRule[] {
  const actions = [{ actionGroupId }];
  const criterionType = 'StaticThresholdCriterion';
  const single = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria';
  const rule = (group: string, name: string, properties: MetricAlertRule['properties']): MetricAlertRule => ({
    id: providerId(group, metricAlertType, name),
    name,
    properties,
  });
  const appId = ({ resourceGroup }: RegionLayout, cell: string) =>
    providerId(resourceGroup, containerAppType, `app-${cell}`);
  const cells = guideRegions.flatMap((region) => region.cells.map(({ name }) => ({ region, name })));

  return [
    ...cells.map(({ region, name }) =>
      rule(region.resourceGroup, `${name}-Health-Alert`, {
        description: `${name} answers its users with errors.`,
        severity: 1,
        enabled: true,
        scopes: [appId(region, name)],
        evaluationFrequency: 'PT1M',
        windowSize: 'PT5M',
        autoMitigate: true,
        criteria: {
          'odata.type': single,
          allOf: [
            {
              criterionType,
              name: 'errors',
              metricName: 'Requests',
              metricNamespace: containerAppType,
              operator: 'GreaterThan',
              threshold: 10,
              timeAggregation: 'Total',
              dimensions: [{ name: 'statusCodeCategory', operator: 'Include', values: ['5xx'] }],
            },
          ],
        },
        actions,
      }),
    ),
    rule(globalGroup, 'Traffic-Manager-Endpoint-Down', {
      description: 'Traffic Manager has no healthy endpoints',
      severity: 0,
      enabled: true,
      scopes: [providerId(globalGroup, profileType, trafficManagerName)],
      evaluationFrequency: 'PT1M',
      windowSize: 'PT5M',
      autoMitigate: true,
      criteria: {
        'odata.type': single,
        allOf: [
          {
            criterionType,
            name: 'endpoint',
            metricName: 'ProbeAgentCurrentEndpointStateByProfileResourceId',
            operator: 'LessThan',
            threshold: 1,
            timeAggregation: 'Maximum',
            dimensions: [{ name: 'EndpointName', operator: 'Include', values: ['*'] }],
          },
        ],
      },
      actions,
    }),
    // Switched off by somebody, as memory is above this at every release.
    rule(globalGroup, 'Container-Apps-High-Memory', {
      description: 'Container Apps memory usage above 1GB',
      severity: 2,
      enabled: false,
      scopes: [appId(guideRegions[0] as RegionLayout, 'cell-retail')],
      evaluationFrequency: 'PT5M',
      windowSize: 'PT15M',
      autoMitigate: true,
      criteria: {
        'odata.type': single,
        allOf: [
          {
            criterionType,
            name: 'memory',
            metricName: 'WorkingSetBytes',
            metricNamespace: containerAppType,
            operator: 'GreaterThan',
            threshold: 1_073_741_824,
            timeAggregation: 'Average',
          },
        ],
      },
      actions,
    }),
  ];
}

/** Its webhook gets its address when the app has one. */
export function seedActionGroup(): ActionGroup {
  return {
    id: actionGroupId,
    name: 'ag-stamps-critical',
    properties: { groupShortName: 'stamps', enabled: true, webhookReceivers: [] },
  };
}
