import { z } from 'zod';
import type { JsonObject } from '../domain/json.ts';
import type { PageRequest } from '../ports/pager.ts';
import type { Queries } from './database.ts';
import { wantEffect } from './effects.ts';

/** Whose page it is: people are told there what became of it. */
export type PageAbout =
  | { readonly incident: string }
  | { readonly run: { readonly id: string; readonly channel: string } };

/** The kinds of effect on the pager. */
export const pageKinds = {
  trigger: 'pagerduty-trigger',
  acknowledge: 'pagerduty-acknowledge',
  resolve: 'pagerduty-resolve',
  /** A page of the ladder, and what is told of it: over the pager's REST API. */
  rung: 'pagerduty-rung',
  rungMove: 'pagerduty-rung-move',
} as const;

/** What keeps what is said of one page in order. */
export const pageStream = (pageKey: string): string => `pagerduty/${pageKey}`;

/** The pager's key of an incident: one incident there, whatever happens here. */
export const incidentPageKey = (incidentId: string): string => `stamps/${incidentId}`;

/**
 * Wakes people, in the caller's transaction: a page outlives a crash and the pager's throttling, and its key makes one
 * incident of it. `occasion` names this page among those of the key (`opened`, `escalated-1`): a repeat wakes nobody.
 */
export async function wantPage(tx: Queries, page: PageRequest, occasion: string, about: PageAbout): Promise<void> {
  await want(tx, 'trigger', page.key, occasion, { page: { ...page }, about: plain(about) });
}

/** Tells the pager that somebody has taken it: it escalates no further there. */
export async function wantPageAcknowledged(
  tx: Queries,
  pageKey: string,
  occasion: string,
  about: PageAbout,
): Promise<void> {
  await want(tx, 'acknowledge', pageKey, occasion, { pageKey, about: plain(about) });
}

/** Tells the pager that it is over. */
export async function wantPageResolved(
  tx: Queries,
  pageKey: string,
  occasion: string,
  about: PageAbout,
): Promise<void> {
  await want(tx, 'resolve', pageKey, occasion, { pageKey, about: plain(about) });
}

async function want(
  tx: Queries,
  what: 'trigger' | 'acknowledge' | 'resolve',
  pageKey: string,
  occasion: string,
  args: JsonObject,
): Promise<void> {
  const stream = pageStream(pageKey);
  await wantEffect(tx, { key: `${stream}/${what}/${occasion}`, stream, kind: pageKinds[what], args });
}

/** Whose page has this key; undefined: none of ours. */
export async function pageAboutOf(db: Queries, pageKey: string): Promise<PageAbout | undefined> {
  const [row] = await db.query<{ about: unknown }>(
    `select args->'about' as about from stamps.effects where stream = $1 and kind = any($2) order by seq desc limit 1`,
    [pageStream(pageKey), [pageKinds.trigger, pageKinds.rung]],
  );
  return about.safeParse(row?.about).data;
}

/** Callers may hand in a whole run: only what names it is kept. */
function plain(about: PageAbout): JsonObject {
  return 'run' in about ? { run: { id: about.run.id, channel: about.run.channel } } : { incident: about.incident };
}

const about = z.union([
  z.object({ incident: z.string() }),
  z.object({ run: z.object({ id: z.string(), channel: z.string() }) }),
]);

/** What a page's effect carries. */
export const pageArgs = z.object({
  page: z.object({
    key: z.string(),
    summary: z.string(),
    source: z.string(),
    severity: z.enum(['critical', 'error', 'warning', 'info']),
    details: z.record(z.string(), z.string()).optional(),
  }),
  about,
});

/** What the effects that follow it carry. */
export const afterPageArgs = z.object({ pageKey: z.string(), about });
