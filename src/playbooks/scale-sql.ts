import { z } from 'zod';
import { findCell } from '../domain/estate.ts';
import type { SqlFloorState } from '../domain/scaling-floor.ts';
import {
  capacityWords,
  ladderOf,
  nextObjective,
  objectiveNamed,
  type SqlDatabase,
  type SqlDirection,
  type SqlTierState,
  stateOf,
  tierWords,
  whyNotScaled,
  whyTooLarge,
} from '../domain/sql-tier.ts';
import { OpsError } from '../errors.ts';
import { definePlaybook, type PlanContext } from '../ports/playbook.ts';
import { blastRadius } from './blast-radius.ts';
import { asFound, type Found } from './found.ts';
import { briefReason, cellName } from './input.ts';
import { nameOf } from './recovery-parts.ts';
import { change, check, resources } from './steps.ts';

/**
 * Give a cell a larger or a smaller SQL database.
 *
 * Runbook: docs/runbooks/scale-sql.md; step ids are its headings. Within the tier and family that the database has.
 * Geo-secondaries go first when it grows and last when it shrinks; taken back in reverse, that holds as well.
 * Blast radius: every tenant on the cell, whose connections are dropped once. Undo: exactly what was found comes back.
 */
export const scaleSql = definePlaybook({
  name: 'scale-sql',
  summary: 'Give a cell a larger or a smaller SQL database',
  risk: 'medium',
  input: z.object({
    cell: cellName,
    /** `up` and `down`: one service objective; else the name of one, such as S4. */
    to: z
      .string('Say up, down, or a service objective such as S4.')
      .trim()
      .regex(/^\w{2,40}$/, 'Say up, down, or a service objective such as S4.'),
    reason: briefReason('The load of its database asks for it.'),
    /** The proposal that it comes from; absent: it is a person's own wish, and becomes the floor. */
    proposal: z.string().optional(),
    /** What the database had then. */
    from: z.string().optional(),
  }),

  async plan({ cell: named, to, reason, proposal, from }, context) {
    const cell = findCell(context.estate, named);
    const found = await asFound(context);
    const database = await databaseOf(cell.sqlDatabaseId, found, context);
    const replicas = await context.azure.sqlTiers.replicas(database.id, context.signal);
    const refused = whyNotScaled(database, replicas);
    if (refused !== undefined)
      throw new OpsError('refused', `Stamps does not scale ${nameOf(database.id)}. ${refused}`, {
        hint: 'docs/runbooks/scale-sql.md says how it is done by hand.',
      });
    if (from !== undefined && database.tier.objective !== from)
      throw new OpsError('conflict', `${nameOf(database.id)} has ${database.tier.objective} by now, not ${from}.`, {
        hint: 'What was proposed is no longer one step. Dismiss it; the next windows are looked at anew.',
      });

    const wanted = await wantedOf(to, database, context);
    const floor = (await found(resources.sqlFloor(cell))) as SqlFloorState | null;
    const direction = directionOf(database.tier, wanted);
    if (direction === undefined && (proposal !== undefined || floor?.objective === wanted.objective))
      throw new OpsError('refused', `${nameOf(database.id)} has ${tierWords(wanted)} already.`, {
        hint: `Another one changes it, such as \`/stamps scale sql ${cell.name} up\`.`,
      });

    const secondaries = await Promise.all(replicas.map(({ id }) => databaseOf(id, found, context)));
    refuseUnequal(database, secondaries);
    const args = { cell: cell.name, to: wanted.objective };
    const grow = (one: SqlDatabase, id: string) =>
      change(id, saysOf(one, wanted), resources.sqlTier(one.id), one.tier, wanted);
    const own = [grow(database, 'scale-database')];
    const along = secondaries.map((one) => grow(one, `scale-secondary-${serverOf(one.id)}`));
    const steps = [
      check('database-can-be-scaled', `${nameOf(database.id)} can become ${wanted.objective}`, args, 'never'),
      check('objective-within-policy', 'The policy allows so much', args),
      ...(direction === 'down'
        ? [
            check('smaller-database-suffices', `${wanted.objective} can take its load`, args),
            check('above-sql-floor', 'Not below what a person set', { ...args, own: proposal === undefined }, 'never'),
          ]
        : []),
      ...(proposal === undefined && floor?.objective !== wanted.objective
        ? [
            change(
              'set-sql-floor',
              `Propose nothing smaller than ${tierWords(wanted)} for ${cell.name} from now on`,
              resources.sqlFloor(cell),
              floor,
              wanted,
            ),
          ]
        : []),
      ...(direction === undefined ? [] : direction === 'up' ? [...along, ...own] : [...own, ...along]),
    ];
    return {
      playbook: 'scale-sql',
      title: `Scale SQL of ${cell.name} ${direction ?? ''} to ${wanted.objective}`.replace('  ', ' '),
      target: { region: cell.region, cell: cell.name },
      ...(direction !== undefined && { scale: direction }),
      reason,
      steps,
      impact: await blastRadius(context, cell, steps),
      locks: [database, ...secondaries].map(({ id }) => id.toLowerCase()),
      onFailure: 'ask',
      undo: `/stamps undo of this run gives ${nameOf(database.id)} ${tierWords(database.tier)} again.`,
    };
  },
});

