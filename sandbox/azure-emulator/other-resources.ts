import { z } from 'zod';
import type { EstateState } from './estate-state.ts';
import { armError, type Call, type Reply } from './http.ts';
import { appId, groupId } from './seed.ts';

const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
/** Alert processing rule 2021-08-08: times without a zone beside a time zone, at least one scope and one action. */
const Rule = z.looseObject({
  location: z.literal('Global'),
  properties: z.looseObject({
    scopes: z.array(z.string().startsWith('/subscriptions/')).min(1),
    actions: z.array(z.looseObject({ actionType: z.enum(['RemoveAllActionGroups', 'AddActionGroups']) })).min(1),
    conditions: z
      .array(
        z.looseObject({
          field: z.string(),
          operator: z.enum(['Equals', 'NotEquals', 'Contains', 'DoesNotContain']),
          values: z.array(z.string()).min(1),
        }),
      )
      .optional(),
    schedule: z
      .looseObject({
        effectiveFrom: localTime.optional(),
        effectiveUntil: localTime.optional(),
        timeZone: z.string().optional(),
      })
      .optional(),
    enabled: z.boolean().optional(),
    description: z.string().optional(),
  }),
});

/** Alert processing rules and the Traffic Manager profile (azure-rest-api-specs: alertsmanagement 2021-08-08, trafficmanager 2022-04-01). */
export function otherRoutes(state: EstateState) {
  return function handle(call: Call): (Reply & { changed?: boolean }) | undefined {
    if (/\/providers\/Microsoft\.AlertsManagement\/actionRules\/[^/]+$/i.test(call.path)) return rule(call);
    if (/\/providers\/Microsoft\.Network\/trafficManagerProfiles\/tm-stamps$/i.test(call.path) && call.method === 'GET')
      return { status: 200, body: profile() };
    return undefined;
  };

  function rule(call: Call): Reply & { changed?: boolean } {
    const key = call.path.toLowerCase();
    const known = state.rules.get(key);
    if (call.method === 'GET')
      return known
        ? { status: 200, body: known }
        : armError(404, 'ResourceNotFound', 'The alert processing rule was not found.');
    if (call.method === 'DELETE') {
      state.rules.delete(key);
      state.changed();
      return { status: known ? 200 : 204, changed: known !== undefined };
    }
    if (call.method !== 'PUT') return armError(405, 'MethodNotAllowed', 'The method is not allowed.');
    const parsed = Rule.safeParse(call.body);
    if (!parsed.success)
      return armError(
        400,
        'BadRequest',
        parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      );
    const body = {
      id: call.path,
      name: call.path.split('/').at(-1),
      type: 'Microsoft.AlertsManagement/actionRules',
      ...parsed.data,
    };
    const changed = JSON.stringify(known) !== JSON.stringify(body);
    state.rules.set(key, body);
    state.changed();
    return { status: known ? 200 : 201, body, changed };
  }

  function profile() {
    const online = (region: string) =>
      state.cells.some((cell) => cell.region === region && state.healthy(cell)) ? 'Online' : 'Degraded';
    const endpoint = (name: string, region: string, priority: number) => ({
      id: `${groupId('eastus')}/providers/Microsoft.Network/trafficManagerProfiles/tm-stamps/externalEndpoints/${name}`,
      name,
      type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints',
      properties: {
        target: `${region}.stamps.example`,
        endpointStatus: 'Enabled',
        endpointMonitorStatus: online(region),
        priority,
        weight: 1,
        endpointLocation: region,
      },
    });
    return {
      id: `${groupId('eastus')}/providers/Microsoft.Network/trafficManagerProfiles/tm-stamps`,
      name: 'tm-stamps',
      type: 'Microsoft.Network/trafficManagerProfiles',
      location: 'global',
      properties: {
        profileStatus: 'Enabled',
        trafficRoutingMethod: 'Priority',
        dnsConfig: { relativeName: 'stamps', fqdn: 'stamps.trafficmanager.net', ttl: 60 },
        monitorConfig: { profileMonitorStatus: online('eastus'), protocol: 'HTTPS', port: 443, path: '/health' },
        endpoints: [endpoint('primary-endpoint', 'eastus', 1), endpoint('dr-endpoint', 'westus', 2)],
      },
    };
  }
}

const Batch = z.object({ resourceids: z.array(z.string()).min(1).max(50) });

/** metrics:getBatch: at most 50 resources of one type, a point a minute; an app that nobody calls has none. */
export function metricsReply(state: EstateState, call: Call): Reply {
  const parsed = Batch.safeParse(call.body);
  if (!parsed.success) return armError(400, 'BadRequest', 'resourceids: 1 to 50 ids are required.');
  const names = (call.query.get('metricnames') ?? '').split(',');
  const minutes = Array.from({ length: 5 }, (_, n) =>
    new Date(Math.floor(state.now() / 60_000 - 5 + n) * 60_000).toISOString(),
  );
  const values = parsed.data.resourceids.map((resourceid) => {
    const cell = state.cells.find((one) => appId(one).toLowerCase() === resourceid.toLowerCase());
    const figures: Record<string, number> = cell
      ? { Requests: Math.round(state.served(cell) * 60), Replicas: state.replicas(cell) }
      : {};
    const idle = (figures.Requests ?? 0) === 0;
    return {
      starttime: minutes[0],
      endtime: new Date(state.now()).toISOString(),
      interval: 'PT1M',
      namespace: 'Microsoft.App/containerApps',
      resourceregion: cell?.region ?? '',
      resourceid,
      value: names.map((name) => ({
        id: `${resourceid}/providers/Microsoft.Insights/metrics/${name}`,
        type: 'Microsoft.Insights/metrics',
        name: { value: name, localizedValue: name },
        unit: 'Count',
        timeseries:
          cell && !idle
            ? [
                {
                  metadatavalues: [],
                  data: minutes.map((timeStamp) => ({ timeStamp, total: figures[name], average: figures[name] })),
                },
              ]
            : [],
        errorCode: 'Success',
      })),
    };
  });
  return { status: 200, body: { values } };
}
