import { type FindingKind, findingKinds, type MaintenanceReport } from '../domain/maintenance.ts';
import { OpsError } from '../errors.ts';
import { reviewAccess } from './access-review.ts';
import { kpiBaselines } from './baselines.ts';
import type { DailyRequest } from './daily.ts';
import type { DigestContext } from './digest-context.ts';
import { noteFindings } from './finding-store.ts';
import { readFindings } from './findings.ts';
import { createGathering } from './gather.ts';
import { limitsWithin, readLimits } from './limits.ts';
import { weekCost } from './week-cost.ts';

/** A month's report looks half a year ahead. */
const limitDays = 182;

/** Reads a week's or a month's maintenance. What can't be read is said. Throws `misconfigured` without Azure. */
export async function readMaintenance(
  context: DigestContext,
  kind: 'weekly' | 'monthly',
  { at, zone, lateMs, missed }: DailyRequest,
): Promise<MaintenanceReport> {
  const { azure, database, definitions, estate, logger } = context;
  if (!azure) throw new OpsError('misconfigured', 'Azure is not configured, so there is no maintenance to report.');
  const { upkeep } = azure;
  const gathering = createGathering(logger);
  const { get, missing } = gathering;
  const [found, cost] = await Promise.all([
    readFindings(upkeep, estate, at, gathering),
    get('Cost', (signal) => weekCost(upkeep, estate, at, signal)),
  ]);
  const all =
    (await get('Findings', () =>
      noteFindings(
        database,
        findingKinds.flatMap((each) => found[each] ?? []),
      ),
    )) ?? [];
  const awake = all.filter(({ snoozedUntil }) => snoozedUntil === undefined);
  const count = (each: FindingKind) => found[each] && awake.filter((finding) => finding.kind === each).length;

  const monthly = kind === 'monthly';
  const baselines = monthly ? await get('Baselines', () => kpiBaselines(database, definitions, at)) : undefined;
  const limits = monthly ? await get('Limits', () => readLimits(context, at, new Map())) : undefined;
  const ahead = limitsWithin(limits, limitDays, missing);
  const access = monthly
    ? await get('Access', async (signal) =>
        reviewAccess(database, estate.subscriptionId, await upkeep.access(estate.subscriptionId, signal), at),
      )
    : undefined;
  return {
    kind,
    at: new Date(at).toISOString(),
    zone,
    lateMs,
    missed,
    counts: {
      resource: count('resource'),
      security: count('security'),
      backup: count('backup'),
      certificate: count('certificate'),
    },
    findings: awake.toSorted((a, b) => a.urgency - b.urgency),
    snoozed: all.length - awake.length,
    ...(cost && { cost }),
    ...(baselines && { baselines }),
    ...(ahead && { limits: ahead }),
    ...(access && { access }),
    missing,
  };
}
