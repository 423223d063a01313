import { z } from 'zod';
import { formatDuration, minuteMs, personLimits } from '../domain/duration.ts';
import { findHeld } from '../domain/find-held.ts';
import type { LeaseState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import type { SuppressionState } from '../ports/azure.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound } from './found.ts';
import { briefReason, cellName, duration } from './input.ts';
import { after, atClock, later } from './moment.ts';
import { regionImpact } from './region-parts.ts';
import { change, resources } from './steps.ts';

/**
 * Keep a cell or a region out of service, or the copies of a recovery, for longer: the lease, and a silence with it, end
 * later by so much.
 * A lease that has run out is extended from now.
 *
 * Runbook: docs/runbooks/extend-lease.md; step ids are its headings, in order.
 * Blast radius: the tenants that stay elsewhere; of a recovery those of its cell. Undo: the old end.
 */
export const extendLease = definePlaybook({
  name: 'extend-lease',
  summary: 'Keep a cell out of service, or the copies of a recovery, for longer',
  risk: 'medium',
  input: z.object({ cell: cellName, for: duration, reason: briefReason('More time is needed.') }),

  async plan({ cell: named, for: forMs, reason }, context) {
    const { of, subject, region, cell } = findHeld(context.estate, named);
    const held = resources.lease({ name: subject });
    // Only a cell that is out of service has its alert silenced.
    const silenced = of === 'cell' ? cell : undefined;
    const found = await asFound(context);
    const [lease, silence] = await Promise.all([
      found(held) as Promise<LeaseState | null>,
      silenced ? (found(resources.silence(silenced)) as Promise<SuppressionState | null>) : null,
    ]);
    if (!lease) {
      throw new OpsError('refused', `Nothing holds a lease on ${subject}, so there is nothing to extend.`, {
        hint: '`/stamps status` lists the leases.',
      });
    }

    const { requestedAt } = context;
    const from = later(lease.until, requestedAt);
    const until = after(from, forMs);
    refuseTooLong(from, until, requestedAt);

    const steps = [
      change(
        'extend-lease',
        `${of === 'recovery' ? 'Keep copies and originals' : 'Hold the lease'} until ${atClock(until, requestedAt)}, not ${atClock(lease.until, requestedAt)}`,
        held,
        lease,
        { ...lease, until },
      ),
      // Somebody who ended the silence by hand wanted to hear the alert.
      ...(silence && silenced
        ? [
            change(
              'extend-silence',
              `Silence its health alert until ${atClock(until, requestedAt)}`,
              resources.silence(silenced),
              silence,
              { ...silence, until },
            ),
          ]
        : []),
    ];
    return {
      playbook: 'extend-lease',
      title:
        of === 'recovery'
          ? `Keep the copies of ${cell.name} until ${atClock(until, requestedAt)}`
          : `Extend the lease on ${subject} until ${atClock(until, requestedAt)}`,
      target: { region: region.name, ...(cell && { cell: cell.name }) },
      reason,
      steps,
      impact: cell ? await blastRadius(context, cell, steps) : await regionImpact(context, region, true),
      locks: [...(silenced ? [silenced.suppressionId] : []), held.id],
      onFailure: 'undo',
      undo: `The lease ends at ${atClock(lease.until, requestedAt)} again.`,
    };
  },
});

/** However often it is extended, somebody has to look at it again within a week. */
function refuseTooLong(from: string, until: string, requestedAt: string): void {
  const limit = Date.parse(requestedAt) + personLimits.mostMs;
  if (Date.parse(until) <= limit) return;
  const left = Math.floor((limit - Date.parse(from)) / minuteMs) * minuteMs;
  throw new OpsError('refused', `A lease may end at most ${formatDuration(personLimits.mostMs)} from now.`, {
    hint:
      left > 0
        ? `Extend it by ${formatDuration(left)} at the most.`
        : 'It can be extended later, when less of it is left.',
  });
}
