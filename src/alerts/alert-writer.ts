import type { Alert } from '../domain/alert.ts';
import { evidentSeverity, isSerious } from '../domain/evidence.ts';
import { severities } from '../domain/severity.ts';
import { spotOf } from '../domain/trouble.ts';
import type { Database } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a sender is held while the database is away: within the 10 s that Azure Monitor is known to wait (ADR 0013). */
export const holdMs = 8_000;
const batchSize = 500;
const flushesAtOnce = 2;
/** Above what Azure fires at once (6,000 alerts of a log rule); each is at most about 15 KB here. */
const mostWaiting = 10_000;
const againAfterMs = 200;
/** When a statement is given up, though its connection stands: well above what a busy database needs. */
const flushTimeoutMs = 20_000;
const lookEveryMs = 250;

/** A reason of its own would be made, with its stack, for each statement. */
const done = new Error('done');

export interface AlertWriter {
  /** Resolves once it is durable; rejects with `unavailable` when it could not be stored in time. A repeat is stored once. */
  store(alert: Alert): Promise<void>;
  /** How many senders wait. */
  waiting(): number;
}

interface Waiting {
  readonly alert: Alert;
  readonly until: number;
  stored(): void;
  failed(error: OpsError): void;
}

/**
 * Alerts that come together are written together: while one statement is under way the next batch gathers, so that a
 * storm costs few statements and a single alert waits for nothing. While the database is away, alerts wait here.
 * A sender's clock is believed up to `believedMs` before now by the database's clock, and never for the future.
 */
export function createAlertWriter(
  database: Database,
  believedMs: number,
  clock: Clock,
  stopping: AbortSignal,
): AlertWriter {
  /** Everybody who has no answer yet, and those of them whose alert is not in a statement that is under way. */
  const senders = new Set<Waiting>();
  const queue = new Set<Waiting>();
  let flushing = 0;
  let watching = false;

  /** Beside a statement that is under way, another begins with a full batch only: fewer statements, less work. */
  function pump(least = batchSize): void {
    while (flushing < flushesAtOnce && queue.size >= (flushing === 0 ? 1 : least)) {
      const batch = take(batchSize);
      flushing += 1;
      void flush(batch).finally(() => {
        flushing -= 1;
        pump();
      });
    }
  }

  function take(most: number): Waiting[] {
    const batch: Waiting[] = [];
    for (const waiting of queue) {
      if (batch.length === most) break;
      batch.push(waiting);
      queue.delete(waiting);
    }
    return batch;
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    const written = insert(
      database,
      believedMs,
      batch.map(({ alert }) => alert),
    );
    const over = new AbortController();
    const late = clock.sleep(flushTimeoutMs, over.signal).then(() => Promise.reject(away()));
    for (const either of [written, late]) either.catch(() => undefined);
    try {
      await Promise.race([written, late]);
      for (const waiting of batch) {
        senders.delete(waiting);
        waiting.stored();
      }
    } catch {
      // Whatever it was, most senders are still there; those who waited too long have their answer.
      await clock.sleep(againAfterMs, stopping).catch(() => undefined);
      if (!stopping.aborted) for (const waiting of batch) if (senders.has(waiting)) queue.add(waiting);
    } finally {
      over.abort(done);
    }
  }

  /** One look-out for all: a timer for each alert would cost more than its statement. */
  async function watch(): Promise<void> {
    if (watching) return;
    watching = true;
    while (senders.size > 0) {
      await clock.sleep(lookEveryMs, stopping).catch(() => undefined);
      // A statement may hang: who came meanwhile does not wait for it.
      pump(1);
      for (const waiting of senders) {
        // In the order in which they came: who is next came later.
        if (waiting.until > clock.now() && !stopping.aborted) break;
        senders.delete(waiting);
        queue.delete(waiting);
        waiting.failed(away());
      }
    }
    watching = false;
  }

  return {
    store: (alert) =>
      new Promise((stored, failed) => {
        if (senders.size >= mostWaiting) return failed(away());
        const waiting = { alert, until: clock.now() + holdMs, stored, failed };
        senders.add(waiting);
        queue.add(waiting);
        pump();
        void watch();
      }),
    waiting: () => senders.size,
  };
}

async function insert(database: Database, believedMs: number, alerts: readonly Alert[]): Promise<void> {
  const rows = alerts.map((alert) => ({
    urgency: severities.indexOf(evidentSeverity(alert.place.scope, alert.azureSeverity)),
    spot: spotOf(alert),
    serious: isSerious(alert),
    alert,
  }));
  // What stands in the alert is taken from there: a storm is sent once.
  await database.query(
    `insert into stamps.alerts (key, instance, condition, place, fired_at, urgency, spot, serious, alert, at)
     select alert->>'key', alert->>'instance', alert->>'condition', alert->'place', fired_at, urgency, spot, serious, alert,
            case when said_at > now() or said_at < now() - make_interval(secs => $2) then now() else said_at end
     from jsonb_to_recordset($1::jsonb) as r(urgency smallint, spot text, serious boolean, alert jsonb),
     lateral (select (alert->>'firedAt')::timestamptz as fired_at,
                     coalesce(alert->>'resolvedAt', alert->>'firedAt')::timestamptz as said_at) moments
     on conflict (key) do nothing`,
    [JSON.stringify(rows), believedMs / 1000],
  );
}

function away(): OpsError {
  return new OpsError('unavailable', 'The alert can’t be stored now.', { service: 'PostgreSQL' });
}
