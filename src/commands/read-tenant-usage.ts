import { quotaOutlook, runningPeriod } from '../domain/api-limits.ts';
import { dayMs, hourMs, minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import type { TenantUsage } from '../domain/tenant-usage.ts';
import { OpsError } from '../errors.ts';
import { queries } from '../kpis/queries.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import { readWithin } from './reading.ts';

const daysBack = 8;
const quarterMs = 15 * minuteMs;

export interface UsageSources {
  readonly estate: Estate;
  readonly azure: Pick<AzurePorts, 'tenants' | 'apim' | 'logs'>;
  readonly clock: Clock;
}

/** A tenant's calls, errors and quota, read side by side. Throws `not-found` when neither registry nor API Management knows it. */
export async function readTenantUsage(
  { estate, azure, clock }: UsageSources,
  tenantId: string,
  { windowMs, deadlineMs }: { readonly windowMs: number; readonly deadlineMs: number },
): Promise<TenantUsage> {
  const { apim, logs, tenants } = azure;
  const now = clock.now();
  const { id, tenantSubscription } = estate.apim;
  const subscription = tenantSubscription.replace('{tenant}', tenantId);
  const since = (ms: number) => ({ from: now - ms, to: now });

  return readWithin(clock, deadlineMs, async ({ attempt, troubles }) => {
    let noSubscription = false;
    const [tenant, limits, calls, hour, days, tooMany] = await Promise.all([
      attempt('tenant registry', async (signal) => (await tenants.find(tenantId, signal)) ?? null),
      attempt('subscription', (signal) =>
        apim.limits(id, subscription, signal).catch((error: unknown) => {
          if (!(error instanceof OpsError && error.code === 'not-found')) throw error;
          noSubscription = true;
          throw new OpsError('not-found', `API Management has no subscription ${subscription}.`);
        }),
      ),
      attempt('calls', async (signal) => (await apim.usage(id, subscription, since(windowMs), signal)) ?? none),
      attempt(
        'calls of the last hour',
        async (signal) => (await apim.usage(id, subscription, since(hourMs), signal)) ?? none,
      ),
      attempt('calls by day', (signal) => apim.daily(id, subscription, since(daysBack * dayMs), signal)),
      attempt('429s', async (signal) => {
        const bind = { apimId: id, subscription };
        const { rows, partial } = await logs.query({ kql: queries.tooManyCalls, bind, ...since(windowMs) }, signal);
        if (partial !== undefined)
          throw new OpsError('bad-response', `Azure gave a part of the answer only: ${partial}`);
        const [row] = rows;
        return typeof row?.tooMany === 'number' ? row.tooMany : undefined;
      }),
    ]);
    if (tenant === null && noSubscription)
      throw new OpsError('not-found', `There is no tenant “${tenantId}”.`, {
        hint: 'Neither the tenant registry nor API Management has it.',
      });
    const quota = limits?.quota;
    const period = quota && runningPeriod(quota, limits.startedAt, now);
    const periodIsNew = period !== undefined && now - period.startedAt < quarterMs;
    const called =
      period === undefined || periodIsNew
        ? undefined
        : await attempt('calls of the quota’s running period', async (signal) => {
            // The report counts whole quarters of an hour.
            const from = period.startedAt - (period.startedAt % quarterMs);
            return (await apim.usage(id, subscription, { from, to: now }, signal)) ?? none;
          });
    return {
      tenantId,
      windowMs,
      ...(tenant !== undefined && { tenant }),
      ...(calls && { calls }),
      ...(tooMany !== undefined && { tooMany }),
      ...(limits && { limits }),
      ...(period && { period }),
      ...(periodIsNew && { periodIsNew }),
      ...(quota &&
        period &&
        called && {
          outlook: quotaOutlook(quota, period, now, {
            periodCalls: called.calls,
            days: days ?? [],
            ...(hour && { hourCalls: hour.calls }),
          }),
        }),
      troubles: [...troubles],
    };
  });
}

/** The report leaves out a subscription without calls: that is known to be none. */
const none = { calls: 0, failed: 0, blocked: 0 };
