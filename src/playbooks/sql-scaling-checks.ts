import { z } from 'zod';
import type { Policy } from '../domain/approval.ts';
import { minuteMs } from '../domain/duration.ts';
import { type Cell, cellByName, type Estate } from '../domain/estate.ts';
import { defaultScaling } from '../domain/scaling.ts';
import type { SqlFloor } from '../domain/scaling-floor.ts';
import { beyondPolicy, whyNotSmaller } from '../domain/sql-scaling.ts';
import {
  loadAt,
  objectiveNamed,
  type SqlDatabase,
  type SqlOffer,
  sameLadder,
  tierWords,
  whyNotScaled,
  whyTooLarge,
} from '../domain/sql-tier.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { Check, CheckAnswer } from '../ports/checks.ts';
import type { Clock } from '../ports/clock.ts';
import { nameOf } from './recovery-parts.ts';
import { servingPointers } from './serving-stores.ts';

export interface SqlScalingCheckParts {
  readonly estate: Estate;
  readonly policy: Policy;
  readonly azure: Pick<AzurePorts, 'sqlTiers' | 'appData' | 'containerApps'>;
  readonly clock: Clock;
  sqlFloors(): Promise<Pick<SqlFloor, 'cell' | 'tier'>[]>;
}

const asked = z.object({ cell: z.string(), to: z.string(), own: z.boolean().default(false) });
const windowMs = 5 * minuteMs;
/** Metrics of the newest minutes are not there yet. */
const lateMs = 5 * minuteMs;
const no = (says: string): CheckAnswer => ({ ok: false, says });
const yes = (says: string): CheckAnswer => ({ ok: true, says });

interface Asked {
  readonly cell: Cell;
  readonly database: SqlDatabase;
  /** Absent: its location sells none of this name. */
  readonly offer: SqlOffer | undefined;
  readonly to: string;
  /** A person asks, not a proposal. */
  readonly own: boolean;
}

/** The checks of what scales a cell's SQL database, by name. */
export function createSqlScalingChecks({
  estate,
  policy,
  azure,
  clock,
  sqlFloors,
}: SqlScalingCheckParts): Record<string, Check> {
  const scaling = policy.scaling ?? defaultScaling;
  const about =
    (answer: (it: Asked, signal: AbortSignal) => Promise<CheckAnswer>): Check =>
    async (args, signal) => {
      const { cell: named, to, own } = asked.parse(args);
      const cell = cellByName(estate, named);
      const database = await azure.sqlTiers.database(cell.sqlDatabaseId, signal);
      const offer = objectiveNamed(database, await azure.sqlTiers.offers(database, signal), to);
      return answer({ cell, database, offer, to, own }, signal);
    };
  const notSold = ({ database, to }: Asked) => no(`${database.location} does not sell ${to} to this subscription now.`);

  return {
    'database-can-be-scaled': about(async (it, signal) => {
      const { cell, database, offer } = it;
      const name = nameOf(database.id);
      const replicas = await azure.sqlTiers.replicas(database.id, signal);
      const refused = whyNotScaled(database, replicas);
      if (refused !== undefined) return no(refused);
      if (database.status !== 'Online') return no(`${name} is ${database.status}, not Online.`);
      for (const { database: worksOn } of await servingPointers(cell, azure, signal))
        if (worksOn !== undefined && worksOn !== name)
          return no(`The app of ${cell.name} works on ${worksOn}, not on ${name}, which the estate file names.`);
      if (!offer) return notSold(it);
      for (const { id } of replicas) {
        const secondary = await azure.sqlTiers.database(id, signal);
        if (secondary.status !== 'Online')
          return no(`Its secondary in ${secondary.location} is ${secondary.status}, not Online.`);
        if (!objectiveNamed(secondary, await azure.sqlTiers.offers(secondary, signal), it.to))
          return no(`${secondary.location}, where its secondary is, does not sell ${it.to} to this subscription now.`);
      }
      const along = replicas.length === 0 ? '' : ` and for its ${replicas.length === 1 ? 'secondary' : 'secondaries'}`;
      return yes(`${name} is Online, and ${tierWords(offer)} is sold for it${along}.`);
    }),

    'objective-within-policy': about(async (it) => {
      if (!it.offer) return notSold(it);
      const beyond = beyondPolicy(scaling.sql, it.offer);
      return beyond === undefined ? yes(`The policy allows ${tierWords(it.offer)}.`) : no(beyond);
    }),

    'smaller-database-suffices': about(async (it, signal) => {
      const { cell, database, offer } = it;
      if (!offer) return notSold(it);
      const tooLarge = whyTooLarge(database, offer);
      if (tooLarge !== undefined) return no(tooLarge);
      const { metricsUrl = '' } = estate.regions.find(({ name }) => name === cell.region) ?? {};
      const to = Math.floor((clock.now() - lateMs) / windowMs) * windowMs;
      const over = { metricsUrl, from: to - scaling.sql.down.of * windowMs, to };
      const load = (await azure.sqlTiers.load([database.id], over, signal)).get(database.id);
      const percents = [...(load?.percent ?? [])];
      const windows = percents.map(([at, percent]) => ({ at: new Date(at).toISOString(), percent }));
      const measured = { capacity: load?.of ?? database.tier.capacity };
      const short = whyNotSmaller(scaling.sql, scaling, windows, measured, offer);
      if (short !== undefined) return no(short);
      const most = Math.max(...percents.map(([, percent]) => percent));
      return yes(
        `Its fullest window of late would have been ${Math.round(loadAt(most, measured, offer))} % of ${tierWords(offer)}.`,
      );
    }),

    'above-sql-floor': about(async (it) => {
      const { cell, offer, own } = it;
      if (!offer) return notSold(it);
      const floor = (await sqlFloors()).find((one) => one.cell === cell.name)?.tier;
      if (!floor) return yes(`Nobody set a floor for SQL of ${cell.name}.`);
      if (own) return yes(`A person wanted at least ${tierWords(floor)}; this sets it to ${offer.objective}.`);
      if (!sameLadder(floor, offer))
        return no(`A person wants at least ${tierWords(floor)}, of another tier: release that floor first.`);
      return offer.capacity < floor.capacity
        ? no(`A person wants at least ${tierWords(floor)}.`)
        : yes(`A person wants at least ${tierWords(floor)}; so it stays.`);
    }),
  };
}
