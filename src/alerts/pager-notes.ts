import { z } from 'zod';
import type { Incident } from '../domain/incident.ts';
import type { Member } from '../domain/person.ts';
import type { Database, Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { digest } from '../engine/messages.ts';
import { incidentPageKey, pageKinds, pageStream } from '../engine/pages.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import { markerOfNote, type OnCallPort } from '../ports/on-call.ts';
import type { Presenter } from '../ports/presenter.ts';
import { tellIncident } from './incident-notices.ts';
import { followMerges } from './incident-store.ts';

const kind = 'pagerduty-note';
/** PagerDuty makes an incident of an event some time after it has taken the event. */
const madeWithinSeconds = 120;

/** Notes keep an order among themselves; an acknowledgement does not wait behind them. */
const notesStream = (pageKey: string): string => `pagerduty-notes/${pageKey}`;

const args = z.object({
  incident: z.string(),
  pageKey: z.string(),
  marker: z.string(),
  text: z.string(),
  byId: z.string(),
  /** Absent on a note that was written before anybody was paged: PagerDuty shows whose login it is in any case. */
  byName: z.string().optional(),
});

/** A note of an incident that the pager knows is wanted there too, once for its key, in the caller's transaction. */
export async function wantPagerNote(
  tx: Queries,
  { id }: Pick<Incident, 'id'>,
  { key, text, member }: { key: string; text: string; member: Member },
): Promise<void> {
  const pageKey = incidentPageKey(id);
  const paged = await tx.query('select 1 from stamps.effects where stream = $1 and kind = $2 limit 1', [
    pageStream(pageKey),
    pageKinds.trigger,
  ]);
  if (paged.length === 0) return;
  await want(tx, id, key, { text, byId: member.id, byName: member.name });
}

/** Whoever is paged late finds there what was noted before, in the caller's transaction. */
export async function wantEarlierNotes(tx: Queries, { id }: Pick<Incident, 'id'>): Promise<void> {
  const notes = await tx.query<{ key: string; actor: string; says: string }>(
    `select key, actor, says from stamps.timeline
     where incident_id = $1 and kind = 'note' and key like $2 || '%' order by seq`,
    [id, noteKey('')],
  );
  for (const { key, actor, says } of notes) {
    await want(tx, id, key.slice(noteKey('').length), { text: says, byId: actor });
  }
}

/** Of a note in the timeline; what PagerDuty told has keys of another kind. */
export const noteKey = (key: string): string => `note/${key}`;

async function want(
  tx: Queries,
  incident: string,
  key: string,
  note: { text: string; byId: string; byName?: string },
): Promise<void> {
  const pageKey = incidentPageKey(incident);
  const stream = notesStream(pageKey);
  const name = `${stream}/${key}`;
  await wantEffect(tx, { key: name, stream, kind, args: { incident, pageKey, marker: digest(name), ...note } });
}

/** Is it a note of ours that comes back, whoever's login it stands under there? */
export async function isOwnNote(db: Queries, pageKey: string, text: string): Promise<boolean> {
  const marker = markerOfNote(text);
  if (marker === undefined) return false;
  const known = await db.query(
    `select 1 from stamps.effects where stream = $1 and kind = $2 and args->>'marker' = $3 limit 1`,
    [notesStream(pageKey), kind, marker],
  );
  return known.length > 0;
}

/** Writes them there. Who may not, or cannot, is told once an incident; the note stands in the timeline in any case. */
export function createPagerNotes(parts: {
  readonly database: Database;
  readonly presenter: Pick<Presenter, 'notice'>;
  readonly onCall: OnCallPort | undefined;
  readonly chat: Pick<ChatPort, 'emailOf'>;
}): Record<string, EffectHandler> {
  const { database, onCall, chat } = parts;
  return {
    [kind]: {
      async perform(given, _key, signal) {
        const { pageKey, marker, text, byId, byName } = args.parse(given);
        if (!onCall) return 'PagerDuty’s REST API is not configured: notes stay here.';
        const page = await pageOf(database, pageKey);
        if (!page.over) throw new OpsError('unavailable', 'The page is not through yet.', { service: 'PagerDuty' });
        const by = await chat.emailOf(byId);
        if (by === undefined) {
          throw new OpsError(
            'refused',
            'Slack does not tell the e-mail address, and PagerDuty wants to know who writes.',
          );
        }
        const note = { key: pageKey, marker, text: byName === undefined ? text : `${byName}: ${text}`, by };
        const there = await onCall.note(note, signal).catch((error: unknown) => {
          // Its hint is for who pages.
          throw isOpsError(error, 'refused') ? new OpsError('refused', error.message, { cause: error }) : error;
        });
        if (there) return 'Noted in PagerDuty.';
        if (page.fresh)
          throw new OpsError('unavailable', 'PagerDuty has not made the incident yet.', { service: 'PagerDuty' });
        return 'PagerDuty has no incident of it: the note stays here.';
      },
      async tell(tx, given, _key, { done, says }) {
        if (done) return;
        const { incident, byId } = args.parse(given);
        await tellIncident(parts, tx, await followMerges(tx, incident), `pager-note-${byId}`, [
          'Notes by ',
          { person: byId },
          ` are in the timeline here, and not in PagerDuty: ${says}`,
        ]);
      },
    },
  };
}

/** Whether the page that opens the incident there has ended, and so lately that it may still be on its way there. */
async function pageOf(db: Queries, pageKey: string): Promise<{ over: boolean; fresh: boolean }> {
  const [row] = await db.query<{ over: boolean; fresh: boolean | null }>(
    `select done_at is not null as over, done_at > clock_timestamp() - make_interval(secs => $3) as fresh
     from stamps.effects where stream = $1 and kind = $2 order by seq desc limit 1`,
    [pageStream(pageKey), pageKinds.trigger, madeWithinSeconds],
  );
  return { over: row?.over ?? true, fresh: row?.fresh ?? false };
}
