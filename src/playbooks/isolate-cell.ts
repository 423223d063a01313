import { z } from 'zod';
import { type Cell, findCell, shown } from '../domain/estate.ts';
import { sameState } from '../domain/plan.ts';
import type { LeaseState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { PoolState, SuppressionState } from '../ports/azure.ts';
import { definePlaybook, type PlanContext } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { fallbackAddresses, fallbackName } from './fallback.ts';
import { asFound, type Found, kindOf } from './found.ts';
import { cellName, duration, reason } from './input.ts';
import { isolationGuards } from './isolation-guards.ts';
import { after, atClock } from './moment.ts';
import { change, resources, wait } from './steps.ts';

/**
 * Take a cell out of service and keep its tenants served elsewhere.
 *
 * Runbook: docs/runbooks/isolate-cell.md; step ids are its headings, in order.
 * Blast radius: every tenant on the cell. Undo: what each change found is put back.
 */
export const isolateCell = definePlaybook({
  name: 'isolate-cell',
  summary: 'Take a cell out of service',
  risk: 'high',
  input: z.object({ cell: cellName, reason, for: duration.prefault('4h') }),

  async plan({ cell: named, reason, for: forMs }, context) {
    const cell = findCell(context.estate, named);
    const fallback = fallbackName(cell);
    await refuseIfLeased(cell, context);

    const found = await asFound(context);
    const [pool, silence, addresses, active] = await Promise.all([
      currentPool(cell, found),
      found(resources.silence(cell)),
      fallbackAddresses(cell, context),
      activeRevisions(cell, found, context),
    ]);
    if (kindOf(context.kinds, resources.pool(cell)).equals(pool, { addresses })) throw routedAround(cell, fallback);

    const until = after(context.requestedAt, forMs);
    const untilClock = atClock(until, context.requestedAt);
    const lease: LeaseState = { until, onExpiry: 'page', reason };
    const silent: SuppressionState = {
      alertRuleId: cell.healthAlertId,
      // Whichever of the two the alert watches; only this one alert rule is silent.
      scopes: [cell.containerAppId, cell.gatewayId],
      until,
      description: `Stamps ${context.runId}: ${cell.name} is isolated until ${until}`,
    };
    const { drainMs } = context.estate;
    const args = { cell: cell.name };

    const steps = [
      ...isolationGuards(cell),

      change(
        'hold-lease',
        `Hold a lease on ${cell.name} until ${untilClock}; at its end somebody is paged`,
        resources.lease(cell),
        null,
        lease,
      ),
      change(
        'silence-health-alert',
        `Silence its health alert until ${untilClock}; the silence ends by itself`,
        resources.silence(cell),
        silence,
        silent,
      ),
      change(
        'route-around-cell',
        `Send its traffic to ${fallback}: ${list(pool.addresses)} → ${list(addresses)}`,
        resources.pool(cell),
        pool,
        { addresses },
      ),
      ...(drainMs > 0
        ? [
            wait('drain', 'Let requests that have begun end', drainMs, [
              { check: 'fallback-serves', args, says: `${fallback} serves` },
            ]),
          ]
        : []),
      ...active.map((revision) =>
        change(
          `deactivate-${revision.name}`,
          `Stop revision ${revision.name}`,
          resources.revision(cell, revision.name),
          { active: true },
          { active: false },
        ),
      ),
    ];

    return {
      playbook: 'isolate-cell',
      title: `Isolate ${cell.name} until ${untilClock}`,
      target: { region: cell.region, cell: cell.name },
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      // `isolations`: one at a time over the estate, or two could pass the caps side by side.
      locks: [cell.gatewayId, cell.containerAppId, cell.suppressionId, resources.lease(cell).id, 'isolations'],
      onFailure: 'ask',
      undo: `/stamps restore ${cell.name} puts back exactly what each step found.`,
    };
  },
});

async function refuseIfLeased(cell: Cell, context: PlanContext): Promise<void> {
  const lease = (await context.leases()).find(({ subject }) => subject === cell.name);
  if (!lease || lease.runId === context.runId) return;
  throw new OpsError(
    'refused',
    `${cell.name} is isolated already, until ${atClock(lease.until, context.requestedAt)}, by ${lease.runId}: “${shown(lease.reason)}”.`,
    {
      hint: `\`/stamps run ${lease.runId}\` shows who asked. \`/stamps lease extend ${cell.name} 2h\` keeps it out for longer, \`/stamps restore ${cell.name}\` brings it back.`,
    },
  );
}

function routedAround(cell: Cell, fallback: string): OpsError {
  return new OpsError(
    'refused',
    `The traffic of ${cell.name} goes to ${fallback} already, and no lease of ours says why.`,
    {
      hint: 'Somebody did it by hand: put its own backend into the pool again, or carry on by hand.',
    },
  );
}

async function currentPool(cell: Cell, found: Found): Promise<PoolState> {
  const pool = (await found(resources.pool(cell))) as PoolState | null;
  if (pool && pool.addresses.length > 0) return pool;
  throw new OpsError(
    'refused',
    `The gateway’s pool ${cell.backendPool} ${pool ? 'is empty' : 'does not exist'}, so there is nothing to come back to.`,
    {
      hint: '`/stamps estate check` compares the estate file with Azure.',
    },
  );
}

async function activeRevisions(cell: Cell, found: Found, { azure, signal }: PlanContext) {
  const revisions = await azure.containerApps.revisions(cell.containerAppId, signal);
  const states = await Promise.all(
    revisions.map(({ name, active }) => found(resources.revision(cell, name), { active })),
  );
  return revisions.filter((_, index) => sameState(states[index] ?? null, { active: true }));
}

function list(addresses: readonly string[]): string {
  return addresses.join(', ');
}
