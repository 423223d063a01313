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
import { addToTimeline, updateIncident } from './incident-store.ts';
import type { PagerPeople } from './pager-people.ts';

export interface PagerSyncParts {
  readonly database: Database;
  readonly policy: Policy;
  readonly presenter: Presenter;
  readonly incidents: Pick<Incidents, 'acknowledge' | 'resolve'>;
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
const words = { acknowledged: 'Acknowledged', resolved: 'Resolved' } as const;

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
      if (!news.by) return 'Nothing that people must hear.';
      await announce(parts, tx, about.run, `pager-${news.id}`, [said(news)]);
      return 'Said in the run’s thread.';
    }
    return incident(tx, about.incident, key, news);
  }

  async function directPage(tx: Queries, id: string, news: PagerNews): Promise<string> {
    if (news.what !== 'acknowledged' && news.what !== 'resolved') return 'Nothing to do.';
    const moved = await moveDirectPage(tx, id, { state: news.what, says: said(news) });
    return moved ? 'Shown on its card.' : 'It was so already, or is over.';
  }

  async function incident(tx: Queries, id: string, key: string, news: PagerNews): Promise<string> {
    if (!news.by && (await weSaid(tx, key, news.what))) return 'An echo of our own.';
    if (await isFromBefore(tx, id, news.at)) return 'From before it was opened again.';
    const actor = await actorOf(news);
    // In a transaction of its own, before this one has locked anything of the incident.
    const outcome = news.what === 'noted' ? 'Noted.' : await moved(id, actor, news.what);
    if (news.by || news.what === 'noted') {
      const kind = news.what === 'noted' ? 'note' : 'page';
      await addToTimeline(tx, id, [{ key: `pager/${news.id}`, kind, actor: actor.id, says: said(news), at: news.at }]);
      await updateIncident(tx, id, {});
    }
    return outcome;
  }

  async function moved(id: string, actor: Member, what: PagerNews['what']): Promise<string> {
    try {
      await parts.incidents[what === 'acknowledged' ? 'acknowledge' : 'resolve'](id, actor);
      return `${words[what as keyof typeof words]}.`;
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

async function weSaid(tx: Queries, key: string, what: PagerNews['what']): Promise<boolean> {
  const kind = what === 'resolved' ? pageKinds.resolve : pageKinds.acknowledge;
  return (
    (await tx.query('select 1 from stamps.effects where stream = $1 and kind = $2', [pageStream(key), kind])).length > 0
  );
}

async function isFromBefore(tx: Queries, incidentId: string, at: string): Promise<boolean> {
  const reopened = await tx.query(
    `select 1 from stamps.timeline where incident_id = $1 and kind = 'reopened' and at > $2`,
    [incidentId, at],
  );
  return reopened.length > 0;
}

function said({ what, by, text = '' }: PagerNews): string {
  const who = by ? ` by ${by.name}` : '';
  return what === 'noted'
    ? `Noted in PagerDuty${who}: ${text}`
    : `${words[what as keyof typeof words]} in PagerDuty${who}.`;
}
