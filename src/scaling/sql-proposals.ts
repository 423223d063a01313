import { type Cell, cellsOf, type Estate } from '../domain/estate.ts';
import type { NewProposal, ScalingProposal, SqlEvidence } from '../domain/scaling-proposal.ts';
import { isAboutSql } from '../domain/scaling-proposal.ts';
import {
  beyondPolicy,
  type SqlWindow,
  sqlLoadCallsFor,
  sqlLoadIsOver,
  sqlThresholdWords,
  whyNotSmaller,
} from '../domain/sql-scaling.ts';
import { nextObjective, type SqlDirection, sameLadder, whyNotScaled } from '../domain/sql-tier.ts';
import type { Queries } from '../engine/database.ts';
import { sqlFloors } from '../engine/sql-floor-kind.ts';
import { drawSqlLoad } from './draw-load.ts';
import type { LookParts } from './look-parts.ts';
import { pictureOf } from './picture-of.ts';
import { windowMs } from './read-load.ts';

/** What was seen of the cells' databases: what it calls for, and what it does not call for any more. */
export interface SqlLook {
  readonly fresh: readonly NewProposal[];
  readonly over: readonly ScalingProposal[];
}

interface Seen {
  readonly cell: Cell;
  /** One for each window, oldest first, known or not. */
  readonly windows: readonly SqlWindow[];
  /** The capacity that they are percent of; absent: not known. */
  readonly of?: number;
}

/** `at`: end of the newest window, ms since 1970; `count`: how many are looked at; `busy`: cells that are left alone. */
export async function lookAtSql(
  parts: LookParts,
  {
    at,
    count,
    standing,
    busy,
  }: {
    readonly at: number;
    readonly count: number;
    readonly standing: readonly ScalingProposal[];
    readonly busy: ReadonlySet<string>;
  },
  signal: AbortSignal,
): Promise<SqlLook> {
  const { estate, policy, azure } = parts;
  const seen = await readSqlLoads(estate, azure, { at, count }, signal);
  const mine = standing.filter(isAboutSql);
  const over = mine.filter(({ cell, direction, state }) => {
    const windows = seen.find((one) => one.cell.name === cell)?.windows ?? [];
    return state !== 'proposed' && sqlLoadIsOver(policy.sql, policy, direction, windows);
  });
  const fresh: NewProposal[] = [];
  for (const one of seen) {
    const { name, role } = one.cell;
    const direction = sqlLoadCallsFor(policy.sql, one.windows);
    // A standby is as large as what it stands in for needs.
    if (direction === undefined || (direction === 'down' && role === 'standby')) continue;
    if (busy.has(name) || mine.some(({ cell }) => cell === name)) continue;
    const proposal = await proposalFor(parts, one, direction, signal);
    if (proposal) fresh.push(proposal);
  }
  return { fresh, over };
}

async function readSqlLoads(
  estate: Estate,
  azure: LookParts['azure'],
  { at, count }: { readonly at: number; readonly count: number },
  signal: AbortSignal,
): Promise<Seen[]> {
  const from = at - count * windowMs;
  const answers = await Promise.all(
    estate.regions.map(async ({ name, metricsUrl }) => {
      const cells = cellsOf(estate, name);
      if (cells.length === 0) return [];
      const ids = cells.map(({ sqlDatabaseId }) => sqlDatabaseId);
      const load = await azure.sqlTiers.load(ids, { metricsUrl, from, to: at }, signal);
      return cells.map((cell): Seen => {
        const known = load.get(cell.sqlDatabaseId);
        const windows = Array.from({ length: count }, (_, index): SqlWindow => {
          const end = from + (index + 1) * windowMs;
          const percent = known?.percent.get(end);
          return { at: new Date(end).toISOString(), ...(percent !== undefined && { percent }) };
        });
        return { cell, windows, ...(known?.of !== undefined && { of: known.of }) };
      });
    }),
  );
  return answers.flat();
}

async function proposalFor(
  parts: LookParts,
  seen: Seen,
  direction: SqlDirection,
  signal: AbortSignal,
): Promise<NewProposal | undefined> {
  const { policy, logger } = parts;
  const { cell, windows } = seen;
  try {
    const found = await evidenceFor(parts, seen, direction, signal);
    const evidence = { ...found, windows: windows.slice(-policy.sql[direction].of) };
    // Who has too much and cannot have less is told by nobody's card; who is full and cannot have more is.
    if (evidence.to === undefined && direction === 'down') {
      logger.info({ cell: cell.name, direction, because: evidence.why }, 'no scaling of SQL is proposed');
      return undefined;
    }
    const picture = await pictureOf(parts, `SQL load of ${cell.name}`, () =>
      drawSqlLoad(policy.sql, evidence.database, windows, direction, parts.timeZone),
    );
    return { cell: cell.name, direction, evidence, channel: policy.channel, ...(picture && { picture }) };
  } catch (error) {
    signal.throwIfAborted();
    // Without what the database has now nothing can be proposed; the next window asks again.
    logger.warn({ err: error, cell: cell.name }, 'a scaling of SQL could not be proposed');
    return undefined;
  }
}

async function evidenceFor(
  { database: db, policy, azure: { sqlTiers } }: LookParts,
  { cell, windows, of }: Seen,
  direction: SqlDirection,
  signal: AbortSignal,
): Promise<Omit<SqlEvidence, 'windows'>> {
  const id = cell.sqlDatabaseId;
  const [database, replicas] = await Promise.all([sqlTiers.database(id, signal), sqlTiers.replicas(id, signal)]);
  const base = {
    rule: sqlThresholdWords(policy.sql, direction),
    database: id.split('/').at(-1) ?? '',
    from: database.tier,
    secondaries: replicas.filter(({ ownRole }) => ownRole === 'Primary').map((one) => one.id.split('/').at(-3) ?? ''),
  };
  const refused = whyNotScaled(database, replicas);
  if (refused !== undefined) return { ...base, why: refused };
  if (database.changing) return { ...base, why: 'Another service objective was asked for, and is not there yet.' };
  const step = nextObjective(database, await sqlTiers.offers(database, signal), direction);
  if ('none' in step) return { ...base, why: step.none };
  const why =
    direction === 'up'
      ? beyondPolicy(policy.sql, step.to)
      : (whyNotSmaller(policy.sql, policy, windows, { capacity: of ?? database.tier.capacity }, step.to) ??
        (await belowFloor(db, cell, step.to)));
  return why === undefined ? { ...base, to: step.to } : { ...base, why };
}

async function belowFloor(db: Queries, { name }: Cell, to: SqlEvidence['from']): Promise<string | undefined> {
  const floor = (await sqlFloors(db)).find(({ cell }) => cell === name)?.tier;
  if (!floor || (sameLadder(floor, to) && to.capacity >= floor.capacity)) return undefined;
  return `A person wants at least ${floor.objective}.`;
}
