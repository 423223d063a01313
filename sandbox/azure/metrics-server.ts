/**
 * Azure Monitor's metrics:getBatch for container apps. Rules kept: token for the metrics service (401), at most 50
 * resources a call, all of one subscription and region (learn.microsoft.com, “Migrate from the metrics API to the
 * getBatch API”); metrics `Requests` (total) and `Replicas` (average), a point a minute; a minute without requests has
 * a point without a value, and so has one that is not over. Shapes: @azure/monitor-query-metrics 1.0.0, models.ts.
 */
import { z } from 'zod';
import { ArmFault, invalid } from './arm-fault.ts';
import type { ContainerApp } from './container-app.ts';
import type { Estate } from './estate.ts';
import type { Identity } from './identity.ts';
import type { Call, Handler, Reply } from './json-server.ts';
import { subscriptionId } from './layout.ts';
import { floorToMinute } from './metric-history.ts';

const minuteMs = 60_000;
const mostResources = 50;
/** What the documentation says, and what the SDK asks for by itself (models.ts, KnownMonitorMetricsQueryAudience). */
const audiences = ['https://metrics.monitor.azure.com', 'https://management.azure.com'];
const units = { requests: ['Requests', 'Count'], replicas: ['Replicas', 'Count'] } as const;

const bodySchema = z.object({ resourceids: z.array(z.string()).min(1) });

export function createMetricsHandler({ estate, identity }: { estate: Estate; identity: Identity }): Handler {
  return (call) => {
    try {
      return answer(estate, identity, call);
    } catch (error) {
      if (error instanceof ArmFault) return error.reply;
      throw error;
    }
  };
}

function answer(estate: Estate, identity: Identity, { method, url, headers, body, origin }: Call): Reply {
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const problem = identity.check(token, [...audiences, origin]);
  if (problem) throw new ArmFault(401, problem.code, problem.message, { 'www-authenticate': 'Bearer' });
  if (
    method !== 'POST' ||
    decodeURIComponent(url.pathname).toLowerCase() !== `/subscriptions/${subscriptionId}/metrics:getbatch`
  ) {
    throw new ArmFault(404, 'PathNotFound', `There is no ${method} ${url.pathname} here.`);
  }
  const ask = (name: string) => url.searchParams.get(name) ?? '';
  if (ask('api-version') === '')
    throw invalid('MissingApiVersionParameter', 'The api-version query parameter is required.');
  if (ask('metricnamespace').toLowerCase() !== 'microsoft.app/containerapps') {
    throw invalid('BadRequest', `The emulator has no metrics of '${ask('metricnamespace')}'.`);
  }
  const metrics = ask('metricnames')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const unknown = metrics.find((name) => !(name in units));
  if (unknown !== undefined)
    throw invalid(
      'BadRequest',
      `Failed to find metric configuration for metric: ${unknown}. Valid metrics: Requests,Replicas`,
    );
  if ((ask('interval') || 'PT1M') !== 'PT1M')
    throw invalid('BadRequest', 'The emulator keeps metrics by the minute: PT1M.');
  const apps = found(estate, body);

  estate.settle();
  const endtime = time(ask('endtime'), estate.now());
  const starttime = time(ask('starttime'), endtime - 60 * minuteMs);
  if (starttime >= endtime) throw invalid('BadRequest', 'The start time must be before the end time.');
  const minutes: number[] = [];
  for (let minute = floorToMinute(starttime); minute < endtime; minute += minuteMs) minutes.push(minute);

  const values = apps.map((app) => ({
    starttime: new Date(starttime).toISOString(),
    endtime: new Date(endtime).toISOString(),
    interval: 'PT1M',
    namespace: 'Microsoft.App/containerApps',
    resourceregion: app.region.name,
    resourceid: app.id,
    value: metrics.map((metric) => metricOf(estate, app, metric as keyof typeof units, minutes)),
  }));
  return { status: 200, body: { values } };
}

function found(estate: Estate, body: unknown): ContainerApp[] {
  const { data } = bodySchema.safeParse(body);
  if (!data) throw invalid('BadRequest', 'The body must have resourceids.');
  const ids = data.resourceids;
  if (ids.length > mostResources)
    throw invalid('BadRequest', `${ids.length} resources were asked for; at most ${mostResources} are allowed.`);
  const apps = ids.map((id) => {
    const app = [...estate.apps.values()].find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (!app) throw new ArmFault(404, 'ResourceNotFound', `The resource '${id}' was not found.`);
    return app;
  });
  if (new Set(apps.map(({ region }) => region.name)).size > 1) {
    throw invalid('BadRequest', 'All resources must be in the same region.');
  }
  return apps;
}

function metricOf(estate: Estate, app: ContainerApp, metric: keyof typeof units, minutes: readonly number[]): object {
  const [name, unit] = units[metric];
  const now = estate.now();
  const data = minutes.map((minute) => {
    const point = { timeStamp: new Date(minute).toISOString() };
    if (minute + minuteMs > now) return point;
    if (metric === 'requests') {
      const total = estate.history.requests(app.cell.name, minute);
      return total === undefined ? point : { ...point, total: Math.round(total) };
    }
    const average = estate.history.replicas(app.cell.name, minute);
    return average === undefined ? point : { ...point, average };
  });
  return {
    id: `${app.id}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: name },
    displayDescription: `${name} of the container app`,
    errorCode: 'Success',
    unit,
    timeseries: [{ metadatavalues: [], data }],
  };
}

function time(text: string, otherwise: number): number {
  if (text === '') return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw invalid('BadRequest', `'${text}' is not a time.`);
  return at;
}
