import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { formatDuration, minuteMs, secondMs } from '../domain/duration.ts';
import { type Estate, findRegion, pairsOf, type Region } from '../domain/estate.ts';
import type { ChangeStep } from '../domain/plan.ts';
import type { LeaseState } from '../domain/run.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook } from '../ports/playbook.ts';
import { locksOf, watch } from './failover-region.ts';
import { asFound } from './found.ts';
import { briefReason, duration, regionName } from './input.ts';
import { after, atClock } from './moment.ts';
import { moveRegion } from './move-region.ts';
import { moveReport } from './move-report.ts';
import { mustHaveEndpoint, regionImpact } from './region-parts.ts';
import { change, check, resources, wait } from './steps.ts';

/** How much longer than its window and its approval a drill holds its lease: for the way there and the way back. */
const aroundMs = 90 * minuteMs;
const longestMs = 4 * 60 * minuteMs;
/** What ends a drill early: as clients see it. */
const bounds = { mostErrorPercent: 1, slowestMs: 2_000 };

/**
 * Serve a region's clients from another for a while, on purpose, and put everything back. It is a real failover: it has
 * the guards and the approvals of one. Whatever goes wrong, what was there comes back: at once when a watch fails, at
 * the end of its lease when nobody is left to do it.
 *
 * Runbook: docs/runbooks/drill-region.md; step ids are its headings, in order.
 * Blast radius: every tenant of the region. Undo: it undoes itself.
 */
export const drillRegion = definePlaybook({
  name: 'drill-region',
  summary: 'Serve a region from another for a while, and put it back',
  risk: 'high',
  input: z.object({
    region: regionName,
    to: regionName.optional(),
    withData: z.boolean().default(false),
    for: duration.prefault('15m'),
    reason: briefReason('The regular test of the way to the other region.'),
  }),

  async plan({ region: named, to: toNamed, withData, for: windowMs, reason }, context) {
    const { estate, requestedAt, azure, signal } = context;
    const from = findRegion(estate, named);
    const to = toNamed === undefined ? onlyStandby(estate, from) : findRegion(estate, toNamed);
    if (from.name === to.name) throw new OpsError('bad-input', 'Name another region, which serves meanwhile.');
    if (windowMs > longestMs)
      throw new OpsError('refused', `A drill lasts at most ${formatDuration(longestMs)}.`, {
        hint: 'What lasts longer is a failover: `/stamps failover`.',
      });
    const [profile, leases] = await Promise.all([
      azure.traffic.profile(estate.trafficManagerId, signal),
      context.leases(),
    ]);
    const held = leases.find(({ subject, runId }) => [from.name, to.name].includes(subject) && runId !== context.runId);
    if (held) throw new OpsError('refused', `${held.subject} is held by ${held.runId}: this is no time for a drill.`);

    const heldMs = longestApprovalMs(context.policy, from) + windowMs + aroundMs;
    const lease: LeaseState = { until: after(requestedAt, heldMs), onExpiry: 'undo', reason };
    const found = await asFound(context);
    const move = await moveRegion(from, to, profile, { acceptLoss: false, withData }, found, context);
    const { guards, capacity, data, clients } = move;
    const args = { from: from.name, to: to.name };
    const moving = watch(to, profile, [mustHaveEndpoint(profile, from), mustHaveEndpoint(profile, to)]);
    const watched = [
      ...moving,
      { check: 'region-answers', args: { region: to.name, slowestMs: bounds.slowestMs }, says: `${to.name} is quick` },
      { check: 'clients-are-served', args: { ...bounds }, says: 'Clients get answers' },
    ];
    const ttlMs = profile.ttlSeconds * secondMs;
    return {
      playbook: 'drill-region',
      title: `Drill: serve ${from.name} from ${to.name} for ${formatDuration(windowMs)}`,
      target: { region: from.name },
      reason,
      steps: [
        check('source-is-well', `${from.name} is well: a drill is no time for trouble`, args, 'never'),
        check('clients-are-served', 'Clients get answers', { ...bounds }, 'never'),
        ...guards.map((guard) => ({ ...guard, override: 'never' as const })),
        change(
          'hold-lease',
          `Hold a lease on ${from.name} until ${atClock(lease.until, requestedAt)}; at its end everything is put back`,
          resources.lease(from),
          null,
          lease,
        ),
        ...capacity,
        ...data,
        ...clients,
        wait('let-dns-expire', `Let clients follow DNS, ${profile.ttlSeconds} s`, ttlMs, moving),
        wait('window', `Serve from ${to.name} for ${formatDuration(windowMs)}`, windowMs, watched),
        ...putBack(data),
        ...putBack(clients),
        wait('let-clients-return', `Let clients follow DNS back, ${profile.ttlSeconds} s`, ttlMs, [
          { check: 'region-answers', args: { region: from.name }, says: `${from.name} answers` },
        ]),
        ...putBack(capacity),
        change('give-back-lease', 'Give the lease back', resources.lease(from), lease, null),
        moveReport(to, move, 'Everything is as it was before.'),
      ],
      impact: await regionImpact(context, from, true),
      locks: locksOf(estate, from, to),
      onFailure: 'undo',
      undo: 'It puts everything back by itself: after its window, when a watch fails, and at the end of its lease.',
    };
  },
});

/** How long people may take to approve it, whoever asks: somebody, or the calendar. */
function longestApprovalMs({ rules, drills = [] }: Policy, { name }: Region): number {
  const byCalendar = drills.filter(({ region }) => region === name).map(({ windowMs }) => windowMs);
  return Math.max(0, ...rules.map(({ expiresAfterMs }) => expiresAfterMs), ...byCalendar);
}

/** The same changes the other way round, the last one first. */
function putBack(steps: readonly ChangeStep[]): ChangeStep[] {
  return steps
    .map(({ id, says, resource, before, after }) =>
      // Its first words say what it does; the rest, what for.
      change(`put-back-${id}`, `Take back “${says.split(/[:,]/)[0]}”`, resource, after, before),
    )
    .reverse();
}

/** The one region that stands by for cells of this one. */
function onlyStandby(estate: Estate, from: Region): Region {
  const able = estate.regions.filter(
    ({ name }) => name !== from.name && pairsOf(estate, from.name, name).some(({ standby }) => standby),
  );
  if (able.length === 1) return able[0] as Region;
  throw able.length === 0
    ? new OpsError('refused', `No region stands by for ${from.name}.`, {
        hint: 'Name cells of another region as `fallback` in the estate file.',
      })
    : new OpsError('ambiguous', `${from.name} could be served from ${able.map(({ name }) => name).join(' or ')}.`, {
        hint: `Say which: \`/stamps drill ${from.name} to ${able[0]?.name}\`.`,
      });
}
