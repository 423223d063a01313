/**
 * Microsoft.ApiManagement/service, to read. Rules kept (azure-rest-api-specs, Microsoft.ApiManagement 2022-08-01:
 * service, networkstatus, policies, subscriptions, reports): the home location beside additional ones; policies as
 * raw XML, 404 where there is none; a report's `$filter` needs both ends of the time, in quarters of an hour; rows only
 * of subscriptions that made calls; `blocked` counts 401, 403 and 429; byTime needs an interval of whole quarters.
 * Not kept: quarters of more than ten days (an hour is then one row).
 */
import { ArmFault, invalid } from './arm-fault.ts';
import type { Estate } from './estate.ts';
import { floorToMinute } from './metric-history.ts';
import { type ArmCall, type ArmReply, ok, type Route, same } from './route.ts';
import { minuteMs, type TenantFlow } from './telemetry/request-history.ts';
import { apimId, apimName, apimType } from './telemetry/resources.ts';

const type = apimType.toLowerCase();
const since = '2021-08-01';
const quarterMs = 15 * minuteMs;
const intervals: Readonly<Record<string, number>> = { PT15M: quarterMs, PT1H: 4 * quarterMs, P1D: 96 * quarterMs };

/** What a tier's product allows: by the minute, by the day. */
const tiers: Readonly<Record<string, { rate: number; quota: number; quotaWritten?: string }>> = {
  enterprise: { rate: 9_500, quota: 12_000_000 },
  smb: { rate: 3_100, quota: 3_500_000 },
  // Its number is kept elsewhere, as a named value.
  startup: { rate: 1_100, quota: 1_300_000, quotaWritten: '{{startup-quota}}' },
};
/** When all subscriptions were made: periods of their quotas begin then. */
const createdDate = '2026-01-12T08:30:00Z';

export const apimRoutes: readonly Route[] = [
  { on: `GET ${type}`, since, run: (call) => ok(serviceOf(checked(call).estate)) },
  { on: `GET ${type}/networkstatus[]`, since, run: (call) => ok(networkOf(checked(call).estate)) },
  { on: `GET ${type}/policies`, since, run: (call) => ok(policyOf(checked(call), globalPolicy)) },
  { on: `GET ${type}/products/policies`, since, run: productPolicy },
  { on: `GET ${type}/subscriptions`, since, run: subscription },
  { on: `GET ${type}/reports`, since, run: report },
];

const globalPolicy = `<policies>
  <inbound>
    <cors allow-credentials="false"><allowed-origins><origin>https://portal.stamps.example</origin></allowed-origins></cors>
    <validate-jwt header-name="Authorization" failed-validation-httpcode="401" />
  </inbound>
  <backend><forward-request timeout="20" /></backend>
  <outbound />
  <on-error />
</policies>`;

function checked(call: ArmCall): ArmCall {
  const [name = ''] = call.path.names;
  if (!same(name, apimName)) throw notThere(`The Resource '${apimType}/${name}' was not found.`);
  return call;
}

function notThere(message: string): ArmFault {
  return new ArmFault(404, 'ResourceNotFound', message);
}

function serviceOf({ regions }: Estate): object {
  const gateway = (region: string) => `https://${apimName}-${region}-01.regional.azure-api.net`;
  const [home, ...others] = regions;
  return {
    id: apimId,
    name: apimName,
    type: apimType,
    location: home?.displayName,
    sku: { name: 'Premium', capacity: 1 },
    properties: {
      provisioningState: 'Succeeded',
      targetProvisioningState: '',
      gatewayUrl: `https://${apimName}.azure-api.net`,
      gatewayRegionalUrl: gateway(home?.name ?? ''),
      disableGateway: false,
      additionalLocations: others.map(({ name, displayName }) => ({
        location: displayName,
        sku: { name: 'Premium', capacity: 1 },
        gatewayRegionalUrl: gateway(name),
        disableGateway: false,
      })),
    },
  };
}

/** A gateway of a failed region reaches nothing that it depends on. */
function networkOf(estate: Estate): object {
  return estate.regions.map(({ name, displayName }) => {
    const status = estate.regionWorks(name) ? 'success' : 'failure';
    const lastStatusChange = new Date(estate.now()).toISOString();
    const one = (what: string, resourceType: string) => ({
      name: what,
      status,
      resourceType,
      lastStatusChange,
      lastUpdated: lastStatusChange,
      isOptional: false,
    });
    return {
      location: displayName,
      networkStatus: {
        dnsServers: ['168.63.129.16'],
        connectivityStatus: [
          one(`${apimName}.blob.core.windows.net`, 'BlobStorage'),
          one(`${apimName}.database.windows.net`, 'SQLDatabase'),
        ],
      },
    };
  });
}

