import { z } from 'zod';
import type { Policy } from './approval.ts';
import { digestKinds, isTimeZone } from './digest-policy.ts';
import { drillRhythms, weekdays } from './drill-schedule.ts';
import { dayMs, hourMs, minuteMs } from './duration.ts';
import type { Estate } from './estate.ts';
import { defaultIncidentPolicy, mostRungs, type Rung } from './incident-policy.ts';
import { pageTo } from './page-target.ts';
import { scalingSettings } from './scaling-settings.ts';
import { type Severity, severities } from './severity.ts';
import { didYouMean, durationSetting, faulty, readYaml } from './yaml-file.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name: small letters, digits and dashes, beginning with a letter');
const words = z.array(z.string().min(1)).min(1);
const count = z.int().min(0).max(100_000);
const longest = { leastMs: minuteMs, mostMs: 7 * dayMs };

const group = z.strictObject({
  slackGroup: z
    .string()
    .regex(/^S[A-Z0-9]{2,20}$/, 'must be the id of a Slack user group, such as S0123ABCD')
    .optional(),
  onCall: z
    .string()
    .regex(/^[A-Z0-9]{5,20}$/, 'must be the id of an escalation policy in PagerDuty, such as PABC123')
    .optional(),
  people: z
    .array(z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'must be a Slack user id, such as U0123ABCD; names can be changed'))
    .optional(),
});

const match = z.strictObject({
  playbooks: words.optional(),
  takesBack: words.optional(),
  cells: words.optional(),
  regions: words.optional(),
  wholeRegion: z.boolean().optional(),
  tenantsAtLeast: count.optional(),
  tiers: words.optional(),
  compliance: words.optional(),
  cellsOutAtLeast: count.optional(),
  scale: z.enum(['out', 'in', 'up', 'down']).optional(),
});

/** Groups are judged here, so that a misspelt one is reported with all other faults. */
function groupName(known: readonly string[]) {
  return z.string().refine((named) => known.includes(named), {
    error: ({ input }) => `names the group “${input}”, which is not under groups${didYouMean(String(input), known)}`,
  });
}

/** An empty list is nobody. */
function groupList(known: readonly string[]) {
  return z.array(groupName(known));
}

/** `managers`, or `{ tell: managers, page: { policy: PABC123 } }`. */
function rung(known: readonly string[]) {
  const paged = z.strictObject({ tell: groupName(known), page: pageTo.optional() });
  return z
    .preprocess((raw) => (typeof raw === 'string' ? { tell: raw } : raw), paged)
    .transform(({ tell, page }): Rung => ({ tell, ...(page && { page }) }));
}

function rule(known: readonly string[]) {
  return z
    .strictObject({
      match: match.default({}),
      requesters: groupList(known),
      approvals: z.int().min(0).max(10).default(1),
      approvers: groupList(known),
      fromDifferentGroups: z.boolean().default(false),
      expiresAfter: durationSetting(longest).default(30 * minuteMs),
      remindBefore: durationSetting(longest).optional(),
    })
    .refine((it) => it.remindBefore === undefined || it.remindBefore < it.expiresAfter, {
      path: ['remindBefore'],
      error: 'must be shorter than expiresAfter',
    })
    .refine((it) => !it.fromDifferentGroups || it.approvers.length === 0 || it.approvers.length >= it.approvals, {
      path: ['approvers'],
      error: 'must name at least as many groups as approvals are needed, since they come from different groups',
    })
    .transform(({ expiresAfter, remindBefore, ...rest }) => ({
      ...rest,
      expiresAfterMs: expiresAfter,
      remindBeforeMs: remindBefore ?? Math.min(10 * minuteMs, expiresAfter / 2),
    }));
}

/** Left out, a severity keeps the clocks of the operations guide. */
function severityRule(known: readonly string[], severity: Severity) {
  const fallback = defaultIncidentPolicy.severities[severity];
  return z
    .strictObject({
      acknowledgeWithin: durationSetting(longest).default(fallback.acknowledgeWithinMs),
      page: z.boolean().default(fallback.page),
      ownChannel: z.boolean().default(fallback.ownChannel),
      tell: groupList(known).default([]),
      mentionChannel: z.boolean().default(false),
    })
    .prefault({})
    .transform(({ acknowledgeWithin, ...rest }) => ({ acknowledgeWithinMs: acknowledgeWithin, ...rest }));
}

const slackChannel = z.string().regex(/^[CG][A-Z0-9]{2,20}$/, 'must be the id of a Slack channel, such as C0123ABCD');

function incidentPolicy(known: readonly string[]) {
  const each = severities.map((severity) => [severity, severityRule(known, severity)] as const);
  return z
    .strictObject({
      channel: slackChannel.optional(),
      responders: groupList(known).default([]),
      correlateWithin: durationSetting(longest).default(defaultIncidentPolicy.correlateWithinMs),
      ladder: z.array(rung(known)).max(mostRungs, `has at most ${mostRungs} rungs`).default([]),
      archiveAfter: durationSetting({ leastMs: hourMs, mostMs: 365 * dayMs }).optional(),
      severities: z
        .strictObject(Object.fromEntries(each) as Record<Severity, ReturnType<typeof severityRule>>)
        .prefault({}),
    })
    .prefault({})
    .transform(({ channel, correlateWithin, archiveAfter, ...rest }) => ({
      channel,
      ...(archiveAfter !== undefined && { archiveAfterMs: archiveAfter }),
      correlateWithinMs: correlateWithin,
      ...rest,
    }));
}

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day such as 08:30');
const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin');

const digest = z.strictObject({
  channel: slackChannel,
  at: timeOfDay,
  zone: timeZone,
  kinds: z.array(z.enum(digestKinds)).min(1),
});

