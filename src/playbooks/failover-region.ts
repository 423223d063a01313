import { z } from 'zod';
import { isSeenDown } from '../domain/assessment.ts';
import { secondMs } from '../domain/duration.ts';
import { findRegion, type Region, shown } from '../domain/estate.ts';
import type { WaitStep } from '../domain/plan.ts';
import type { LeaseState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { TrafficEndpoint, TrafficProfile } from '../ports/azure.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { asFound } from './found.ts';
import { briefReason, duration, regionName } from './input.ts';
import { after, atClock } from './moment.ts';
import { moveRegion } from './move-region.ts';
import { moveReport } from './move-report.ts';
import { mayComeBack, mustHaveEndpoint, regionImpact } from './region-parts.ts';
import { change, resources, wait } from './steps.ts';

/** What is said for a region that is seen to be down: then nobody needs a reason. */
const seenDown = 'Traffic Manager finds the region down.';

/**
 * Serve the clients of a region from another: first capacity, then data, then clients.
 *
 * Runbook: docs/runbooks/failover-region.md; step ids are its headings, in order.
 * Blast radius: every tenant of the region. Undo: what each change found is put back; failback does it in the right order.
 */
export const failoverRegion = definePlaybook({
  name: 'failover-region',
  summary: 'Serve the clients of a region from another',
  risk: 'high',
  input: z.object({
    from: regionName,
    to: regionName,
    reason: briefReason(seenDown),
    /** Whether data may be forced over or left behind: what was not copied is lost. */
    acceptLoss: z.boolean().default(false),
    for: duration.prefault('1d'),
  }),

  async plan({ from: fromNamed, to: toNamed, reason, acceptLoss, for: forMs }, context) {
    const { estate, requestedAt } = context;
    const from = findRegion(estate, fromNamed);
    const to = findRegion(estate, toNamed);
    if (from.name === to.name) throw new OpsError('bad-input', 'Name two regions: from which, and to which.');
    const { azure, signal } = context;
    const [profile, leases] = await Promise.all([
      azure.traffic.profile(estate.trafficManagerId, signal),
      context.leases(),
    ]);
    const held = leases.find(({ subject, runId }) => subject === from.name && runId !== context.runId);
    if (held) {
      throw new OpsError('refused', `${from.name} is failed over already, by ${held.runId}: “${shown(held.reason)}”.`, {
        hint: `\`/stamps failback ${from.name}\` brings its clients back.`,
      });
    }
    const source = mustHaveEndpoint(profile, from);
    const found = await asFound(context);
    // What this very run has switched off was seen down before.
    if (reason === seenDown && !isSeenDown(source) && !found.own(resources.endpoint(source.id))) {
      throw new OpsError('refused', notSeenDown(from, source), {
        hint: `Say why it is left all the same: \`/stamps failover ${from.name} to ${to.name} because …\``,
      });
    }

    const until = after(requestedAt, forMs);
    const lease: LeaseState = { until, onExpiry: 'page', reason };
    const move = await moveRegion(from, to, profile, { acceptLoss }, found, context);
    const { guards, capacity, data, clients } = move;
    return {
      playbook: 'failover-region',
      title: `Fail over ${from.name} to ${to.name}`,
      target: { region: from.name },
      reason,
      steps: [
        ...guards,
        change(
          'hold-lease',
          `Hold a lease on ${from.name} until ${atClock(until, requestedAt)}; at its end somebody is paged`,
          resources.lease(from),
          null,
          lease,
        ),
        ...capacity,
        ...data,
        ...clients,
        wait(
          'let-dns-expire',
          `Let clients follow DNS, ${profile.ttlSeconds} s`,
          profile.ttlSeconds * secondMs,
          watch(to, profile, [source, mustHaveEndpoint(profile, to)]),
        ),
        moveReport(to, move),
      ],
      impact: await regionImpact(context, from, true),
      locks: locksOf(context.estate, from, to),
      onFailure: 'ask',
      undo: `/stamps failback ${from.name} brings clients and data back, once ${from.name} has caught up.`,
      beforeUndo: mayComeBack(from, data),
    };
  },
});

function notSeenDown({ name }: Region, { enabled, monitorStatus }: TrafficEndpoint): string {
  if (!enabled)
    return `The endpoint of ${name} is switched off: Traffic Manager does not see whether the region is down.`;
  return monitorStatus === 'Online'
    ? `${name} looks healthy: Traffic Manager finds it Online.`
    : `Traffic Manager does not find ${name} down: it says ${monitorStatus}.`;
}

/** What is looked at while clients move: they are led there, where one region alone gets them, and served. */
export function watch(
  to: Region,
  { endpoints }: TrafficProfile,
  moving: readonly TrafficEndpoint[],
): WaitStep['watch'] {
  const args = { region: to.name };
  const alone = endpoints.every(({ id, enabled }) => !enabled || moving.some((it) => it.id === id));
  return [
    ...(alone ? [{ check: 'clients-are-led-there', args, says: `DNS leads to ${to.name}` }] : []),
    { check: 'region-answers', args, says: `${to.name} answers` },
  ];
}

/** Everything that such a run writes, and the isolation of cells: two could pass the caps side by side. */
export function locksOf(estate: Parameters<typeof findRegion>[0], from: Region, to: Region): string[] {
  const regions = [from.name, to.name];
  return [
    estate.trafficManagerId,
    ...(estate.originGroupId === undefined ? [] : [estate.originGroupId]),
    ...(estate.cosmosAccountId === undefined ? [] : [estate.cosmosAccountId]),
    ...[from, to].flatMap(({ sqlFailoverGroupId }) => (sqlFailoverGroupId === undefined ? [] : [sqlFailoverGroupId])),
    ...estate.cells
      .filter(({ region }) => regions.includes(region))
      .flatMap(({ containerAppId, storageId }) => [containerAppId, storageId]),
    resources.lease(from).id,
    resources.lease(to).id,
    'isolations',
  ];
}
