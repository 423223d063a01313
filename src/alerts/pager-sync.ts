import type { Policy } from '../domain/approval.ts';
import type { Member } from '../domain/person.ts';
import { announce } from '../engine/cards.ts';
import type { Database, Queries } from '../engine/database.ts';
import { pageAboutOf, pageKinds, pageStream } from '../engine/pages.ts';
import { isOpsError } from '../errors.ts';
import type { Incidents } from '../ports/incidents.ts';
import type { Logger } from '../ports/logger.ts';
import type { OnCallPort } from '../ports/on-call.ts';
import type { PagerNews } from '../ports/pager-news.ts';
import type { Presenter } from '../ports/presenter.ts';
import { directPageOf, moveDirectPage } from './direct-pages.ts';
import { tellIncident } from './incident-notices.ts';
import { addToTimeline, followMerges, getIncident, updateIncident } from './incident-store.ts';
import { isOwnNote } from './pager-notes.ts';
import type { PagerPeople } from './pager-people.ts';
import { deeds, pagerWords } from './pager-words.ts';
import { isRungPage } from './rung-pages.ts';

export interface PagerSyncParts {
  readonly database: Database;
  readonly policy: Policy;
  readonly presenter: Presenter;
  readonly incidents: Pick<Incidents, 'acknowledge' | 'unacknowledge' | 'resolve'>;
  readonly people: PagerPeople;
  /** Absent: keys of notes cannot be asked for. */
  readonly onCall: OnCallPort | undefined;
  readonly logger: Logger;
}

export interface PagerSync {
  /** Brings over what is new, oldest first, one replica at a time; answers with how many. */
  work(): Promise<number>;
}

/** Longer ago than any try of a webhook (20 min) or a day that it was switched off. */
const forgetAfter = '30 days';
const keyWithinMs = 8_000;

/** What people do in PagerDuty happens here as well. What came late, twice or in another order changes nothing. */
export function createPagerSync(parts: PagerSyncParts): PagerSync {
  const { database, logger } = parts;
  return {
    async work() {
      let done = 0;
      while ((await anyUnhandled()) && (await next())) done += 1;
      if (done > 0) await forgetOld();
      return done;
    },
  };

  async function next(): Promise<boolean> {
    return database.transaction(async (tx) => {
      const [lock] = await tx.query<{ mine: boolean }>(
        `select pg_try_advisory_xact_lock(hashtext('stamps.pager-sync')) as mine`,
      );
      if (!lock?.mine) return false;
      const [row] = await tx.query<{ seq: number; news: PagerNews }>(
        'select seq, news from stamps.pager_news where handled_at is null order by occurred_at, seq limit 1',
      );
      if (!row) return false;
      const outcome = await handle(tx, row.news);
      await tx.query('update stamps.pager_news set handled_at = clock_timestamp(), outcome = $2 where seq = $1', [
        row.seq,
        outcome.slice(0, 500),
      ]);
      logger.info({ event: row.news.id, what: row.news.what, outcome }, 'news of PagerDuty');
      return true;
    });
  }

  /** Most looks find nothing: this one takes no lock. */
  async function anyUnhandled(): Promise<boolean> {
    return (await database.query('select 1 from stamps.pager_news where handled_at is null limit 1')).length > 0;
  }

  async function forgetOld(): Promise<void> {
    await database.query('delete from stamps.pager_news where received_at < clock_timestamp() - $1::interval', [
      forgetAfter,
    ]);
  }

  async function handle(tx: Queries, news: PagerNews): Promise<string> {
    if (news.what === 'other') return 'Nothing to do.';
    const key = news.key ?? (await parts.onCall?.keyOf(news.pagerIncidentId, AbortSignal.timeout(keyWithinMs)));
    if (key === undefined) return 'Not ours: its key is not known.';
    const page = directPageOf(key);
    if (page !== undefined) return directPage(tx, page, news);
    const about = await pageAboutOf(tx, key);
    if (about === undefined) return 'Not ours.';
    if ('run' in about) {
      if (!news.by && news.what !== 'unacknowledged') return 'Nothing that people must hear.';
      await announce(parts, tx, about.run, `pager-${news.id}`, [pagerWords(news)]);
      return 'Said in the run’s thread.';
    }
    return incident(tx, about.incident, key, news);
  }

  async function directPage(tx: Queries, id: string, news: PagerNews): Promise<string> {
    const state = directStates[news.what];
    if (state === undefined) return 'Nothing to do.';
    const moved = await moveDirectPage(tx, id, { state, says: pagerWords(news), at: news.at });
    return moved ? 'Shown on its card.' : 'It was so already, or is over.';
  }

  async function incident(tx: Queries, id: string, key: string, news: PagerNews): Promise<string> {
    if (await isEcho(tx, id, key, news)) return 'An echo of our own.';
    if (news.what === 'noted' && (await isOwnNote(tx, key, news.text ?? ''))) return 'An echo of our own.';
    const moves = movesIt(key, news.what);
    if (moves && (await isFromBefore(tx, id, news))) return 'From before it was opened again.';
    const actor = await actorOf(news);
    // In a transaction of its own, before this one has locked anything of the incident.
    const outcome = moves ? await moved(id, actor, key, news) : 'Written into the timeline.';
    if (news.by || !moves) {
      const kind = news.what === 'noted' ? 'note' : 'page';
      const now = await followMerges(tx, id);
      const where = now.id;
      const says = pagerWords(news);
      await addToTimeline(tx, where, [{ key: `pager/${news.id}`, kind, actor: actor.id, says, at: news.at }]);
      await updateIncident(tx, where, {});
      // What is over here goes on there: the two disagree, and people must know.
      if (news.what === 'reopened') await tellIncident(parts, tx, now, `pager-${news.id}`, [says]);
    }
    return outcome;
  }

  async function moved(id: string, actor: Member, pageKey: string, { what, at }: PagerNews): Promise<string> {
    try {
      if (what === 'acknowledged') await parts.incidents.acknowledge(id, actor, { pageKey, at });
      else if (what === 'unacknowledged') await parts.incidents.unacknowledge(id, actor, at);
      else await parts.incidents.resolve(id, actor, { pageKey, at });
      return `${deeds[what]}.`;
    } catch (error) {
      // It is over, merged or gone: PagerDuty was late.
      if (!isOpsError(error) || error.transient) throw error;
      return error.message;
    }
  }

  /** A person of the workspace where the e-mail addresses agree. That PagerDuty signed it is the right to do it. */
  async function actorOf({ by }: PagerNews): Promise<Member> {
    const slack = by && (await parts.people.byPagerId(by.id));
    const who = slack ?? { id: 'pagerduty', teamId: '', name: by?.name ?? 'PagerDuty' };
    return { ...who, groups: parts.policy.incidents.responders };
  }
}

