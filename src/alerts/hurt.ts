import type { AlertPlace } from '../domain/alert.ts';
import type { Estate } from '../domain/estate.ts';
import { hurtOf, type TenantCount } from '../domain/impact.ts';
import type { Hurt } from '../domain/incident.ts';
import type { Database } from '../engine/database.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** Up to so many cells, the registry is asked for each; beyond, it counts all of its tenants in one query. */
const fewCells = 20;
const atOnce = 8;
const deadlineMs = 15_000;
/** A count of everything costs the registry more, and moves less with one tenant. */
const rememberMs = { cell: 60_000, all: 300_000 };
const againAfterSeconds = 30;

interface Due {
  id: string;
  cells: string[];
  place: AlertPlace;
  hurt_stale_at: string;
  /** It is about a place with more than its cells. */
  wide: boolean;
}

type Registry = Pick<AzurePorts['tenants'], 'onCell' | 'counts'>;

export interface HurtWatch {
  /** Asks the registry for the incidents whose cells changed; their cards are drawn anew. */
  look(): Promise<void>;
}

/**
 * Who is hurt by each open incident: active tenants of its cells, by tier and SLA. What the registry said of a cell is
 * believed for a minute, its count of everything for five.
 */
export function createHurtWatch(
  database: Database,
  estate: Estate,
  tenants: Registry | undefined,
  clock: Clock,
  logger: Logger,
): HurtWatch {
  const known = new Map<string, { at: number; counts: readonly TenantCount[] }>();
  let all: { at: number; byCell: ReadonlyMap<string, readonly TenantCount[]> } | undefined;

  async function onCell(cell: string, of: Registry): Promise<readonly TenantCount[]> {
    const hit = known.get(cell);
    if (hit && clock.now() - hit.at < rememberMs.cell) return hit.counts;
    const found = await of.onCell(cell, AbortSignal.timeout(deadlineMs));
    const counts = found.map(({ tier, sla, status }) => ({ cell, tier, sla, status, count: 1 }));
    if (known.size > 10_000) known.clear();
    known.set(cell, { at: clock.now(), counts });
    return counts;
  }

  async function byCell(of: Registry): Promise<ReadonlyMap<string, readonly TenantCount[]>> {
    if (all && clock.now() - all.at < rememberMs.all) return all.byCell;
    const counts = await of.counts(AbortSignal.timeout(deadlineMs));
    all = { at: clock.now(), byCell: Map.groupBy(counts, ({ cell }) => cell) };
    return all.byCell;
  }

  async function hurtIn(cells: readonly string[], of: Registry): Promise<Hurt> {
    if (cells.length > fewCells) {
      const counts = await byCell(of);
      return hurtOf(cells.flatMap((cell) => counts.get(cell) ?? []));
    }
    const found: TenantCount[] = [];
    for (let from = 0; from < cells.length; from += atOnce) {
      const some = await Promise.all(cells.slice(from, from + atOnce).map((cell) => onCell(cell, of)));
      found.push(...some.flat());
    }
    return hurtOf(found);
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
          const hurt = cells.length > 0 ? await hurtIn(cells, tenants) : null;
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
