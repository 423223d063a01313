import { OpsError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import { getIncident } from './incident-store.ts';
import { type ChangeSources, readRecentChanges } from './recent-changes.ts';

const deadlineMs = 15_000;
/** Azure's activity log is minutes behind, and what could not be read is asked for again. */
const againAfterSeconds = 300;
/** After that, what changed before is known as well as it will be. */
const untilSeconds = 1_800;
const mostAtOnce = 3;

/** Reads what changed before each open incident that is no P3, and keeps it for its card; over all replicas once. */
export function createChangeWatch(sources: ChangeSources, logger: Logger): { look(): Promise<number> } {
  const { database } = sources;
  return {
    async look() {
      const due = await database.query<{ id: string }>(
        `update stamps.incidents set lately_at = clock_timestamp()
         where id in (
           select id from stamps.incidents
           where state in ('open', 'acknowledged') and severity <> 'P3'
             and (lately_at is null
                  or (lately_at < clock_timestamp() - make_interval(secs => $1)
                      and detected_at > clock_timestamp() - make_interval(secs => $2)))
           order by severity, number limit $3 for update skip locked)
         returning id`,
        [againAfterSeconds, untilSeconds, mostAtOnce],
      );
      await Promise.all(due.map(({ id }) => read(id)));
      return due.length;
    },
  };

  async function read(id: string): Promise<void> {
    const late = AbortSignal.timeout(deadlineMs);
    const { changes, complete } = await readRecentChanges(sources, await getIncident(database, id), late);
    if (!complete) {
      const error = new OpsError('unavailable', 'Not all that changed could be read.');
      logger.warn({ err: error, incident: id }, 'what changed lately is not known whole, and is asked for again');
    }
    await database.query(
      `update stamps.incidents set lately = $2,
              touched_at = case when lately is not distinct from $2 or ($2 = '[]' and lately is null) then touched_at else clock_timestamp() end
       where id = $1`,
      [id, JSON.stringify(changes)],
    );
  }
}
