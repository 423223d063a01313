import { z } from 'zod';
import { dayMs, minuteMs } from './duration.ts';
import { defaultScaling, type LoadSignal, loadSignals, type ScalingPolicy } from './scaling.ts';
import { defaultSqlScaling, type SqlScalingPolicy } from './sql-scaling.ts';
import type { Sustained } from './sustained.ts';
import { durationSetting } from './yaml-file.ts';

const percent = z.number().min(1).max(100);
const mostWindows = 36;

const windows = (fallback: Sustained) =>
  z
    .string('must be such as 2 of 3')
    .regex(/^\d{1,2} of \d{1,2}$/, 'must be such as 2 of 3')
    .default(`${fallback.hits} of ${fallback.of}`)
    .transform((text): Sustained => {
      const [hits = 0, of = 0] = text.split(' of ').map(Number);
      return { hits, of };
    })
    .refine(({ hits, of }) => hits <= of && hits * 2 > of && of <= mostWindows, {
      error: `must be more than half of the windows, of at most ${mostWindows}`,
    });

const limits = { cpu: percent.optional(), memory: percent.optional(), requests: percent.optional() };

const coolDown = (fallback: number) => durationSetting({ leastMs: 5 * minuteMs, mostMs: 7 * dayMs }).default(fallback);

/** `scaling › sql` of the policy file. */
const sql = z
  .strictObject({
    up: z.strictObject({ load: percent.default(80), windows: windows(defaultSqlScaling.up) }).prefault({}),
    down: z.strictObject({ load: percent.default(25), windows: windows(defaultSqlScaling.down) }).prefault({}),
    coolDown: coolDown(defaultSqlScaling.coolDownMs),
    most: z
      .strictObject({ dtus: z.int().min(5).max(100_000).optional(), vCores: z.int().min(1).max(1_000).optional() })
      .prefault({}),
  })
  .prefault({})
  .transform(
    ({ up, down, most: { dtus, vCores }, coolDown: coolDownMs }): SqlScalingPolicy => ({
      up: { above: up.load, ...up.windows },
      down: { below: down.load, ...down.windows },
      coolDownMs,
      most: { ...(dtus !== undefined && { dtus }), ...(vCores !== undefined && { vCores }) },
    }),
  );

/** `scaling` of the policy file. Left out, thresholds are the defaults, and without a channel nothing is proposed. */
export function scalingSettings(channel: z.ZodType<string>) {
  return z
    .strictObject({
      channel: channel.optional(),
      out: z.strictObject({ ...limits, windows: windows(defaultScaling.out) }).optional(),
      in: z.strictObject({ ...limits, windows: windows(defaultScaling.in) }).optional(),
      band: z.number().min(1).max(30).default(defaultScaling.band),
      aim: z
        .number()
        .min(20)
        .max(95)
        .default(defaultScaling.aimShare * 100),
      coolDown: coolDown(defaultScaling.coolDownMs),
      sql,
      replicas: z
        .strictObject({
          perCell: z.int().min(1).max(1_000).default(defaultScaling.mostPerCell),
          perRegion: z.int().min(1).max(100_000).default(defaultScaling.mostPerRegion),
        })
        .prefault({}),
    })
    .transform((set): ScalingPolicy => {
      const given = ({
        windows: over,
        ...rest
      }: { windows: Sustained } & Partial<Record<LoadSignal, number | undefined>>) => ({ limits: known(rest), over });
      const out = set.out && given(set.out);
      const low = set.in && given(set.in);
      return {
        ...(set.channel !== undefined && { channel: set.channel }),
        out: out ? { above: out.limits, ...out.over } : defaultScaling.out,
        in: low ? { below: low.limits, ...low.over } : defaultScaling.in,
        band: set.band,
        aimShare: set.aim / 100,
        coolDownMs: set.coolDown,
        mostPerCell: set.replicas.perCell,
        mostPerRegion: set.replicas.perRegion,
        sql: set.sql,
      };
    })
    .superRefine((policy, context) => {
      for (const message of faultsOf(policy)) context.addIssue({ code: 'custom', message });
    });
}

function known(set: Partial<Record<LoadSignal, number | undefined>>): Partial<Record<LoadSignal, number>> {
  return Object.fromEntries(
    loadSignals.flatMap((signal) => (set[signal] === undefined ? [] : [[signal, set[signal]]])),
  );
}

/** What would make it propose back and forth. */
function faultsOf({ out, in: low, band, aimShare, sql: { up, down } }: ScalingPolicy): string[] {
  // A step down is besides proposed only where what is left would suffice.
  const ofSql = down.below < up.above ? [] : ['sql › down › load must be below sql › up › load'];
  if (Object.keys(out.above).length === 0) return ['out must have a threshold: cpu, memory or requests'];
  const ofReplicas = loadSignals.flatMap((signal) => {
    const above = out.above[signal];
    const below = low.below[signal];
    if (below !== undefined && above === undefined) return [`in › ${signal} needs out › ${signal}`];
    if (above === undefined) return [];
    const aim = above * aimShare;
    return [
      ...(aim < above - band ? [] : [`aim is too high: ${signal} would be within the band of its threshold`]),
      ...(below === undefined || below + band < aim
        ? []
        : [`in › ${signal} must be below ${Math.floor(aim - band)}, or a scale-out would call for a scale-in`]),
    ];
  });
  return [...ofReplicas, ...ofSql];
}
