import { impactOf, type Tenant } from '../domain/impact.ts';
import type { Hurt } from '../domain/incident.ts';
import type { Database } from '../engine/database.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** The registry is asked cell by cell; beyond so many it is not known who is hurt, and the card says so. */
const mostCells = 200;
const atOnce = 8;
const deadlineMs = 15_000;
const rememberMs = 60_000;
const againAfterSeconds = 30;

export interface HurtWatch {
  /** Asks the registry for the incidents whose cells changed; their cards are drawn anew. */
  look(): Promise<void>;
}

/** Who is hurt by each open incident: active tenants of its cells, by tier and SLA. */
export function createHurtWatch(
  database: Database,
  tenants: AzurePorts['tenants'] | undefined,
  clock: Clock,
  logger: Logger,
): HurtWatch {
  const known = new Map<string, { at: number; tenants: readonly Tenant[] }>();

  async function onCell(cell: string): Promise<readonly Tenant[]> {
    const hit = known.get(cell);
    if (hit && clock.now() - hit.at < rememberMs) return hit.tenants;
    const found = (await tenants?.onCell(cell, AbortSignal.timeout(deadlineMs))) ?? [];
    if (known.size > 10_000) known.clear();
    known.set(cell, { at: clock.now(), tenants: found });
    return found;
  }

  async function hurtIn(cells: readonly string[]): Promise<Hurt> {
    const found: Tenant[] = [];
    for (let from = 0; from < cells.length; from += atOnce) {
      const some = await Promise.all(cells.slice(from, from + atOnce).map(onCell));
      found.push(...some.flat());
    }
    const { tenants: count, byTier, bySla } = impactOf(found, { healthyCellsLeft: [], cellsOut: 0 });
    return { tenants: count, byTier, bySla };
  }

  return {
    async look() {
      if (!tenants) return;
      const due = await database.query<{ id: string; cells: string[]; hurt_stale_at: string }>(
        `select id, cells, hurt_stale_at from stamps.incidents
         where state in ('open', 'acknowledged') and hurt_stale_at <= clock_timestamp() and cardinality(cells) between 1 and $1
         order by severity, number limit 5`,
        [mostCells],
      );
      for (const { id, cells, hurt_stale_at } of due) {
        try {
          const hurt = await hurtIn(cells);
          await database.query(
            `update stamps.incidents set hurt = $2, touched_at = case when hurt = $2 then touched_at else clock_timestamp() end,
                    hurt_stale_at = case when hurt_stale_at = $3 then null else clock_timestamp() end
             where id = $1`,
            [id, JSON.stringify(hurt), hurt_stale_at],
          );
        } catch (error) {
          logger.warn({ err: error, incident: id }, 'the registry could not say who is hurt, and is asked again');
          await database.query(
            'update stamps.incidents set hurt_stale_at = clock_timestamp() + make_interval(secs => $2) where id = $1',
            [id, againAfterSeconds],
          );
        }
      }
    },
  };
}
