import { silenceCard } from '../blocks/silence-card.ts';
import { dayMs, formatDuration, minuteMs, personLimits } from '../domain/duration.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Member } from '../domain/person.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { wantMessage } from '../engine/messages.ts';
import { OpsError } from '../errors.ts';
import type { Silences } from '../ports/incidents.ts';
import type { IncidentContext } from './incident-context.ts';
import { getSilence, lockSilence, openSilences, type StoredSilence } from './silence-store.ts';

/** How far ahead a window may be planned: beyond that nobody remembers why. */
const furthestMs = 90 * dayMs;
/** People are asked before the end: half an hour, or a quarter of a short silence. */
const warnBeforeMs = 30 * minuteMs;

export interface SilenceDesk extends Silences {
  silences(): Promise<{ silence: StoredSilence; kept: number }[]>;
  /** What time brings: windows that begin, warnings, ends. Each at most once, over all replicas. */
  look(): Promise<void>;
}

type Context = Pick<IncidentContext, 'database' | 'policy'>;

/** Silences and maintenance windows, in the database, with an end that is kept. */
export function createSilences({ database, policy }: Context): SilenceDesk {
  function mustRespond(member: Member): void {
    if (mayRespond(policy, member)) return;
    throw new OpsError('not-allowed', 'The policy does not let you silence alerts.', {
      hint: 'It is for those whom the policy file names under incidents › responders.',
    });
  }

  /** In the channel where incidents stand, so that whoever misses an alert sees why. */
  async function draw(tx: Queries, id: string, endsSoon = false): Promise<StoredSilence> {
    const silence = await getSilence(tx, id);
    const content = silenceCard({ ...silence, endsSoon });
    await wantMessage(tx, { key: `silence:${id}`, channel: silence.channel, content });
    return silence;
  }

  async function ended(tx: Queries, id: string, by: string): Promise<StoredSilence> {
    await tx.query('update stamps.silences set ended_at = clock_timestamp(), ended_by = $2 where id = $1', [id, by]);
    const silence = await draw(tx, id);
    // Nothing is suppressed for ever: what still lasts is looked at as if it came now.
    await tx.query(
      `update stamps.alerts set handled_at = null, received_at = clock_timestamp()
       where silenced_by = $1 and over_at is null and incident_id is null`,
      [id],
    );
    const body = { silence: id, kept: silence.kept, lasting: silence.lasting };
    await appendAudit(tx, [{ kind: 'silence-ended', actor: by, body }]);
    return silence;
  }

  function mustBeOpen({ state, id }: StoredSilence): void {
    if (state === 'ended') throw new OpsError('conflict', `${id} has ended already.`, { hint: 'Ask for a new one.' });
  }

  return {
    async silence(wanted, member) {
      mustRespond(member);
      const { requestKey, match, reason, startsAt, lastsMs } = wanted;
      const channel = policy.incidents.channel ?? wanted.channel;
      return database.transaction(async (tx) => {
        const [row] = await tx.query<{ id: string; ahead: number }>(
          `insert into stamps.silences (id, request_key, match, reason, created_by, channel, starts_at, ends_at)
           select 's-' || nextval('stamps.silence_number'), $1, $2, $3, $4, $5, at, at + make_interval(secs => $7)
           from (select coalesce($6::timestamptz, clock_timestamp()) as at) t
           on conflict (request_key) do nothing
           returning id, extract(epoch from starts_at - clock_timestamp())::float8 * 1000 as ahead`,
          [requestKey, JSON.stringify(match), reason, member.id, channel, startsAt ?? null, lastsMs / 1000],
        );
        if (!row) {
          const [known] = await tx.query<{ id: string }>('select id from stamps.silences where request_key = $1', [
            requestKey,
          ]);
          return getSilence(tx, known?.id ?? '');
        }
        mustBeSoon(row.ahead, startsAt !== undefined);
        const silence = await draw(tx, row.id);
        const { startsAt: from, endsAt: to } = silence;
        const body = { silence: row.id, match: { ...match }, reason, from, to };
        await appendAudit(tx, [{ kind: 'silence-created', actor: member.id, body }]);
        return silence;
      });
    },

    async extend(id, byMs, member, requestKey) {
      mustRespond(member);
      return database.transaction(async (tx) => {
        mustBeOpen(await lockSilence(tx, id));
        const [row] = await tx.query<{ left: number }>(
          `update stamps.silences set ends_at = ends_at + make_interval(secs => $2), warned_at = null, extended_by_key = $3
           where id = $1 and extended_by_key is distinct from $3
           returning extract(epoch from ends_at - greatest(starts_at, clock_timestamp()))::float8 * 1000 as left`,
          [id, byMs / 1000, requestKey],
        );
        if (row && row.left > personLimits.mostMs) {
          throw new OpsError(
            'refused',
            `${id} would last longer than ${formatDuration(personLimits.mostMs)} from now.`,
            {
              hint: 'Make it longer again when its end is near, if it is still needed then.',
            },
          );
        }
        const silence = await draw(tx, id);
        if (row)
          await appendAudit(tx, [
            { kind: 'silence-extended', actor: member.id, body: { silence: id, to: silence.endsAt } },
          ]);
        return silence;
      });
    },

    async end(id, member) {
      mustRespond(member);
      return database.transaction(async (tx) => {
        const silence = await lockSilence(tx, id);
        return silence.state === 'ended' ? silence : ended(tx, id, member.id);
      });
    },

    silences: async () => (await openSilences(database)).map((silence) => ({ silence, kept: silence.kept })),

    async look() {
      const due = await database.query<{ id: string }>(`select id from stamps.silences where ${dueNow}`, [
        warnBeforeMs / 1000,
      ]);
      for (const { id } of due) {
        await database.transaction(async (tx) => {
          await lockSilence(tx, id);
          const [still] = await tx.query<{ over: boolean; soon: boolean }>(
            `select ends_at <= clock_timestamp() as over, ${endsSoon} as soon from stamps.silences
             where id = $2 and ${dueNow}`,
            [warnBeforeMs / 1000, id],
          );
          if (!still) return;
          if (still.over) return void (await ended(tx, id, 'stamps'));
          await tx.query(
            `update stamps.silences set began_at = coalesce(began_at, clock_timestamp()),
                    warned_at = case when $2 then clock_timestamp() else warned_at end where id = $1`,
            [id, still.soon],
          );
          await draw(tx, id, still.soon);
          if (still.soon) await warn(tx, id);
        });
      }
    },
  };

  /** In the card's thread, so that it is noticed. */
  async function warn(tx: Queries, id: string): Promise<void> {
    const silence = await getSilence(tx, id);
    await wantMessage(tx, {
      key: `silence:${id}:warning:${silence.endsAt}`,
      channel: silence.channel,
      threadOf: `silence:${id}`,
      content: silenceCard({ ...silence, endsSoon: true }),
    });
  }
}

const endsSoon = `(ends_at - least(make_interval(secs => $1), (ends_at - starts_at) / 4) <= clock_timestamp())`;
const dueNow = `ended_at is null and (ends_at <= clock_timestamp()
  or (warned_at is null and starts_at <= clock_timestamp() and ${endsSoon})
  or (began_at is null and starts_at <= clock_timestamp()))`;

function mustBeSoon(aheadMs: number, planned: boolean): void {
  if (planned && aheadMs < -minuteMs) {
    throw new OpsError('bad-input', 'That moment has passed.', {
      hint: 'To silence from now on, use `/stamps silence`.',
    });
  }
  if (aheadMs > furthestMs) {
    throw new OpsError('bad-input', `That is further ahead than ${formatDuration(furthestMs)}.`, {
      hint: 'Plan it when it is nearer.',
    });
  }
}
