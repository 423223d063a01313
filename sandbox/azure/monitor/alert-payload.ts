/**
 * The common alert schema (learn.microsoft.com, “Common alert schema for Azure Monitor alerts”): essentials, and the
 * context of a metric alert or of a log search alert. Rules kept: `alertTargetIDs` in small letters, thresholds as
 * text and values as numbers, `resolvedDateTime` of metric alerts only, 7 digits of a second.
 */
import { subscriptionId } from '../layout.ts';
import type { Finding, FiredAlert, Window } from './fired-alert.ts';
import { typeOfId } from './metric-catalog.ts';

export function alertPayload(alert: FiredAlert, findings: readonly Finding[], window: Window): object {
  const { id, originId, service, ruleId, rule, severity, description, targetId, firedAt, resolvedAt } = alert;
  const isMetric = service === 'Platform';
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: id,
        alertRule: rule,
        alertRuleID: ruleId,
        targetResourceType: typeOfId(targetId),
        severity: `Sev${severity}`,
        signalType: isMetric ? 'Metric' : 'Log',
        monitorCondition: resolvedAt === undefined ? 'Fired' : 'Resolved',
        monitoringService: service,
        alertTargetIDs: [targetId.toLowerCase()],
        configurationItems: [targetId.split('/').at(-1)],
        originAlertId: originId,
        firedDateTime: stamp(firedAt),
        ...(resolvedAt !== undefined && isMetric && { resolvedDateTime: stamp(resolvedAt) }),
        description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
        investigationLink: `https://portal.azure.com/#view/Microsoft_Azure_Monitoring_Alerts/Investigation.ReactView/alertId/${encodeURIComponent(id)}`,
      },
      alertContext: {
        properties: {},
        conditionType: isMetric ? 'SingleResourceMultipleMetricCriteria' : 'LogQueryCriteria',
        condition: {
          windowSize: window.size,
          allOf: findings.map((finding) => (isMetric ? ofMetric(finding, alert) : ofLog(finding, alert))),
          windowStartTime: stamp(window.from),
          windowEndTime: stamp(window.until),
        },
      },
      customProperties: {},
    },
  };
}

function ofMetric(finding: Finding, { dimensions }: FiredAlert): object {
  const { metricName, metricNamespace, operator, threshold, timeAggregation, value } = finding;
  return {
    metricName,
    metricNamespace,
    operator,
    threshold: String(threshold),
    timeAggregation,
    dimensions: named(dimensions),
    metricValue: value,
    webTestName: null,
  };
}

function ofLog(finding: Finding, { dimensions, targetId }: FiredAlert): object {
  const { operator, threshold, timeAggregation, value, query = '', metricName } = finding;
  return {
    searchQuery: query,
    metricMeasureColumn: metricName,
    targetResourceTypes: `['${typeOfId(targetId)}']`,
    operator,
    threshold: String(threshold),
    timeAggregation,
    dimensions: named(dimensions),
    metricValue: value,
    failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
    linkToSearchResultsUI: `https://portal.azure.com#@${subscriptionId}/blade/Microsoft_Azure_Monitoring_Logs/LogsBlade`,
  };
}

function named(dimensions: Readonly<Record<string, string>>): object[] {
  return Object.entries(dimensions).map(([name, value]) => ({ name, value }));
}

/** `2026-11-25T09:00:00.1230000Z`. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '0000Z');
}
