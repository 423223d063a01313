import type { Estate } from '../domain/estate.ts';
import type { KpiReport, KpiSubject } from '../domain/kpi-report.ts';
import type { Database } from '../engine/database.ts';
import type { Loop } from '../engine/loops.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { createCapacityDays } from './capacity-days.ts';
import { definitionsOf } from './definitions.ts';
import { drawReport } from './draw-report.ts';
import { createPastHours } from './past-hours.ts';
import { readReport } from './read-report.ts';
import { createSnapshots } from './snapshots.ts';

/** What people ask about the indicators. Nothing of it asks Azure. */
export interface KpiDesk {
  /** `windowMs`: over so long; absent: each indicator over its own time. */
  report(subject: KpiSubject, windowMs?: number): Promise<KpiReport>;
  /** Draws and uploads it; undefined: it could not be, and the report goes without. */
  picture(report: KpiReport): Promise<{ readonly fileId: string; readonly altText: string } | undefined>;
}

export interface Kpis {
  readonly definitions: ReturnType<typeof definitionsOf>;
  readonly desk: KpiDesk;
  readonly loops: readonly Loop[];
}

export interface KpisParts {
  readonly database: Database;
  readonly estate: Estate;
  readonly azure: Pick<AzurePorts, 'metrics' | 'logs' | 'tenants'>;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  /** IANA name of the zone whose clocks pictures show. */
  readonly timeZone: string;
  readonly replicaId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
}

const lookEveryMs = 5_000;
const pastEveryMs = 1_000;

/** Snapshots on schedule, and what is asked of them. Throws `misconfigured` for bounds that contradict each other. */
export function createKpis(parts: KpisParts): Kpis {
  const { database, estate, azure, chat, timeZone, replicaId, clock, logger, stopping } = parts;
  const definitions = definitionsOf(estate);
  const { metrics, logs, tenants } = azure;
  const sources = { database, definitions, replicaId, clock, estate, metrics, logs, logger };
  const snapshots = createSnapshots(sources);
  const pastHours = createPastHours(sources);
  const capacityDays = createCapacityDays({ ...sources, tenants });

  return {
    definitions,
    desk: {
      report: (subject, windowMs) =>
        readReport(database, estate, definitions, {
          subject,
          now: clock.now(),
          ...(windowMs !== undefined && { windowMs }),
        }),
      async picture(report) {
        try {
          const { png, altText } = await drawReport(report, timeZone);
          const fileId = await chat.uploadPicture({ name: 'indicators.png', title: 'Indicators', altText, png });
          return { fileId, altText };
        } catch (error) {
          logger.warn({ err: error }, 'the indicators go without their picture');
          return undefined;
        }
      },
    },
    loops: [
      { name: 'indicators', everyMs: lookEveryMs, work: () => snapshots.takeDue(stopping) },
      { name: 'past indicators', everyMs: pastEveryMs, work: () => pastHours.fillNext(stopping) },
      { name: 'capacity', everyMs: pastEveryMs, work: () => capacityDays.fillNext(stopping) },
    ],
  };
}
