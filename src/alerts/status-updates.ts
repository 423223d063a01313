import { z } from 'zod';
import type { Incident } from '../domain/incident.ts';
import type { Member } from '../domain/person.ts';
import { componentStatuses, pageImpacts, pageStatuses, type StatusUpdate } from '../domain/status-update.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { Presenter } from '../ports/presenter.ts';
import type { StatusPagePort } from '../ports/status-page.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, followMerges, updateIncident } from './incident-store.ts';

const kind = 'statuspage-publish';
/** One for all incidents: the page takes one request a second, over all replicas. */
const stream = 'statuspage';

const updateSchema = z.object({
  name: z.string(),
  status: z.enum(pageStatuses),
  impact: z.enum(pageImpacts),
  body: z.string(),
  components: z.record(z.string(), z.enum(componentStatuses)),
});
const args = z.object({ incident: z.string(), marker: z.string(), update: updateSchema, by: z.string() });

export interface LastUpdate {
  readonly update: StatusUpdate;
  readonly link?: string;
}

/** What customers were told last, or are about to be; what failed does not count. */
export async function lastUpdate(db: Queries, incidentId: string): Promise<LastUpdate | undefined> {
  const [row] = await db.query<{ update: unknown; link: string | null }>(
    `select update, link from stamps.status_updates where incident_id = $1 and state <> 'failed' order by seq desc limit 1`,
    [incidentId],
  );
  return row && { update: updateSchema.parse(row.update), ...(row.link !== null && { link: row.link }) };
}

/** What customers read of an incident at this moment, or are about to; undefined: nothing, or that it is over. */
export async function openUpdate(db: Queries, incidentId: string): Promise<LastUpdate | undefined> {
  const last = await lastUpdate(db, incidentId);
  return last?.update.status === 'resolved' ? undefined : last;
}

/** Records the update in the caller's transaction; the same key again changes nothing. */
export async function wantStatusUpdate(
  tx: Queries,
  key: string,
  incident: Pick<Incident, 'id' | 'detectedAt'>,
  update: StatusUpdate,
  member: Pick<Member, 'id'>,
): Promise<void> {
  const { id } = incident;
  const marker = await markerOf(tx, incident);
  const fresh = await tx.query(
    'insert into stamps.status_updates (key, incident_id, update, by_id) values ($1, $2, $3, $4) on conflict do nothing returning 1',
    [key, id, JSON.stringify(update), member.id],
  );
  if (fresh.length === 0) return;
  const plain = { ...update, components: { ...update.components } };
  await wantEffect(tx, { key, stream, kind, args: { incident: id, marker, update: plain, by: member.id } });
  await appendAudit(tx, [{ kind: 'status-page-wanted', actor: member.id, body: { incident: id, key, update: plain } }]);
}

/** By which its incident is found on the page: what is open there keeps its own, also when it came by a merge. */
async function markerOf(tx: Queries, { id, detectedAt }: Pick<Incident, 'id' | 'detectedAt'>): Promise<string> {
  const [last] = await tx.query<{ marker: string; status: string }>(
    `select e.args->>'marker' as marker, u.update->>'status' as status
     from stamps.status_updates u join stamps.effects e on e.key = u.key
     where u.incident_id = $1 and u.state <> 'failed' order by u.seq desc limit 1`,
    [id],
  );
  // With the moment, so that another database's i-17 is another incident.
  return last && last.status !== 'resolved' ? last.marker : `${id} ${detectedAt}`;
}

/** Publishes, and says in the incident's thread and timeline what customers were told. */
export function createStatusEffects(parts: {
  readonly presenter: Pick<Presenter, 'notice'>;
  readonly statusPage: StatusPagePort | undefined;
}): Record<string, EffectHandler> {
  return {
    [kind]: {
      async perform(given, key, signal) {
        const { marker, update } = args.parse(given);
        if (!parts.statusPage) throw notConfigured();
        const { id, link } = await parts.statusPage.publish(update, marker, key, signal);
        return { says: 'On the status page.', found: { id, link } };
      },
      async tell(tx, given, key, { done, says, found }) {
        const { incident: incidentId, update, by } = args.parse(given);
        const link = typeof found?.link === 'string' ? found.link : undefined;
        await tx.query('update stamps.status_updates set state = $2, link = $3 where key = $1', [
          key,
          done ? 'published' : 'failed',
          link ?? null,
        ]);
        const incident = await followMerges(tx, incidentId);
        const line = done
          ? `Customers were told (${update.status}): ${update.body}`
          : `Customers were not told (${update.status}): ${says}`;
        await addToTimeline(tx, incident.id, [{ key, kind: 'status-page', actor: by, says: line }]);
        await updateIncident(tx, incidentId, typeof found?.id === 'string' ? { status_page_id: found.id } : {});
        if (incident.id !== incidentId) await updateIncident(tx, incident.id, {});
        await tellIncident(parts, tx, incident, `statuspage:${key}`, [
          line,
          ...(link === undefined ? [] : [' ', { link, label: 'Status page' }]),
        ]);
      },
      async tellDelay(tx, given, key, error) {
        const { incident: incidentId } = args.parse(given);
        const why = isOpsError(error) ? error.message : 'Statuspage’s answer was not understood.';
        const incident = await followMerges(tx, incidentId);
        await tellIncident(parts, tx, incident, `statuspage:${key}:delay`, [
          `Not on the status page yet: ${why} It is tried until it works.`,
        ]);
      },
    },
  };
}

export function notConfigured(): OpsError {
  return new OpsError('misconfigured', 'No status page is configured.', {
    hint: 'Set STATUSPAGE_PAGE_ID and STATUSPAGE_API_KEY.',
  });
}
