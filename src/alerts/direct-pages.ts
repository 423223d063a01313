import { z } from 'zod';
import { directPageCard } from '../blocks/direct-page-card.ts';
import type { PageTarget } from '../domain/page-target.ts';
import type { Member } from '../domain/person.ts';
import { appendAudit } from '../engine/audit.ts';
import type { Queries } from '../engine/database.ts';
import { type EffectHandler, wantEffect } from '../engine/effects.ts';
import { digest, wantMessage } from '../engine/messages.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { DirectPageView, OnCallPort } from '../ports/on-call.ts';
import { addToTimeline } from './incident-store.ts';

export const directPageKind = 'pagerduty-page';
const keyPrefix = 'stamps/page/';

export interface DirectPageWanted {
  /** Of the request: the same again is the same page. */
  readonly key: string;
  readonly target: PageTarget;
  readonly why: string;
  readonly channel: string;
}

const args = z.object({
  id: z.string(),
  to: z.union([z.object({ policy: z.string() }), z.object({ person: z.string() })]),
  title: z.string(),
  details: z.string(),
  byId: z.string(),
});

interface Row {
  id: string;
  target: string;
  why: string;
  by_id: string;
  channel: string;
  incident_id: string | null;
  state: DirectPageView['state'];
  says: string;
  link: string | null;
}

/** Records the page, its card and its audit entry in the caller's transaction. */
export async function wantDirectPage(
  tx: Queries,
  { key, target, why, channel }: DirectPageWanted,
  member: Member,
): Promise<void> {
  const id = digest(key);
  const [fresh] = await tx.query(
    `insert into stamps.direct_pages (id, target, why, by_id, channel, incident_id, state, says)
     values ($1, $2, $3, $4, $5, (select i.id from stamps.incidents i where i.own_channel = $5
                                    and i.state in ('open', 'acknowledged') order by i.number desc limit 1), 'wanted', $6)
     on conflict do nothing returning 1`,
    [id, target.name, why, member.id, channel, 'On its way.'],
  );
  if (!fresh) return;
  await wantEffect(tx, {
    key: `${keyPrefix}${id}`,
    stream: `pagerduty/${keyPrefix}${id}`,
    kind: directPageKind,
    args: {
      id,
      to: target.kind === 'policy' ? { policy: target.id } : { person: target.id },
      title: why,
      details: `${member.name} pages from Slack: ${why}`,
      byId: member.id,
    },
  });
  await drawCard(tx, id);
  await appendAudit(tx, [
    {
      kind: 'page-wanted',
      actor: member.id,
      body: { page: id, target: target.name, targetId: target.id, why, channel },
    },
  ]);
}

/** The page of a pager's key; undefined: the key is not of such a page. */
export function directPageOf(pageKey: string): string | undefined {
  return pageKey.startsWith(keyPrefix) ? pageKey.slice(keyPrefix.length) : undefined;
}

/**
 * What became of it. An end stays: what is resolved is not acknowledged any more. `at`: when PagerDuty says that it
 * happened; then a page that was acknowledged may wait again.
 */
export async function moveDirectPage(
  tx: Queries,
  id: string,
  to: { state: DirectPageView['state']; says: string; link?: string; at?: string },
): Promise<boolean> {
  const again = to.at !== undefined && to.state === 'paged';
  const moved = await tx.query<Row>(
    `update stamps.direct_pages set state = $2, says = $3, link = coalesce($4, link), touched_at = clock_timestamp()
     where id = $1 and not (state = 'resolved' or ($5 and state <> 'acknowledged')
                            or (not $5 and state = 'acknowledged' and $2 <> 'resolved')) returning *`,
    [id, to.state, to.says, to.link ?? null, again],
  );
  const [page] = moved;
  if (!page) return false;
  await drawCard(tx, id);
  if (page.incident_id !== null) {
    const entry = {
      key: `page/${id}/${to.state}${to.at === undefined ? '' : `/${to.at}`}`,
      kind: 'page',
      actor: page.by_id,
      says: `Page to ${page.target}: ${to.says}`,
    } as const;
    await addToTimeline(tx, page.incident_id, [entry]);
  }
  return true;
}

async function drawCard(tx: Queries, id: string): Promise<void> {
  const [page] = await tx.query<Row>('select * from stamps.direct_pages where id = $1', [id]);
  if (!page) return;
  const { target, why, by_id: by, state, says, link } = page;
  await wantMessage(tx, {
    key: `page:${id}`,
    channel: page.channel,
    priority: 0,
    content: directPageCard({ target, why, by, state, says, ...(link !== null && { link }) }),
  });
}

/** Does such pages. */
export function createDirectPageEffect(parts: {
  readonly onCall: OnCallPort | undefined;
  readonly chat: Pick<ChatPort, 'emailOf'>;
}): Record<string, EffectHandler> {
  return {
    [directPageKind]: {
      async perform(given, key, signal) {
        const { byId, to, title, details } = args.parse(given);
        if (!parts.onCall) throw notConfigured();
        const by = await parts.chat.emailOf(byId);
        if (by === undefined) {
          throw new OpsError(
            'refused',
            'Slack does not tell your e-mail address, and PagerDuty wants to know who pages.',
            {
              hint: 'Ask somebody else to page, or call by phone.',
            },
          );
        }
        const { link } = await parts.onCall.page({ key, title, details, to, by }, signal);
        return { says: 'Paged through PagerDuty.', found: { link } };
      },
      async tell(tx, given, _key, { done, says, found }) {
        const { id } = args.parse(given);
        if (!done) return void (await moveDirectPage(tx, id, { state: 'failed', says: `Not paged: ${says}` }));
        const link = typeof found?.link === 'string' ? { link: found.link } : {};
        await moveDirectPage(tx, id, { state: 'paged', says, ...link });
      },
      async tellDelay(tx, given, _key, error) {
        const { id } = args.parse(given);
        const why = isOpsError(error) ? error.message : 'PagerDuty’s answer was not understood.';
        const says = `Not paged yet: ${why} It is tried until it works; if it is urgent, call them by phone.`;
        await moveDirectPage(tx, id, { state: 'waiting', says });
      },
    },
  };
}

export function notConfigured(): OpsError {
  return new OpsError('misconfigured', 'PagerDuty’s REST API is not configured.', {
    hint: 'Set PAGERDUTY_API_TOKEN; pages for incidents need only PAGERDUTY_ROUTING_KEY.',
  });
}
