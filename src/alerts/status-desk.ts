import type { Policy } from '../domain/approval.ts';
import type { Estate } from '../domain/estate.ts';
import type { Incident } from '../domain/incident.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import { draftUpdate, type StatusComponent } from '../domain/status-update.ts';
import type { Database } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { StatusDesk, StatusPagePort } from '../ports/status-page.ts';
import { getIncident, lockIncident } from './incident-store.ts';
import { componentsTakenOver } from './merge-status-page.ts';
import { notConfigured, openUpdate, wantStatusUpdate } from './status-updates.ts';

/** A form is opened within 3 s of the click, and the page may have its turn only in a second. */
const componentsWithinMs = 1_200;
const refreshWithinMs = 30_000;
const freshMs = 10 * 60_000;

export interface StatusDeskParts {
  readonly database: Database;
  readonly estate: Estate;
  readonly policy: Policy;
  readonly statusPage: StatusPagePort | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Drafts from what is known of the incident, and publishes what a person made of it. */
export function createStatusDesk(parts: StatusDeskParts): StatusDesk & { refresh(): Promise<void> } {
  const { database, estate, policy, statusPage, clock, logger } = parts;
  let known: { components: readonly StatusComponent[]; at: number } | undefined;
  let asking: Promise<void> | undefined;

  /** The page's components; an old answer does when there is no new one. */
  async function refresh(): Promise<void> {
    if (!statusPage || (known && clock.now() - known.at < freshMs)) return;
    asking ??= statusPage
      .components(AbortSignal.timeout(refreshWithinMs))
      .then(
        (components) => {
          known = { components, at: clock.now() };
        },
        (error: unknown) => logger.warn({ err: error }, 'Statuspage did not tell its components'),
      )
      .finally(() => {
        asking = undefined;
      });
    await asking;
  }

  /** Without names a form still works: it offers what the estate file names, by id. */
  async function components(named: readonly string[]): Promise<readonly StatusComponent[]> {
    const over = new AbortController();
    await Promise.race([refresh(), clock.sleep(componentsWithinMs, over.signal).catch(() => undefined)]);
    over.abort();
    return known?.components ?? named.map((id) => ({ id, name: id, status: 'operational' as const }));
  }

  return {
    configured: statusPage !== undefined,
    refresh,

    async draft(purpose, incidentId, regions) {
      if (!statusPage) throw notConfigured();
      const [incident, last, takenOver] = await Promise.all([
        getIncident(database, incidentId),
        openUpdate(database, incidentId),
        componentsTakenOver(database, incidentId),
      ]);
      mustStandByItself(incident);
      const open = last && { ...last.update, components: { ...takenOver, ...last.update.components } };
      if (purpose === 'resolve' && !open) {
        throw new OpsError('conflict', `Customers are told nothing of ${incidentId} that could be resolved.`, {
          hint: `\`/stamps statuspage draft ${incidentId}\` tells them first.`,
        });
      }
      const asked = purpose === 'resolve' ? purpose : open ? 'update' : 'draft';
      const all = await components(Object.keys(open?.components ?? {}));
      const update = draftUpdate(asked, incident, estate, all, open, regions);
      return { incident, update, components: all, published: open !== undefined };
    },

    async publish(key, incidentId, update, member) {
      if (!mayRespond(policy, member)) {
        throw new OpsError(
          'not-allowed',
          'You may not tell customers: the policy lets only those who respond to incidents.',
          {
            hint: 'Ask in the incident channel.',
          },
        );
      }
      if (!statusPage) throw notConfigured();
      await database.transaction(async (tx) => {
        const incident = await lockIncident(tx, incidentId);
        mustStandByItself(incident);
        await wantStatusUpdate(tx, key, incident, update, member);
      });
      return getIncident(database, incidentId);
    },
  };
}

/** A form may have been open while it was merged: a second incident on the page would come of it. */
function mustStandByItself({ id, mergedInto }: Incident): void {
  if (mergedInto === undefined) return;
  throw new OpsError('conflict', `${id} was merged into ${mergedInto}: customers are told of it there.`, {
    hint: `\`/stamps statuspage draft ${mergedInto}\``,
  });
}
