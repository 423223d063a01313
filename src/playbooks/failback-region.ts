import { z } from 'zod';
import { secondMs } from '../domain/duration.ts';
import { findRegion } from '../domain/estate.ts';
import type { ChangeStep } from '../domain/plan.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { briefReason, regionName } from './input.ts';
import { mayComeBack, regionImpact } from './region-parts.ts';
import { wait } from './steps.ts';
import { takeBack } from './undo-run.ts';

/** Data comes back before clients, and what served them is let go after they have left. */
const order: readonly string[][] = [
  ['sql-failover-group', 'cosmos-regions', 'storage-account'],
  ['traffic-endpoint', 'front-door-origin'],
];

/**
 * Bring the clients and the data of a region back, once it serves and its data has caught up.
 *
 * Runbook: docs/runbooks/failback-region.md; step ids are its headings, in order.
 * Blast radius: every tenant of the region. Undo: the region is failed over again.
 */
export const failbackRegion = definePlaybook({
  name: 'failback-region',
  summary: 'Bring the clients and the data of a region back',
  risk: 'high',
  input: z.object({ region: regionName, reason: briefReason('The region serves again.') }),

  async plan({ region: named, reason }, context) {
    const { estate, azure, signal } = context;
    const region = findRegion(estate, named);
    const lease = (await context.leases()).find(({ subject }) => subject === region.name);
    if (!lease) {
      throw new OpsError('refused', `${region.name} is not failed over, at least not by Stamps.`, {
        hint: '`/stamps assess` shows what is; what was moved by hand is brought back by hand.',
      });
    }
    const [failover, profile, recorded] = await Promise.all([
      context.run(lease.runId),
      azure.traffic.profile(estate.trafficManagerId, signal),
      context.recordedUndo(lease.runId),
    ]);
    const back = await takeBack(recorded, context);
    const of = (kinds: readonly string[]) => back.filter(({ resource }) => kinds.includes(resource.kind));
    const [data = [], clients = []] = order.map(of);
    const rest = back.filter((step: ChangeStep) => !order.flat().includes(step.resource.kind));
    const args = { region: region.name };
    return {
      playbook: 'failback-region',
      title: `Fail back to ${region.name}`,
      target: { region: region.name },
      reason,
      steps: [
        ...mayComeBack(region, data),
        ...data,
        ...clients,
        wait('let-dns-expire', `Let clients follow DNS, ${profile.ttlSeconds} s`, profile.ttlSeconds * secondMs, [
          { check: 'region-answers', args, says: `${region.name} answers` },
        ]),
        ...rest,
      ],
      impact: await regionImpact(context, region, false),
      locks: failover.plan.locks,
      onFailure: 'ask',
      undo: `/stamps undo of this run fails ${region.name} over again.`,
      beforeUndo: failover.plan.steps.filter((step) => step.kind === 'check'),
    };
  },
});