/** Who answers the page of a rung has the incident; that such a page ends is not the end of the trouble. */
function movesIt(pageKey: string, what: PagerNews['what']): boolean {
  if (what === 'acknowledged') return true;
  return !isRungPage(pageKey) && (what === 'unacknowledged' || what === 'resolved');
}

/** What is done over the REST API comes back under a person's login: it is ours as long as it changes nothing. */
async function isEcho(tx: Queries, incidentId: string, pageKey: string, { by, what }: PagerNews): Promise<boolean> {
  if (!(await weSaid(tx, pageKey, what))) return false;
  if (!by) return true;
  if (!isRungPage(pageKey)) return false;
  return what === 'resolved' || (await getIncident(tx, incidentId)).state !== 'open';
}

/** What a page to whom somebody chose becomes by it. */
const directStates: Partial<Record<PagerNews['what'], 'acknowledged' | 'resolved' | 'paged'>> = {
  acknowledged: 'acknowledged',
  resolved: 'resolved',
  // They are woken again.
  unacknowledged: 'paged',
};

async function weSaid(tx: Queries, key: string, what: PagerNews['what']): Promise<boolean> {
  if (what !== 'acknowledged' && what !== 'resolved') return false;
  const kind = what === 'resolved' ? pageKinds.resolve : pageKinds.acknowledge;
  const said = await tx.query(
    `select 1 from stamps.effects where stream = $1 and (kind = $2 or (kind = $3 and args->>'to' = $4)) limit 1`,
    [pageStream(key), kind, pageKinds.rungMove, what],
  );
  return said.length > 0;
}

/** Opened again since by its trouble, or, for an acknowledgement, taken back since in the pager. */
async function isFromBefore(tx: Queries, incidentId: string, news: PagerNews): Promise<boolean> {
  const reopened = await tx.query(
    `select 1 from stamps.timeline where incident_id = $1 and kind = 'reopened' and at > $2`,
    [incidentId, news.at],
  );
  if (reopened.length > 0 || news.what !== 'acknowledged') return reopened.length > 0;
  const takenBack = await tx.query(
    `select 1 from stamps.pager_news where occurred_at > $2 and handled_at is not null
       and news->>'pagerIncidentId' = $1 and news->>'what' = 'unacknowledged' limit 1`,
    [news.pagerIncidentId, news.at],
  );
  return takenBack.length > 0;
}
