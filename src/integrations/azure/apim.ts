import { z } from 'zod';
import { limitsOf } from '../../domain/api-limits.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { ApimPort, ApiService } from '../../ports/apim.ts';
import type { AzureContext } from './azure-context.ts';
import { parseArmId } from './parse-arm-id.ts';

/** azure-rest-api-specs, Microsoft.ApiManagement: service, networkstatus, policies, subscriptions, reports. */
const apiVersion = '2022-08-01';
const serviceType = 'Microsoft.ApiManagement/service';
const dayMs = 86_400_000;
/** More pages than the days or rows that are asked for can fill. */
const mostPages = 10;

const location = z.looseObject({
  location: z.string(),
  gatewayRegionalUrl: z.string().nullish(),
  disableGateway: z.boolean().nullish(),
});
const serviceSchema = z.looseObject({
  name: z.string(),
  location: z.string(),
  properties: z.looseObject({
    provisioningState: z.string(),
    gatewayUrl: z.string().nullish(),
    gatewayRegionalUrl: z.string().nullish(),
    disableGateway: z.boolean().nullish(),
    additionalLocations: z.array(location).nullish(),
  }),
});
const networkSchema = z.array(
  z.looseObject({
    location: z.string(),
    networkStatus: z.looseObject({
      connectivityStatus: z.array(
        z.looseObject({ name: z.string(), status: z.string(), isOptional: z.boolean().nullish() }),
      ),
    }),
  }),
);
const policySchema = z.looseObject({ properties: z.looseObject({ value: z.string() }) });
const subscriptionSchema = z.looseObject({
  properties: z.looseObject({
    scope: z.string(),
    state: z.string(),
    startDate: z.string().nullish(),
    createdDate: z.string().nullish(),
  }),
});
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const reportSchema = z.looseObject({
  value: z.array(
    z.looseObject({
      timestamp: z.coerce.date().optional(),
      callCountTotal: count,
      callCountFailed: count,
      callCountBlocked: count,
    }),
  ),
  nextLink: z.string().nullish(),
});
type ReportRow = z.output<typeof reportSchema>['value'][number];

