import { z } from 'zod';
import type { Incident } from '../domain/incident.ts';
import { mostRungs } from '../domain/incident-policy.ts';
import { type PageTo, pageTo } from '../domain/page-target.ts';
import type { Database, Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { incidentPageKey, pageKinds, pageStream } from '../engine/pages.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { OnCallPort } from '../ports/on-call.ts';
import type { Presenter } from '../ports/presenter.ts';
import { notConfigured } from './direct-pages.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, followMerges, getIncident } from './incident-store.ts';

/** Pages of the ladder's rungs: incidents of their own in the pager, for whom the policy names there. */

const args = z.object({
  about: z.object({ incident: z.string() }),
  pageKey: z.string(),
  group: z.string(),
  to: pageTo,
  title: z.string(),
  details: z.string(),
});
const moveArgs = z.object({
  about: z.object({ incident: z.string() }),
  pageKey: z.string(),
  to: z.enum(['acknowledged', 'resolved']),
});

/** One page a rung, each time the incident opens. `round`: how often it was opened again. */
const rungPageKey = (incidentId: string, rung: number, round: number): string =>
  `${incidentPageKey(incidentId)}/escalated-${rung}${round === 0 ? '' : `-again-${round}`}`;

const effectKey = (pageKey: string): string => `${pageStream(pageKey)}/page`;

/** Is it the key of a rung's page? */
export function isRungPage(pageKey: string): boolean {
  return pageKey.includes('/escalated-');
}

/** Wakes whom the rung names, in the caller's transaction; false: it was wanted before. */
export async function wantRungPage(
  tx: Queries,
  incident: Incident,
  { rung, round, group, to }: { rung: number; round: number; group: string; to: PageTo },
): Promise<boolean> {
  const { id, severity, title, detectedAt } = incident;
  const pageKey = rungPageKey(id, rung, round);
  const key = effectKey(pageKey);
  if ((await tx.query('select 1 from stamps.effects where key = $1', [key])).length > 0) return false;
  await wantEffect(tx, {
    key,
    stream: pageStream(pageKey),
    kind: pageKinds.rung,
    args: {
      about: { incident: id },
      pageKey,
      group,
      to: { ...to },
      title: `Nobody has acknowledged ${severity} ${id}: ${title}`,
      details: `${id} was detected at ${detectedAt}. Whoever was called before has not acknowledged it, so ${group} must.`,
    },
  });
  return true;
}

/** Somebody has taken the incident, or it is over: its rungs' pages end with it. `except`: the page of which the pager told. */
export async function endRungPages(
  tx: Queries,
  incidentId: string,
  {
    to,
    occasion,
    round,
    except,
  }: { to: 'acknowledged' | 'resolved'; occasion: string; round: number; except?: string },
): Promise<void> {
  const keys = Array.from({ length: mostRungs }, (_, below) => rungPageKey(incidentId, below + 1, round));
  const paged = await tx.query<{ stream: string }>('select stream from stamps.effects where key = any($1)', [
    keys.map(effectKey),
  ]);
  for (const pageKey of keys) {
    const stream = pageStream(pageKey);
    if (pageKey === except || !paged.some((page) => page.stream === stream)) continue;
    const about = { incident: incidentId };
    await wantEffect(tx, {
      key: `${stream}/${occasion}`,
      stream,
      kind: pageKinds.rungMove,
      args: { about, pageKey, to },
    });
  }
}

export function createRungPageEffects(parts: {
  readonly database: Database;
  readonly presenter: Pick<Presenter, 'notice'>;
  /** Absent: PagerDuty’s REST API is not configured, and people are told so. */
  readonly onCall: OnCallPort | undefined;
}): Record<string, EffectHandler> {
  const port = (): OnCallPort => {
    if (!parts.onCall) throw notConfigured();
    return parts.onCall;
  };

  /** In the timeline, and in the thread when nobody was woken. */
  async function say(tx: Queries, key: string, given: z.output<typeof args>, says: string, failed: boolean) {
    const incident = await followMerges(tx, given.about.incident);
    const line = `Page to ${given.group}: ${says}`;
    await addToTimeline(tx, incident.id, [{ key, kind: 'page', actor: 'pagerduty', says: line }]);
    if (failed) await tellIncident(parts, tx, incident, key, [line]);
  }

  const page: EffectHandler = {
    async perform(given, _key, signal) {
      const { about, pageKey, to, title, details } = args.parse(given);
      const { state } = await getIncident(parts.database, about.incident);
      if (state !== 'open') return 'Not needed any more.';
      await port()
        .page({ key: pageKey, title, details, to }, signal)
        .catch((error: unknown) => {
          throw asFrom(error);
        });
      return 'Paged through PagerDuty.';
    },
    async tell(tx, given, key, { done, says }) {
      await say(tx, key, args.parse(given), done ? says : `Not paged: ${says} Call them by phone.`, !done);
    },
    async tellDelay(tx, given, key, error) {
      const why = isOpsError(error) ? error.message : 'PagerDuty’s answer was not understood.';
      const says = `Not paged yet: ${why} It is tried until it works; if it is urgent, call them by phone.`;
      await say(tx, `${key}/delay`, args.parse(given), says, true);
    },
  };

  const move: EffectHandler = {
    async perform(given, _key, signal) {
      const { pageKey, to } = moveArgs.parse(given);
      const moved = await port().move(pageKey, to, signal);
      return moved ? `It is ${to} in PagerDuty.` : 'PagerDuty has no such page.';
    },
    async tell(tx, given, key, { done, says }) {
      if (done) return;
      const incident = await followMerges(tx, moveArgs.parse(given).about.incident);
      await addToTimeline(tx, incident.id, [{ key, kind: 'page', actor: 'pagerduty', says }]);
    },
  };

  return { [pageKinds.rung]: page, [pageKinds.rungMove]: move };
}

/** The port's words for a login that PagerDuty does not know are for a person who pages. */
function asFrom(error: unknown): unknown {
  if (!isOpsError(error, 'refused')) return error;
  return new OpsError('misconfigured', 'PagerDuty does not know the login of PAGERDUTY_FROM.', {
    service: 'PagerDuty',
    hint: 'Set PAGERDUTY_FROM to the e-mail address of one of its users.',
    cause: error,
  });
}
