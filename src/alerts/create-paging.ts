import { hourMs } from '../domain/duration.ts';
import type { EffectHandler } from '../engine/effects.ts';
import type { Loop } from '../engine/loops.ts';
import type { ChatPort } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Route } from '../ports/http.ts';
import type { Logger } from '../ports/logger.ts';
import type { OnCallDesk } from '../ports/on-call.ts';
import type { PagerPort } from '../ports/pager.ts';
import type { ReadPagerNews } from '../ports/pager-news.ts';
import { createDirectPageEffect } from './direct-pages.ts';
import { createOnCallDesk } from './on-call-desk.ts';
import { createPageEffects } from './page-effects.ts';
import { createPagerNotes } from './pager-notes.ts';
import type { PagerPeople } from './pager-people.ts';
import { createPagerSync, type PagerSyncParts } from './pager-sync.ts';
import { createPagerWebhook } from './pager-webhook.ts';
import { createRungPageEffects } from './rung-pages.ts';

export interface PagingParts extends PagerSyncParts {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly people: PagerPeople;
  /** Each absent when it is not configured: what needs it says so. */
  readonly pager: PagerPort | undefined;
  readonly readNews: ReadPagerNews | undefined;
  /** It may page whom the policy's ladder names. */
  readonly pagesByItself: boolean;
}

/** All that has to do with waking people. */
export interface Paging {
  readonly desk: OnCallDesk;
  readonly effects: Readonly<Record<string, EffectHandler>>;
  readonly routes: readonly Route[];
  readonly loops: readonly Loop[];
}

const syncEveryMs = 250;
const ladderEveryMs = hourMs;

export function createPaging(parts: PagingParts): Paging {
  for (const [group, { onCall }] of Object.entries(parts.policy.groups)) {
    if (onCall === undefined || parts.onCall) continue;
    parts.logger.warn(
      { group },
      'a policy group is PagerDuty’s on-call, and PAGERDUTY_API_TOKEN is not set: nobody is in it',
    );
  }
  const paging = parts.policy.incidents.ladder.filter(({ page }) => page !== undefined);
  if (paging.length > 0 && !parts.pagesByItself) {
    parts.logger.warn(
      { groups: paging.map(({ tell }) => tell) },
      'the policy’s ladder pages, and PAGERDUTY_API_TOKEN and PAGERDUTY_FROM are not both set: its rungs only mention',
    );
  }
  const sync = createPagerSync(parts);
  const desk = createOnCallDesk(parts);
  return {
    desk,
    effects: {
      ...createPageEffects(parts),
      ...createDirectPageEffect(parts),
      ...createRungPageEffects(parts),
      ...createPagerNotes(parts),
    },
    routes: parts.readNews ? [createPagerWebhook(parts.database, parts.readNews, parts.logger)] : [],
    loops: [
      ...(parts.readNews ? [{ name: 'pager-sync', everyMs: syncEveryMs, work: () => sync.work() }] : []),
      ...(paging.length > 0 && parts.pagesByItself
        ? [{ name: 'ladder check', everyMs: ladderEveryMs, work: createLadderCheck(desk, parts.logger) }]
        : []),
    ],
  };
}

/** Each fault of the ladder is logged when it is first seen: at the start, or when PagerDuty was changed since. */
function createLadderCheck({ ladderFaults }: Pick<OnCallDesk, 'ladderFaults'>, logger: Logger): () => Promise<void> {
  let before: readonly string[] = [];
  return async () => {
    const faults = await ladderFaults();
    for (const says of faults.filter((one) => !before.includes(one))) logger.warn({}, says);
    before = faults;
  };
}
