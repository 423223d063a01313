import { z } from 'zod';
import type { AlertKind, AlertMetric, SentAlert } from '../domain/alert.ts';
import { OpsError } from '../errors.ts';
import { httpsLink, kept, keyOf, moment } from './sent-alert.ts';

/**
 * Azure Monitor's common alert schema (learn.microsoft.com, “Common alert schema” and “Sample alert payloads”).
 * Only what is in use is parsed, and gently: budget alerts leave out rule, severity and targets, numbers come as text.
 * Every text in it may be a stranger's.
 */

/** A field that Azure may leave out, send as null, or one day send as something else: then it says nothing. */
const text = z.string().nullish().catch(undefined);
const number = z
  .union([z.number(), z.string().trim().min(1).pipe(z.coerce.number())])
  .optional()
  .catch(undefined);

const essentials = z.object({
  alertId: text,
  originAlertId: text,
  alertRule: text,
  alertRuleID: text,
  severity: text,
  signalType: text,
  monitorCondition: text,
  monitoringService: text,
  alertTargetIDs: z.array(z.string()).max(1_000).nullish().catch(undefined),
  configurationItems: z.array(z.string()).max(1_000).nullish().catch(undefined),
  firedDateTime: text,
  resolvedDateTime: text,
  description: text,
  investigationLink: text,
});
type Essentials = z.output<typeof essentials>;

const dimensions = z
  .array(z.object({ name: z.string(), value: z.coerce.string() }))
  .nullish()
  .catch(undefined);

/** Metric alerts, and log alerts of today (Log Alerts V2). */
const criterion = z.object({
  metricName: text,
  metricNamespace: text,
  metricMeasureColumn: text,
  webTestName: text,
  metricValue: number,
  threshold: number,
  operator: text,
  timeAggregation: text,
  dimensions,
  linkToFilteredSearchResultsUI: text,
  linkToSearchResultsUI: text,
});

const context = z
  .object({
    condition: z
      .object({ windowSize: text, allOf: z.array(criterion).nullish().catch(undefined) })
      .nullish()
      .catch(undefined),
    // Activity log, service health, resource health.
    status: text,
    operationName: text,
    properties: z
      .object({
        title: text,
        details: text,
        region: text,
        incidentType: text,
        trackingId: text,
        impactedServices: z.unknown().optional(),
        currentHealthStatus: text,
        cause: text,
      })
      .nullish()
      .catch(undefined),
    // Log alerts of old (V1).
    ResultCount: number,
    Threshold: number,
    Operator: text,
    LinkToFilteredSearchResultsUI: text,
    LinkToSearchResults: text,
    Dimensions: dimensions,
    // Smart detection.
    DetectionSummary: text,
    SmartDetectorName: text,
  })
  .nullish()
  .catch(undefined);
type Context = NonNullable<z.output<typeof context>>;

const commonAlert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema'),
  data: z.object({ essentials, alertContext: context }),
});

/** Throws `bad-input` for anything but the common alert schema. `now`: when it came, for alerts that don't say when. */
export function readAzureMonitorAlert(body: unknown, now: string): SentAlert {
  const parsed = commonAlert.safeParse(body);
  if (!parsed.success) {
    throw new OpsError('bad-input', 'This is not an alert in Azure Monitor’s common alert schema.', {
      hint: 'Turn on the common alert schema in the action group’s webhook.',
      cause: parsed.error,
    });
  }
  const { essentials: told, alertContext } = parsed.data.data;
  const about = alertContext ?? {};
  const kind = kindOf(told);
  const firedAt = moment(told.firedDateTime) ?? now;
  const condition = conditionOf(told, kind, about);
  const resolvedAt = moment(told.resolvedDateTime) ?? (condition === 'resolved' ? now : undefined);
  const resources = (told.alertTargetIDs ?? []).slice(0, 50).map((id) => kept(id, 'id'));
  const rule = kept(told.alertRule || about.SmartDetectorName || told.monitoringService || 'Azure Monitor', 'name');
  const identity = told.alertId || told.originAlertId || keyOf(rule, ...resources);
  const { metric, link, splitBy } = measured(about);
  const regions = kind === 'service-health' ? impactedRegions(about) : [];

  return {
    key: keyOf(identity.toLowerCase(), condition, firedAt),
    instance: instanceOf(kind, about, identity, resources),
    kind,
    condition,
    rule,
    ...(told.alertRuleID && { ruleId: kept(told.alertRuleID, 'id') }),
    description: kept(descriptionOf(told, about), 'description'),
    azureSeverity: severityOf(told, kind, about),
    // A resolution of something that is known by another key (a resource's health) was fired when it came.
    firedAt,
    ...(resolvedAt !== undefined && condition === 'resolved' && { resolvedAt }),
    resources,
    ...(metric && { metric }),
    ...(link !== undefined && { link }),
    ...(splitBy.length > 0 && { dimensions: splitBy }),
    ...(regions.length > 0 && { said: { regions } }),
  };
}

function kindOf({ monitoringService, signalType }: Essentials): AlertKind {
  const service = (monitoringService ?? '').toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (service === 'servicehealth') return 'service-health';
  if (service === 'resourcehealth') return 'resource-health';
  if (service.startsWith('smart')) return 'smart-detection';
  switch ((signalType ?? '').toLowerCase()) {
    case 'log':
      return 'log';
    case 'activity log':
      return 'activity-log';
    case 'metric':
      return 'metric';
    default:
      return service.startsWith('activitylog') ? 'activity-log' : service.startsWith('log') ? 'log' : 'metric';
  }
}

