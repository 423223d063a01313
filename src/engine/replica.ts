import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Logger } from '../ports/logger.ts';
import type { Database, Queries } from './database.ts';

/** How long a replica may be silent before others take its runs over: 10 s, so that 30 s always hold. */
const leaseSeconds = 10;
/** What a replica sent in its last moment is seen at its destination after so long. */
const onTheWaySeconds = 5;
/** What the calendar had it do begins anew after so long: a report that kills whoever makes it must not do so at once again. */
const scheduledSeconds = 60;

export interface Replica {
  /** This process's own: a name that is used again never means two processes. */
  readonly id: string;
  /** Renews the lease, by the database's clock. False: another replica has taken this one's runs over, so it must end. */
  beat(): Promise<boolean>;
  /** Is the lease good for another `ms`, by this machine's monotonic clock, which goes on while a process is frozen? */
  holds(ms: number): boolean;
  /** Strikes out replicas whose lease has run out: from then on they may write nothing, and their runs are orphans. */
  strikeOut(): Promise<void>;
  /** Gives the lease up, so that others need not wait. */
  leave(): Promise<void>;
}

/** Announces this process. Processes of this host that are provably gone need not be waited for. */
export async function joinReplicas(
  database: Database,
  name: string,
  logger: Logger,
  self = { host: hostname(), pid: process.pid },
): Promise<Replica> {
  const id = `${name}.${randomBytes(4).toString('hex')}`;
  let goodUntil = 0;

  const beat = async () => {
    // Counted from before the question: a slow answer only makes the lease shorter.
    const asked = performance.now();
    const rows = await database.query(
      `update stamps.replicas set lease_until = clock_timestamp() + make_interval(secs => $2)
       where executor_id = $1 and taken_over_by is null returning 1`,
      [id, leaseSeconds],
    );
    if (rows.length > 0) goodUntil = asked + leaseSeconds * 1000;
    return rows.length > 0;
  };

  await database.query(
    'insert into stamps.replicas (executor_id, host, pid, lease_until) values ($1, $2, $3, clock_timestamp())',
    [id, self.host, self.pid],
  );
  await beat();
  await forgetGone(database, id, self, logger);

  return {
    id,
    beat,
    holds: (ms) => performance.now() + ms < goodUntil,
    async strikeOut() {
      // After a restart of the database nobody had a chance to renew: leases count from its start.
      const rows = await database.query<{ executor_id: string }>(
        `update stamps.replicas set taken_over_by = $1
         where taken_over_by is null and executor_id <> $1
           and lease_until < clock_timestamp()
           and pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => $2)
         returning executor_id`,
        [id, leaseSeconds],
      );
      if (rows.length === 0) return;
      const gone = rows.map((row) => row.executor_id);
      logger.warn({ replicas: gone }, 'taking over from dead replicas');
      await freeClaims(database, gone);
    },
    async leave() {
      await database.query(`update stamps.replicas set lease_until = '-infinity' where executor_id = $1`, [id]);
    },
  };
}

/** A process of this very host that no longer exists can write nothing: its runs can be taken at once. */
async function forgetGone(
  database: Queries,
  ownId: string,
  self: { host: string; pid: number },
  logger: Logger,
): Promise<void> {
  const neighbours = await database.query<{ executor_id: string; pid: number }>(
    'select executor_id, pid from stamps.replicas where host = $1 and executor_id <> $2 and taken_over_by is null',
    [self.host, ownId],
  );
  for (const { executor_id, pid } of neighbours) {
    if (pid !== self.pid && exists(pid)) continue;
    logger.info({ replica: executor_id }, 'a replica of this host is gone: taking over at once');
    await database.query(
      'update stamps.replicas set taken_over_by = $1 where executor_id = $2 and taken_over_by is null',
      [ownId, executor_id],
    );
    await freeClaims(database, [executor_id]);
  }
}

/**
 * What these had claimed is anybody's again: what people asked for at once; what may have left in their last moment, and
 * not be seen at its destination yet, a little later, and what the calendar wanted a minute later. If this is cut off,
 * claims run out by themselves.
 */
async function freeClaims(database: Queries, gone: readonly string[]): Promise<void> {
  await database.query(
    'update stamps.inbox set claimed_until = clock_timestamp() where done_at is null and claimed_by = any($1)',
    [gone],
  );
  const freedAfter = { messages: onTheWaySeconds, effects: onTheWaySeconds, occurrences: scheduledSeconds };
  for (const [table, seconds] of Object.entries(freedAfter))
    await database.query(
      `update stamps.${table} set claimed_until = least(claimed_until, clock_timestamp() + make_interval(secs => $2))
       where claimed_until is not null and claimed_by = any($1)`,
      [gone, seconds],
    );
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
