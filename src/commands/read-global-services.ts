import { z } from 'zod';
import { hourMs, minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import {
  type ApiUse,
  apiUseOf,
  type CacheUse,
  type DnsAnswer,
  type GlobalServices,
} from '../domain/global-services.ts';
import { OpsError } from '../errors.ts';
import { queries } from '../kpis/queries.ts';
import { globalFigures } from '../playbooks/global-figures.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProbesPort } from '../ports/probes.ts';
import { type Reading, unlessMissing } from './reading.ts';

const windowMs = 15 * minuteMs;
const cacheWindowMs = 2.25 * hourMs;

export interface GlobalSources {
  readonly estate: Estate;
  readonly azure: Pick<AzurePorts, 'metrics' | 'logs' | 'apim'>;
  readonly probes?: ProbesPort;
  readonly clock: Clock;
}

/** DNS, API Management, Front Door's cache and everybody's use of the API: a few calls each, however large the estate is. */
export async function readGlobalServices(sources: GlobalSources, reading: Reading): Promise<GlobalServices> {
  const { attempt } = reading;
  const { estate, azure, probes, clock } = sources;
  const { publicHost } = estate;
  const [dns, apim, cache, apiUse] = await Promise.all([
    publicHost === undefined || probes === undefined
      ? null
      : attempt(`DNS of ${publicHost}`, (signal) => askDns(probes, publicHost, clock, signal)),
    unlessMissing(reading, 'API Management', (signal) => azure.apim.service(estate.apim.id, signal)),
    attempt('Front Door’s cache', (signal) => readCache(sources, signal)),
    attempt('API use by tenant', (signal) => readApiUse(sources, signal)),
  ]);
  return {
    ...(dns !== undefined && { dns }),
    ...(apim !== undefined && { apim }),
    ...(cache && { cache }),
    ...(apiUse && { apiUse }),
  };
}

async function askDns(probes: ProbesPort, host: string, clock: Clock, signal: AbortSignal): Promise<DnsAnswer> {
  const began = clock.now();
  const leadsTo = (await probes.leadsTo(host, signal)) ?? null;
  return { host, leadsTo, tookMs: clock.now() - began };
}

/** Names and grains: learn.microsoft.com, “Supported metrics for Microsoft.Cdn/profiles”. */
async function readCache({ estate, azure, clock }: GlobalSources, signal: AbortSignal): Promise<CacheUse> {
  const to = clock.now() - (clock.now() % (5 * minuteMs));
  const figures = await globalFigures(
    { estate, azure },
    {
      id: estate.frontDoorId,
      namespace: 'Microsoft.Cdn/profiles',
      metrics: [
        { name: 'ByteHitRatio', aggregation: 'average' },
        { name: 'RequestCount', aggregation: 'total' },
      ],
      from: to - cacheWindowMs,
      to,
      interval: 'PT5M',
    },
    signal,
  );
  const points = (metric: string, now: boolean) =>
    (figures.get(metric) ?? []).filter(({ at }) => at >= to - windowMs === now).map(({ value }) => value);
  const [hitPercent, beforePercent] = [mean(points('ByteHitRatio', true)), mean(points('ByteHitRatio', false))];
  const requests = points('RequestCount', true);
  return {
    ...(hitPercent !== undefined && { hitPercent }),
    ...(beforePercent !== undefined && { beforePercent }),
    ...(requests.length > 0 && { requests: requests.reduce((sum, each) => sum + each, 0) }),
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0) / values.length;
}

const count = z.number();
const callRows = z.array(
  z.looseObject({ subscription: z.string().nullable(), calls: count, failed: count, tooMany: count }),
);

async function readApiUse({ estate, azure, clock }: GlobalSources, signal: AbortSignal): Promise<ApiUse> {
  const { id, tenantSubscription } = estate.apim;
  const to = clock.now();
  const { rows, partial } = await azure.logs.query(
    { kql: queries.apiByTenant, bind: { apimId: id }, from: to - windowMs, to },
    signal,
  );
  if (partial !== undefined) throw new OpsError('bad-response', `Azure gave a part of the answer only: ${partial}`);
  const found = callRows.safeParse(rows);
  if (!found.success) throw new OpsError('bad-response', 'The gateway’s log answered in a shape that is not known.');
  return apiUseOf(
    found.data.map(({ subscription, ...rest }) => ({ ...rest, subscription: subscription ?? '' })),
    tenantSubscription,
    windowMs,
  );
}