/** Health events are always “Fired” to Azure Monitor: whether they are over stands in the event. */
function conditionOf({ monitorCondition }: Essentials, kind: AlertKind, about: Context): SentAlert['condition'] {
  const status = about.status?.toLowerCase();
  if (kind === 'service-health' && status === 'resolved') return 'resolved';
  if (kind === 'resource-health') {
    const health = about.properties?.currentHealthStatus?.toLowerCase();
    if (health === 'available' || status === 'resolved') return 'resolved';
  }
  return monitorCondition?.toLowerCase() === 'resolved' ? 'resolved' : 'fired';
}

/** What fired and resolved have in common: Azure's alert instance; for health events, the event or the resource. */
function instanceOf(kind: AlertKind, about: Context, identity: string, resources: readonly string[]): string {
  const tracking = about.properties?.trackingId;
  if (kind === 'service-health' && tracking) return keyOf('service-health', tracking);
  if (kind === 'resource-health' && resources.length > 0) {
    return keyOf('resource-health', ...resources.map((id) => id.toLowerCase()));
  }
  return keyOf(identity.toLowerCase());
}

/**
 * Azure gives every activity log alert Sev4, health events too, so theirs is read from the event: a service incident
 * is a warning, a resource that is down through no act of its users an error.
 */
function severityOf({ severity }: Essentials, kind: AlertKind, about: Context): SentAlert['azureSeverity'] {
  const { incidentType, currentHealthStatus, cause } = about.properties ?? {};
  if (kind === 'service-health') return incidentType?.toLowerCase() === 'incident' ? 2 : 4;
  if (kind === 'resource-health' && cause?.toLowerCase() !== 'userinitiated') {
    const health = currentHealthStatus?.toLowerCase();
    if (health === 'unavailable') return 1;
    if (health === 'degraded') return 2;
  }
  const digit = /^sev([0-4])$/i.exec(severity ?? '')?.[1];
  // A severity that nobody can read must not be the reason that nobody looks.
  return digit === undefined ? (severity ? 2 : 3) : (Number(digit) as SentAlert['azureSeverity']);
}

function descriptionOf({ description }: Essentials, about: Context): string {
  const { title, details } = about.properties ?? {};
  const first = description || title || about.DetectionSummary || about.operationName || '';
  return [first, ...[title, details].filter((more) => more && more !== first)].join('. ');
}

function measured(about: Context): {
  metric: AlertMetric | undefined;
  link: string | undefined;
  splitBy: { name: string; value: string }[];
} {
  const first = about.condition?.allOf?.[0];
  const splitBy = [
    ...(about.condition?.allOf ?? []).flatMap((one) => one.dimensions ?? []),
    ...(about.Dimensions ?? []),
  ];
  const link =
    httpsLink(first?.linkToFilteredSearchResultsUI) ??
    httpsLink(first?.linkToSearchResultsUI) ??
    httpsLink(about.LinkToFilteredSearchResultsUI) ??
    httpsLink(about.LinkToSearchResults);
  const name = first?.metricName || first?.webTestName || first?.metricMeasureColumn;
  const value = first?.metricValue ?? about.ResultCount;
  const threshold = first?.threshold ?? about.Threshold;
  const operator = first?.operator ?? about.Operator;
  const metric: AlertMetric | undefined =
    name || value !== undefined
      ? {
          name: kept(name || 'results', 'name'),
          ...(first?.metricNamespace && { namespace: kept(first.metricNamespace, 'name') }),
          ...(value !== undefined && { value }),
          ...(threshold !== undefined && { threshold }),
          ...(operator && { operator: kept(operator, 'name') }),
          ...(first?.timeAggregation && { aggregation: kept(first.timeAggregation, 'name') }),
          ...minutesOf(about.condition?.windowSize),
        }
      : undefined;
  return {
    metric,
    link,
    splitBy: splitBy.slice(0, 20).map((one) => ({ name: kept(one.name, 'name'), value: kept(one.value, 'name') })),
  };
}

/** `PT5M`, `PT1H`, `P1D`. */
function minutesOf(window: string | null | undefined): Pick<AlertMetric, 'windowMinutes'> {
  const [, days = '0', hours = '0', minutes = '0'] =
    /^P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?$/.exec(window ?? '') ?? [];
  const windowMinutes = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  return windowMinutes > 0 ? { windowMinutes } : {};
}

const services = z.array(z.object({ ImpactedRegions: z.array(z.object({ RegionName: z.string() })).default([]) }));

/** Names of the regions that a service event is about, as Azure writes them: `East US`. */
function impactedRegions(about: Context): string[] {
  const { region, impactedServices } = about.properties ?? {};
  let listed: unknown = impactedServices;
  if (typeof listed === 'string') {
    try {
      listed = JSON.parse(listed);
    } catch {
      listed = undefined;
    }
  }
  const parsed = services.safeParse(listed);
  const named = parsed.success ? parsed.data.flatMap((one) => one.ImpactedRegions.map((it) => it.RegionName)) : [];
  return [...new Set(named.length > 0 ? named : region ? [region] : [])].slice(0, 50).map((one) => kept(one, 'name'));
}