/** One report twice in a channel is a mistake, and would be two schedules of one name. */
const digests = z
  .array(digest)
  .default([])
  .refine(
    (all) => {
      const named = all.flatMap(({ channel, kinds }) => kinds.map((kind) => `${kind} ${channel}`));
      return new Set(named).size === named.length;
    },
    { error: 'names the same kind twice for one channel' },
  );

/** As long as a drill may last, and no longer than a lease's owner can be expected to watch it. */
const drill = z
  .strictObject({
    region: z.string().min(1),
    to: z.string().min(1).optional(),
    withData: z.boolean().default(false),
    for: durationSetting({ leastMs: minuteMs, mostMs: 4 * hourMs }).default(15 * minuteMs),
    channel: slackChannel,
    every: z.enum(drillRhythms),
    on: z.enum(weekdays),
    at: timeOfDay,
    zone: timeZone,
    window: durationSetting({ leastMs: 15 * minuteMs, mostMs: 12 * hourMs }).default(2 * hourMs),
    ahead: durationSetting({ leastMs: hourMs, mostMs: 7 * dayMs }).default(dayMs),
  })
  .refine((it) => it.to !== it.region, { path: ['to'], error: 'must be another region' })
  .transform(({ for: lastsMs, window: windowMs, ahead: aheadMs, to, ...rest }) => ({
    ...rest,
    ...(to !== undefined && { to }),
    lastsMs,
    windowMs,
    aheadMs,
  }));

/** One region twice would be two drills of one name, and one would stand in the other's way. */
const drills = z
  .array(drill)
  .default([])
  .refine((all) => new Set(all.map(({ region }) => region)).size === all.length, {
    error: 'names the same region twice',
  });
const anomalies = z
  .strictObject({ channel: slackChannel.optional(), mostPerDay: z.int().min(0).max(50).default(3) })
  .prefault({})
  .transform(({ channel, mostPerDay }) => ({ mostPerDay, ...(channel !== undefined && { channel }) }));

function policyFile(raw: unknown) {
  const known = groupNames(raw);
  return z.strictObject({
    version: z.literal(1),
    groups: z.record(name, group),
    rules: z.array(rule(known)),
    breakGlass: z
      .strictObject({ who: groupList(known), remindEvery: durationSetting(longest).default(4 * hourMs) })
      .default({ who: [], remindEvery: 4 * hourMs }),
    operators: groupList(known).default([]),
    incidents: incidentPolicy(known),
    zone: timeZone.optional(),
    digests,
    scaling: scalingSettings(slackChannel).prefault({}),
    drills,
    anomalies,
    caps: z
      .strictObject({
        isolatedCells: count.default(1),
        healthyCellsPerRegion: count.default(1),
        fallbackUtilisation: z
          .string('must be a percentage such as 80%')
          .regex(/^([1-9]\d?|100)%$/, 'must be a percentage from 1% to 100%')
          .default('80%'),
      })
      .prefault({}),
  });
}

/**
 * policy.yml → Policy. Left out, everything is strict: nobody may break glass or operate, one cell may be isolated
 * at a time, every region keeps a healthy cell, and what takes over is filled to 80 %.
 * Throws one `misconfigured` that names all faults.
 */
export function parsePolicy(yamlText: string): Policy {
  const { groups, rules, breakGlass, operators, incidents, zone, digests, anomalies, scaling, drills, caps } = readYaml(
    yamlText,
    'policy file',
    policyFile,
  );
  return {
    groups: groups as Policy['groups'],
    rules: rules as Policy['rules'],
    breakGlass: { who: breakGlass.who, remindEveryMs: breakGlass.remindEvery },
    operators,
    incidents,
    ...(zone !== undefined && { zone }),
    digests,
    scaling,
    drills,
    anomalies,
    caps: {
      isolatedCells: caps.isolatedCells,
      healthyCellsPerRegion: caps.healthyCellsPerRegion,
      fallbackUtilisationShare: Number.parseInt(caps.fallbackUtilisation, 10) / 100,
    },
  };
}

/**
 * Throws `misconfigured` when rules speak of cells, regions or playbooks that do not exist: a misspelt one would
 * silently leave its cell to a later, looser rule.
 */
export function assertPolicyFits(policy: Policy, estate: Estate, playbooks: readonly string[]): void {
  const known = {
    cells: estate.cells.map((cell) => cell.name),
    regions: estate.regions.map((region) => region.name),
    playbooks,
    takesBack: playbooks,
  };
  const faults = policy.rules.flatMap(({ match }, index) =>
    (['playbooks', 'takesBack', 'cells', 'regions'] as const).flatMap((key) =>
      (match[key] ?? [])
        .filter((named) => !known[key].includes(named))
        .map(
          (named) =>
            `rules ${index + 1} › match › ${key} names “${named}”, which does not exist${didYouMean(named, known[key])}`,
        ),
    ),
  );
  const drillFaults = (policy.drills ?? []).flatMap(({ region, to }, index) =>
    [region, ...(to === undefined ? [] : [to])]
      .filter((named) => !known.regions.includes(named))
      .map(
        (named) =>
          `drills ${index + 1} names the region “${named}”, which does not exist${didYouMean(named, known.regions)}`,
      ),
  );
  const all = [...faults, ...drillFaults];
  if (all.length > 0) throw faulty('policy file', all);
}

function groupNames(raw: unknown): string[] {
  const parsed = z.looseObject({ groups: z.record(z.string(), z.unknown()) }).safeParse(raw);
  return parsed.success ? Object.keys(parsed.data.groups) : [];
}
