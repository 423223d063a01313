import type { Alert } from '../domain/alert.ts';
import { evidentSeverity, isSerious } from '../domain/evidence.ts';
import { severities } from '../domain/severity.ts';
import { spotOf } from '../domain/trouble.ts';
import type { Database } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a sender is held while the database is away: within the 10 s that Azure Monitor is known to wait (ADR on ingest). */
export const holdMs = 8_000;
const batchSize = 500;
const flushesAtOnce = 2;
/** Above what Azure fires at once (6,000 alerts of a log rule); each is at most about 15 KB here. */
const mostWaiting = 10_000;
const againAfterMs = 200;
const flushTimeoutMs = 5_000;

/** What became of an alert. A repeat is stored once. */
export interface AlertWriter {
  /** Resolves once it is durable; rejects with `unavailable` when it could not be stored in time. */
  store(alert: Alert): Promise<void>;
}

interface Waiting {
  readonly alert: Alert;
  stored(): void;
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
  const queue = new Set<Waiting>();
  let flushing = 0;

  function pump(): void {
    while (flushing < flushesAtOnce && queue.size > 0) {
      const batch = [...take(batchSize)];
      flushing += 1;
      void flush(batch).finally(() => {
        flushing -= 1;
        pump();
      });
    }
  }

  function* take(most: number): Iterable<Waiting> {
    let left = most;
    for (const waiting of queue) {
      if (left === 0) return;
      left -= 1;
      queue.delete(waiting);
      yield waiting;
    }
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    try {
      await within(
        flushTimeoutMs,
        insert(
          database,
          believedMs,
          batch.map(({ alert }) => alert),
        ),
      );
      for (const { stored } of batch) stored();
    } catch {
      // Whatever it was, the senders are still there: who waited too long has left the batch by itself.
      await clock.sleep(againAfterMs, stopping).catch(() => undefined);
      if (!stopping.aborted) for (const waiting of batch) if (!expired.has(waiting)) queue.add(waiting);
    }
  }

  const expired = new WeakSet<Waiting>();

  async function within<T>(ms: number, work: Promise<T>): Promise<T> {
    const over = new AbortController();
    work.catch(() => undefined);
    const late = clock.sleep(ms, over.signal).then(() => Promise.reject(away()));
    late.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      over.abort();
    }
  }

  return {
    async store(alert) {
      if (queue.size >= mostWaiting) throw away();
      let waiting: Waiting | undefined;
      const stored = new Promise<void>((resolve) => {
        waiting = { alert, stored: resolve };
        queue.add(waiting);
      });
      pump();
      try {
        await within(holdMs, stored);
      } catch (error) {
        if (waiting) {
          queue.delete(waiting);
          expired.add(waiting);
        }
        throw error;
      }
    },
  };
}

async function insert(database: Database, believedMs: number, alerts: readonly Alert[]): Promise<void> {
  const rows = alerts.map((alert) => ({
    key: alert.key,
    instance: alert.instance,
    condition: alert.condition,
    place: alert.place,
    fired_at: alert.firedAt,
    said_at: alert.condition === 'resolved' ? (alert.resolvedAt ?? alert.firedAt) : alert.firedAt,
    urgency: severities.indexOf(evidentSeverity(alert.place.scope, alert.azureSeverity)),
    spot: spotOf(alert),
    serious: isSerious(alert),
    alert,
  }));
  await database.query(
    `insert into stamps.alerts (key, instance, condition, place, fired_at, urgency, spot, serious, alert, at)
     select key, instance, condition, place, fired_at, urgency, spot, serious, alert,
            case when said_at > now() or said_at < now() - make_interval(secs => $2) then now() else said_at end
     from jsonb_to_recordset($1::jsonb)
       as r(key text, instance text, condition text, place jsonb, fired_at timestamptz, said_at timestamptz,
            urgency smallint, spot text, serious boolean, alert jsonb)
     on conflict (key) do nothing`,
    [JSON.stringify(rows), believedMs / 1000],
  );
}

function away(): OpsError {
  return new OpsError('unavailable', 'The alert can’t be stored now.', { service: 'PostgreSQL' });
}
