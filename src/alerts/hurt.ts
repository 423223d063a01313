import type { AlertPlace } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
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

interface Due {
  id: string;
  cells: string[];
  place: AlertPlace;
  hurt_stale_at: string;
  /** It is about a place with more than its cells. */
  wide: boolean;
}

export interface HurtWatch {
  /** Asks the registry for the incidents whose cells changed; their cards are drawn anew. */
  look(): Promise<void>;
}

/** Who is hurt by each open incident: active tenants of its cells, by tier and SLA. */
export function createHurtWatch(
  database: Database,
  estate: Estate,
  tenants: Pick<AzurePorts['tenants'], 'onCell'> | undefined,
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

  /** Trouble of a region itself, or of the whole, is that of all cells there; of several cells, theirs. */
  function cellsHurt({ place, cells, wide }: Due): readonly string[] {
    if (!wide || place.scope === 'cell' || place.scope === 'unknown') return cells;
    const there = estate.cells.filter(({ region }) => place.scope === 'global' || region === place.region);
    return there.map(({ name }) => name);
  }

  return {
    async look() {
      if (!tenants) return;
      const due = await database.query<Due>(
        `select i.id, i.cells, i.place, i.hurt_stale_at,
                i.declared_by is not null or exists (
                  select 1 from stamps.alerts a where a.incident_id = i.id and a.condition = 'fired' and a.serious
                    and a.place->>'scope' in ('region', 'global')) as wide
         from stamps.incidents i
         where i.state in ('open', 'acknowledged') and i.hurt_stale_at <= clock_timestamp()
         order by i.severity, i.number limit 5`,
      );
      for (const incident of due) {
        const { id, hurt_stale_at } = incident;
        try {
          const cells = cellsHurt(incident);
          const hurt = cells.length > 0 && cells.length <= mostCells ? await hurtIn(cells) : null;
          await database.query(
            `update stamps.incidents
             set hurt = $2, touched_at = case when hurt is not distinct from $2 then touched_at else clock_timestamp() end,
                 hurt_stale_at = case when hurt_stale_at = $3 then null else clock_timestamp() end
             where id = $1`,
            [id, hurt && JSON.stringify(hurt), hurt_stale_at],
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
