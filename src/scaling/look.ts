import { minuteMs } from '../domain/duration.ts';
import type { Estate } from '../domain/estate.ts';
import {
  loadCallsFor,
  loadIsOver,
  type ScalingDirection,
  type ScalingPolicy,
  thresholdWords,
  wantedReplicas,
} from '../domain/scaling.ts';
import type { ScalingProposal } from '../domain/scaling-proposal.ts';
import type { Database, Queries } from '../engine/database.ts';
import { floors } from '../engine/floor-kind.ts';
import { openLeases } from '../engine/run-store.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Logger } from '../ports/logger.ts';
import { drawLoad } from './draw-load.ts';
import { addProposal, coolingCells, lockProposal, moveProposal, openProposals } from './proposal-store.ts';
import { type CellLoad, readLoads } from './read-load.ts';

export interface LookParts {
  readonly database: Database;
  readonly estate: Estate;
  readonly policy: ScalingPolicy & { readonly channel: string };
  readonly azure: Pick<AzurePorts, 'metrics' | 'containerApps'>;
  readonly chat: Pick<ChatPort, 'uploadPicture'>;
  /** IANA name of the zone whose clocks pictures show. */
  readonly timeZone: string;
  readonly logger: Logger;
}

/** Windows that the picture shows at least. */
const shownWindows = 24;
/** Figures that are older say nothing about now. */
const oldestMs = 20 * minuteMs;

type NewProposal = Pick<ScalingProposal, 'cell' | 'direction' | 'evidence' | 'picture' | 'channel'>;

/**
 * Looks at the newest snapshot of the indicators, once over all replicas: proposes what the load calls for, withdraws
 * what it does not call for any more. Answers with the window's end; undefined: there was nothing new.
 */
export async function lookAtLoad(parts: LookParts, signal: AbortSignal): Promise<string | undefined> {
  const { database, estate, policy, azure } = parts;
  const at = await newestUnseen(database);
  if (at === undefined) return undefined;
  const count = Math.max(policy.out.of, policy.in.of, shownWindows);
  const [loads, standing, busy] = await Promise.all([
    readLoads(database, azure.metrics, estate, { at: Date.parse(at), count, signal }),
    openProposals(database),
    busyCells(database, policy),
  ]);
  const over = standing.filter(({ cell, direction, state }) => {
    const load = loads.find((one) => one.cell.name === cell);
    return state !== 'proposed' && load !== undefined && loadIsOver(policy, direction, load.windows);
  });
  const fresh: NewProposal[] = [];
  for (const load of loads) {
    const { name, role } = load.cell;
    const direction = loadCallsFor(policy, load.windows);
    // A standby is as large as what it stands in for needs.
    if (direction === undefined || (direction === 'in' && role === 'standby')) continue;
    if (busy.has(name) || standing.some(({ cell }) => cell === name)) continue;
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
    for (const { id } of over) {
      const { state } = await lockProposal(tx, id);
      if (state === 'open' || state === 'snoozed')
        await moveProposal(tx, id, { state: 'withdrawn', reason: 'The load has come back by itself.' });
    }
    const still = await busyCells(tx, policy);
    for (const proposal of fresh) if (!still.has(proposal.cell)) await addProposal(tx, proposal);
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
async function busyCells(db: Queries, policy: ScalingPolicy): Promise<ReadonlySet<string>> {
  // In turn: within a transaction they share one connection, which answers one question at a time.
  const leases = await openLeases(db);
  const runs = await db.query<{ cell: string }>(
    `select distinct target_cell as cell from stamps.runs
     where target_cell is not null and state in ('waiting', 'queued', 'running', 'stopped')`,
  );
  const cooling = await coolingCells(db, policy);
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
    const picture = await pictureOf(parts, load, direction);
    return { cell: cell.name, direction, evidence, channel: policy.channel, ...(picture && { picture }) };
  } catch (error) {
    signal.throwIfAborted();
    // Without the cell's replicas nothing can be proposed; the next window asks again.
    logger.warn({ err: error, cell: cell.name }, 'a scaling could not be proposed');
    return undefined;
  }
}

/** A proposal without its picture is still a proposal. */
async function pictureOf(
  { policy, chat, timeZone, logger }: LookParts,
  load: CellLoad,
  direction: ScalingDirection,
): Promise<ScalingProposal['picture']> {
  try {
    const { png, altText } = await drawLoad(policy, load, direction, timeZone);
    const fileId = await chat.uploadPicture({ name: 'load.png', title: `Load of ${load.cell.name}`, altText, png });
    return { fileId, altText };
  } catch (error) {
    logger.warn({ err: error, cell: load.cell.name }, 'a scaling proposal goes without its picture');
    return undefined;
  }
}