/** API Management: its gateways, its global policy, and what each subscription calls. */
export function createApim({ arm, call }: AzureContext): ApimPort {
  const get = <Schema extends z.ZodType>(what: string, path: string, schema: Schema, signal: AbortSignal) =>
    call.read(
      what,
      signal,
      async (abortSignal): Promise<z.output<Schema>> =>
        schema.parse((await arm.send({ method: 'GET', path, apiVersion }, abortSignal)).body),
    );
  const nameOf = (apimId: string) => parseArmId(apimId, serviceType).names[0];

  async function policy(what: string, path: string, signal: AbortSignal): Promise<string | undefined> {
    try {
      const { properties } = await get(what, `${path}/policies/policy?format=rawxml`, policySchema, signal);
      return properties.value;
    } catch (error) {
      if (isOpsError(error, 'not-found')) return undefined;
      throw error;
    }
  }

  async function report(
    apimId: string,
    kind: 'bySubscription' | 'byTime',
    subscription: string,
    { from, to }: { from: number; to: number },
    more: Record<string, string>,
    signal: AbortSignal,
  ): Promise<ReportRow[]> {
    const what = `read the calls of ${subscription} from ${nameOf(apimId)}`;
    const time = (ms: number) => new Date(ms).toISOString().slice(0, 19);
    const filter = `timestamp ge datetime'${time(from)}' and timestamp le datetime'${time(to)}' and subscriptionId eq '${checked(subscription)}'`;
    const path = `${apimId}/reports/${kind}?${new URLSearchParams({ $filter: filter, ...more })}`;
    let page = await get(what, path, reportSchema, signal);
    const rows = [...page.value];
    for (let pages = 1; page.nextLink && pages < mostPages; pages += 1) {
      const next = page.nextLink;
      page = await call.read(what, signal, async (abortSignal) =>
        reportSchema.parse((await arm.follow(next, abortSignal)).body),
      );
      rows.push(...page.value);
    }
    return rows;
  }

  return {
    async service(apimId, signal) {
      const name = nameOf(apimId);
      const [service, network, xml] = await Promise.all([
        get(`read the API Management service ${name}`, apimId, serviceSchema, signal),
        get(`ask ${name} what it can reach`, `${apimId}/networkstatus`, networkSchema, signal).catch(
          (error: unknown) => {
            // Not every identity may ask it, and the service is worth showing without.
            if (isOpsError(error) && !error.transient) return undefined;
            throw error;
          },
        ),
        policy(`read the global policy of ${name}`, apimId, signal),
      ]);
      return {
        ...serviceOf(service, network),
        globalPolicy: xml === undefined ? undefined : { elements: elementsOf(xml) },
      };
    },

    async usage(apimId, subscription, window, signal) {
      const rows = await report(apimId, 'bySubscription', subscription, window, {}, signal);
      if (rows.length === 0) return undefined;
      const sum = (field: 'callCountTotal' | 'callCountFailed' | 'callCountBlocked') =>
        rows.reduce((total, row) => total + row[field], 0);
      return { calls: sum('callCountTotal'), failed: sum('callCountFailed'), blocked: sum('callCountBlocked') };
    },

    async daily(apimId, subscription, { from, to }, signal) {
      const first = Math.ceil(from / dayMs) * dayMs;
      const last = Math.floor(to / dayMs) * dayMs;
      if (last <= first) return [];
      const rows = await report(apimId, 'byTime', subscription, { from: first, to: last }, { interval: 'P1D' }, signal);
      const byDay = new Map<number, number>();
      for (const { timestamp, callCountTotal } of rows) {
        const day = Math.floor((timestamp?.getTime() ?? Number.NaN) / dayMs);
        byDay.set(day, (byDay.get(day) ?? 0) + callCountTotal);
      }
      return Array.from({ length: (last - first) / dayMs }, (_, day) => byDay.get(first / dayMs + day) ?? 0);
    },

    async limits(apimId, subscription, signal) {
      const path = `${apimId}/subscriptions/${checked(subscription)}`;
      const { properties } = await get(`read the subscription ${subscription}`, path, subscriptionSchema, signal);
      const product = /\/products\/([\w-]{1,256})$/.exec(properties.scope)?.[1];
      const xml =
        product === undefined
          ? undefined
          : await policy(`read the policy of ${product}`, `${apimId}/products/${product}`, signal);
      const startedAt = Date.parse(properties.startDate ?? properties.createdDate ?? '');
      return {
        product: product ?? 'all APIs',
        state: properties.state,
        ...(Number.isFinite(startedAt) && { startedAt }),
        ...limitsOf(xml ?? ''),
      };
    },
  };
}

function serviceOf(
  { name, location: home, properties }: z.output<typeof serviceSchema>,
  network: z.output<typeof networkSchema> | undefined,
): Omit<ApiService, 'globalPolicy'> {
  const plain = (place: string) => place.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const first = {
    location: home,
    gatewayRegionalUrl: properties.gatewayRegionalUrl ?? properties.gatewayUrl,
    disableGateway: properties.disableGateway,
  };
  const gateways = [first, ...(properties.additionalLocations ?? [])].map((gateway) => {
    const status = network?.find((one) => plain(one.location) === plain(gateway.location));
    return {
      location: gateway.location,
      url: gateway.gatewayRegionalUrl ?? '',
      enabled: gateway.disableGateway !== true,
      ...(status && {
        unreachable: status.networkStatus.connectivityStatus
          .filter(({ status, isOptional }) => status === 'failure' && isOptional !== true)
          .map((one) => one.name),
      }),
    };
  });
  return { name, provisioningState: properties.provisioningState, gateways };
}

/** Names of the policies in it, without the sections. */
function elementsOf(xml: string): string[] {
  const sections = ['policies', 'inbound', 'backend', 'outbound', 'on-error', 'base'];
  const names = [...xml.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<([a-z][a-z-]{1,60})[\s/>]/g)].map(
    ([, name]) => name as string,
  );
  return [...new Set(names)].filter((name) => !sections.includes(name));
}

/** It stands in a path and in a filter. */
function checked(subscription: string): string {
  if (/^[\w-]{1,256}$/.test(subscription)) return subscription;
  throw new OpsError('bad-input', 'That is not the name of a subscription of API Management.', {
    hint: 'Look at `apim.tenantSubscription` in the estate file.',
  });
}
