import { minuteMs } from '../domain/duration.ts';
import {
  loadCallsFor,
  loadIsOver,
  type ScalingDirection,
  type ScalingPolicy,
  thresholdWords,
  wantedReplicas,
} from '../domain/scaling.ts';
import { isAboutSql, type NewProposal, type Scaled } from '../domain/scaling-proposal.ts';
import type { Queries } from '../engine/database.ts';
import { floors } from '../engine/floor-kind.ts';
import { openLeases } from '../engine/run-store.ts';
import { drawLoad } from './draw-load.ts';
import type { LookParts } from './look-parts.ts';
import { pictureOf } from './picture-of.ts';
import { addProposal, coolingCells, lockProposal, moveProposal, openProposals } from './proposal-store.ts';
import { type CellLoad, readLoads } from './read-load.ts';
import { lookAtSql } from './sql-proposals.ts';

/** Windows that the picture shows at least. */
const shownWindows = 24;
/** Figures that are older say nothing about now. */
const oldestMs = 20 * minuteMs;

/**
 * Looks at the newest snapshot of the indicators, once over all replicas: proposes what the load calls for, withdraws
 * what it does not call for any more. Answers with the window's end; undefined: there was nothing new.
 */
export async function lookAtLoad(parts: LookParts, signal: AbortSignal): Promise<string | undefined> {
  const { database, estate, policy, azure } = parts;
  const at = await newestUnseen(database);
  if (at === undefined) return undefined;
  const count = Math.max(policy.out.of, policy.in.of, policy.sql.up.of, policy.sql.down.of, shownWindows);
  const standing = await openProposals(database);
  const ofReplicas = standing.filter((one) => !isAboutSql(one));
  const [loads, busy, sql] = await Promise.all([
    readLoads(database, azure.metrics, estate, { at: Date.parse(at), count, signal }),
    busyCells(database, policy, 'replicas'),
    busyCells(database, policy, 'sql').then((left) =>
      lookAtSql(parts, { at: Date.parse(at), count, standing, busy: left }, signal),
    ),
  ]);
  const over = ofReplicas.filter(({ cell, direction, state }) => {
    const load = loads.find((one) => one.cell.name === cell);
    return state !== 'proposed' && load !== undefined && loadIsOver(policy, direction, load.windows);
  });
  const fresh: NewProposal[] = [];
  for (const load of loads) {
    const { name, role } = load.cell;
    const direction = loadCallsFor(policy, load.windows);
    // A standby is as large as what it stands in for needs.
    if (direction === undefined || (direction === 'in' && role === 'standby')) continue;
    if (busy.has(name) || ofReplicas.some(({ cell }) => cell === name)) continue;
    const proposal = await proposalFor(parts, load, direction, signal);
    if (proposal) fresh.push(proposal);
  }
  const mine = await database.transaction(async (tx) => {
    // Whoever writes this row first does it; another replica waits here, and then has nothing to do.
    const first = await tx.query(
      'insert into stamps.scaling_looks (at) values ($1) on conflict do nothing returning 1',
      [at],
    );
    if (first.length === 0) return false;
    for (const { id } of [...over, ...sql.over]) {
      const { state } = await lockProposal(tx, id);
      if (state === 'open' || state === 'snoozed')
        await moveProposal(tx, id, { state: 'withdrawn', reason: 'The load has come back by itself.' });
    }
    for (const [what, found] of [['replicas', fresh] as const, ['sql', sql.fresh] as const]) {
      const still = await busyCells(tx, policy, what);
      for (const proposal of found) if (!still.has(proposal.cell)) await addProposal(tx, proposal);
    }
    await tx.query(`delete from stamps.scaling_looks where at < clock_timestamp() - interval '3 days'`);
    return true;
  });
  return mine ? at : undefined;
}

async function newestUnseen(db: Queries): Promise<string | undefined> {
  const [row] = await db.query<{ at: string }>(
    `select at from (select max(at) as at from stamps.kpi_slots where done_at is not null) s
     where at > clock_timestamp() - make_interval(secs => $1)
       and not exists (select 1 from stamps.scaling_looks l where l.at >= s.at)`,
    [oldestMs / 1000],
  );
  return row?.at;
}

/** Cells that get no proposal now: out of service, a run is open on them, or they cool down. */
async function busyCells(db: Queries, policy: ScalingPolicy, what: Scaled): Promise<ReadonlySet<string>> {
  // In turn: within a transaction they share one connection, which answers one question at a time.
  const leases = await openLeases(db);
  const runs = await db.query<{ cell: string }>(
    `select distinct target_cell as cell from stamps.runs
     where target_cell is not null and state in ('waiting', 'queued', 'running', 'stopped')`,
  );
  const cooling = await coolingCells(db, policy, what);
  return new Set([...leases.map(({ subject }) => subject), ...runs.map(({ cell }) => cell), ...cooling.keys()]);
}

async function proposalFor(
  parts: LookParts,
  load: CellLoad,
  direction: ScalingDirection,
  signal: AbortSignal,
): Promise<NewProposal | undefined> {
  const { database, policy, azure, logger } = parts;
  const { cell, windows, running } = load;
  try {
    const [{ minReplicas, maxReplicas }, known] = await Promise.all([
      azure.containerApps.app(cell.containerAppId, signal),
      floors(database),
    ]);
    const floor = known.find((one) => one.cell === cell.name)?.replicas;
    const now = { minReplicas, maxReplicas, ...(running !== undefined && { running }) };
    const wanted = wantedReplicas(policy, direction, windows, { ...now, ...(floor !== undefined && { floor }) });
    if ('none' in wanted) {
      logger.info({ cell: cell.name, direction, because: wanted.none }, 'no scaling is proposed');
      return undefined;
    }
    const evidence = {
      ...{ ...now, to: wanted.to, each: cell.requestsPerSecondPerReplica },
      windows: windows.slice(-policy[direction].of),
      rule: thresholdWords(policy, direction),
    };
    const picture = await pictureOf(parts, `Load of ${cell.name}`, () =>
      drawLoad(policy, load, direction, parts.timeZone),
    );
    return { cell: cell.name, direction, evidence, channel: policy.channel, ...(picture && { picture }) };
  } catch (error) {
    signal.throwIfAborted();
    // Without the cell's replicas nothing can be proposed; the next window asks again.
    logger.warn({ err: error, cell: cell.name }, 'a scaling could not be proposed');
    return undefined;
  }
}