/** The database as it was before this very run touched it. */
async function databaseOf(id: string, found: Found, { azure, signal }: PlanContext): Promise<SqlDatabase> {
  const database = await azure.sqlTiers.database(id, signal);
  return { ...database, tier: (await found(resources.sqlTier(id), database.tier)) as SqlTierState };
}

async function wantedOf(to: string, database: SqlDatabase, { azure, signal }: PlanContext): Promise<SqlTierState> {
  const offers = await azure.sqlTiers.offers(database, signal);
  const word = to.toLowerCase();
  if (word === 'up' || word === 'down') {
    const next = nextObjective(database, offers, word);
    if ('to' in next) return next.to;
    throw new OpsError('refused', next.none);
  }
  const offer = objectiveNamed(database, offers, to);
  if (!offer)
    throw new OpsError(
      'not-found',
      `${database.location} sells no ${to} for a database that has ${tierWords(database.tier)}.`,
      {
        hint: `Within ${database.tier.tier} there is: ${
          ladderOf(database, offers)
            .map(({ objective }) => objective)
            .join(', ') || 'nothing'
        }. Another tier is a decision about price and features, and made by hand.`,
      },
    );
  const tooLarge = offer.capacity < database.tier.capacity ? whyTooLarge(database, offer) : undefined;
  if (tooLarge !== undefined) throw new OpsError('refused', tooLarge);
  return stateOf(offer);
}

/** Undefined: nothing changes. */
function directionOf(before: SqlTierState, after: SqlTierState): SqlDirection | undefined {
  if (after.capacity === before.capacity) return undefined;
  return after.capacity > before.capacity ? 'up' : 'down';
}

/** Which of them is scaled first is only known of two that are alike. */
function refuseUnequal({ id, tier }: SqlDatabase, secondaries: readonly SqlDatabase[]): void {
  const other = secondaries.find((one) => one.tier.objective !== tier.objective);
  if (!other) return;
  throw new OpsError(
    'refused',
    `${nameOf(id)} has ${tierWords(tier)}, and its secondary on ${serverOf(other.id)} ${tierWords(other.tier)}.`,
    { hint: 'Make them alike by hand first: docs/runbooks/scale-sql.md.' },
  );
}

function saysOf({ id, tier }: SqlDatabase, after: SqlTierState): string {
  const more = after.capacity - tier.capacity;
  const paid = `${capacityWords({ ...after, capacity: Math.abs(more) })} ${more > 0 ? 'more' : 'fewer'} paid for`;
  return `Give ${nameOf(id)} on ${serverOf(id)} ${tierWords(after)}, not ${tierWords(tier)}: it stays online, and at the end its connections are dropped once, for up to 30 s; ${paid}`;
}

/** `sql-stamps-eastus` of the id of a database on it. */
function serverOf(id: string): string {
  return id.split('/').at(-3) ?? '';
}
