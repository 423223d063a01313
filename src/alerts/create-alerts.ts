import { createPlaceFinder } from '../domain/find-place.ts';
import type { Database, Queries } from '../engine/database.ts';
import type { Loop } from '../engine/loops.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Route } from '../ports/http.ts';
import type { Logger } from '../ports/logger.ts';
import type { UnreadAlertsDesk } from '../ports/unread-alerts.ts';
import { createAlertWriter } from './alert-writer.ts';
import { type AlertAccess, createAuthenticate } from './authenticate.ts';
import { correlateBatch } from './correlate-batch.ts';
import { createHurtWatch } from './hurt.ts';
import { refreshIncident } from './incident-cards.ts';
import type { IncidentContext } from './incident-context.ts';
import { type AlertRoutesParts, createAlertRoutes } from './routes.ts';
import { settleIncidents, showQuietChanges } from './settle-incidents.ts';
import { createSilences, type SilenceDesk } from './silences.ts';
import { createUnreadAlerts } from './unread-alerts.ts';

export interface AlertsParts {
  readonly incidents: IncidentContext;
  /** For storing what comes in, so that nothing else that waits for a connection stands before a sender; default: one for all. */
  readonly intake?: Database;
  /** Undefined: nobody may post alerts. */
  readonly access: AlertAccess | undefined;
  /** The registry of tenants; undefined: nobody can say who is hurt. */
  readonly tenants: AzurePorts['tenants'] | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  readonly answered?: AlertRoutesParts['answered'];
}

/** All that takes alerts in and makes incidents of them. */
export interface Alerts {
  readonly silences: SilenceDesk;
  readonly unread: UnreadAlertsDesk;
  readonly routes: readonly Route[];
  readonly loops: readonly Loop[];
}

const correlateEveryMs = 100;
/** So many senders that wait at a time are a burst; for so long at most they go before their alerts. */
const burst = 50;
const burstMs = 5_000;
const breathMs = 250;
const settleEveryMs = 5_000;
/** 40 quiet edits of cards a minute, so that Slack has room for what is urgent. */
const showEveryMs = 1_500;
const hurtEveryMs = 500;
const silencesEveryMs = 1_000;

export function createAlerts(parts: AlertsParts): Alerts {
  const { incidents, access, tenants, clock, logger, stopping, answered } = parts;
  const { database, estate, policy } = incidents;
  const { intake = database } = parts;
  const writer = createAlertWriter(intake, policy.incidents.correlateWithinMs, clock, stopping);
  const unread = createUnreadAlerts(incidents, intake);
  const silences = createSilences(incidents);
  const hurt = createHurtWatch(database, estate, tenants, clock, logger);

  /**
   * While a burst of alerts is being taken in, its senders go first: only what is about the whole estate is looked at. A
   * burst that does not end is looked at all the same, with a breath for its senders after each batch.
   */
  async function correlateAll(): Promise<void> {
    for (const begun = clock.now(); !stopping.aborted && (await anyUnhandled(database)); ) {
      const busy = writer.waiting() > burst;
      const atLeast = busy && clock.now() - begun < burstMs ? 'P0' : 'P3';
      const { looked, urgent } = await database.transaction((tx) => correlateBatch(tx, incidents, atLeast));
      for (const id of urgent) await refreshIncident(incidents, id);
      if (busy) await clock.sleep(breathMs, stopping).catch(() => undefined);
      else if (looked === 0) return;
    }
  }

  return {
    silences,
    unread,
    routes: createAlertRoutes({
      authenticate: createAuthenticate(access, clock),
      placeOf: createPlaceFinder(estate),
      writer,
      unread,
      clock,
      logger,
      ...(answered && { answered }),
    }),
    loops: [
      { name: 'correlator', everyMs: correlateEveryMs, work: correlateAll },
      { name: 'quiet changes', everyMs: showEveryMs, work: () => showQuietChanges(database) },
      { name: 'calm incidents', everyMs: settleEveryMs, work: () => settleIncidents(incidents) },
      { name: 'silences', everyMs: silencesEveryMs, work: () => silences.look() },
      { name: 'who is hurt', everyMs: hurtEveryMs, work: () => hurt.look() },
    ],
  };
}

/** Most looks find nothing: this one takes no lock. */
async function anyUnhandled(db: Queries): Promise<boolean> {
  return (await db.query('select 1 from stamps.alerts where handled_at is null limit 1')).length > 0;
}