function policyOf({ url }: ArmCall, xml: string): object {
  const format = url.searchParams.get('format') ?? 'xml';
  if (format !== 'xml' && format !== 'rawxml') throw invalid('ValidationError', `'${format}' is not a format.`);
  return { name: 'policy', type: `${apimType}/policies`, properties: { format, value: xml } };
}

function productPolicy(call: ArmCall): ArmReply {
  const product = checked(call).path.names[1] ?? '';
  const tier = tiers[product.replace(/-tier$/, '')];
  if (tier === undefined) throw notThere(`Product '${product}' not found.`);
  const xml = `<policies>
  <inbound>
    <base />
    <rate-limit calls="${tier.rate}" renewal-period="60" />
    <quota calls="${tier.quotaWritten ?? tier.quota}" renewal-period="86400" />
  </inbound>
  <backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>
</policies>`;
  return ok(policyOf(call, xml));
}

function subscription(call: ArmCall): ArmReply {
  const sid = checked(call).path.names[1] ?? '';
  const tenant = call.estate.tenants.find(({ record }) => same(`${record.tenantId}-subscription`, sid));
  if (!tenant) throw notThere(`Subscription '${sid}' not found.`);
  const { tenantTier, status, displayName } = tenant.record;
  return ok({
    id: `${apimId}/subscriptions/${sid}`,
    name: sid,
    type: `${apimType}/subscriptions`,
    properties: {
      scope: `${apimId}/products/${tenantTier}-tier`,
      displayName,
      state: status === 'active' ? 'active' : 'suspended',
      createdDate,
      startDate: null,
    },
  });
}

function report(call: ArmCall): ArmReply {
  const { estate, url } = checked(call);
  const kind = call.path.names[1]?.toLowerCase();
  const { from, to, sid } = filterOf(url.searchParams.get('$filter'));
  const minutes = estate.requests.minutes(floorToMinute(from), to, estate.now());
  const only = (flow: TenantFlow) => sid === undefined || same(`${flow.tenant}-subscription`, sid);
  if (kind === 'bysubscription') {
    const rows = new Map<string, Calls>();
    for (const { tenants } of minutes)
      for (const flow of tenants.filter(only)) add(rows, `${flow.tenant}-subscription`, flow);
    return ok({
      value: [...rows].map(([name, calls]) => rowOf(calls, { name, subscriptionId: `/subscriptions/${name}` })),
    });
  }
  if (kind === 'bytime') {
    const interval = url.searchParams.get('interval') ?? '';
    const everyMs = intervals[interval];
    if (everyMs === undefined) throw invalid('ValidationError', 'The interval must be a multiple of 15 minutes.');
    const rows = new Map<string, Calls>();
    for (const { at, tenants } of minutes) {
      const begins = new Date(from + Math.floor((at - from) / everyMs) * everyMs).toISOString();
      for (const flow of tenants.filter(only)) add(rows, begins, flow);
    }
    return ok({ value: [...rows].map(([timestamp, calls]) => rowOf(calls, { timestamp, interval })) });
  }
  throw new ArmFault(404, 'ReportNotFound', `The emulator has no report '${kind}'.`);
}

interface Calls {
  total: number;
  failed: number;
  blocked: number;
}

function add(rows: Map<string, Calls>, key: string, flow: TenantFlow): void {
  const had = rows.get(key) ?? { total: 0, failed: 0, blocked: 0 };
  rows.set(key, {
    total: had.total + flow.requests + flow.throttled,
    failed: had.failed + flow.failed,
    blocked: had.blocked + flow.throttled,
  });
}

function rowOf({ total, failed, blocked }: Calls, more: object): object {
  const [callCountTotal, callCountFailed, callCountBlocked] = [total, failed, blocked].map(Math.round) as [
    number,
    number,
    number,
  ];
  return {
    ...more,
    callCountSuccess: callCountTotal - callCountFailed - callCountBlocked,
    callCountBlocked,
    callCountFailed,
    callCountOther: 0,
    callCountTotal,
  };
}

/** `timestamp ge datetime'…' and timestamp le datetime'…' and subscriptionId eq '…'` */
function filterOf(filter: string | null): { from: number; to: number; sid: string | undefined } {
  const text = filter ?? '';
  const time = (operator: string) =>
    Date.parse(`${new RegExp(`timestamp ${operator} datetime'([^']+)'`, 'i').exec(text)?.[1] ?? ''}Z`);
  const [from, to] = [time('ge'), time('le')];
  if (Number.isNaN(from) || Number.isNaN(to) || from >= to)
    throw invalid('ValidationError', 'The filter must have timestamp ge and timestamp le.');
  return { from, to, sid: /subscriptionId eq '([^']+)'/i.exec(text)?.[1] };
}
