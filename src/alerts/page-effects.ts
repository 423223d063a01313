import { announce } from '../engine/cards.ts';
import type { Queries } from '../engine/database.ts';
import type { EffectHandler, EffectOutcome } from '../engine/effects.ts';
import { afterPageArgs, type PageAbout, pageArgs, pageKinds } from '../engine/pages.ts';
import { isOpsError, OpsError } from '../errors.ts';
import type { PagerPort } from '../ports/pager.ts';
import type { Presenter } from '../ports/presenter.ts';
import { addToTimeline, updateIncident } from './incident-store.ts';

export interface PageEffectsContext {
  readonly presenter: Presenter;
  /** Absent: PagerDuty is not configured, and people are told so. */
  readonly pager: PagerPort | undefined;
}

/** Does pages and what follows them, and says in the run's thread or the incident's timeline what became of them. */
export function createPageEffects({ presenter, pager }: PageEffectsContext): Record<string, EffectHandler> {
  async function say(tx: Queries, about: PageAbout, key: string, says: string): Promise<void> {
    if ('run' in about) return announce({ presenter }, tx, about.run, 'page', [says]);
    await addToTimeline(tx, about.incident, [{ key, kind: 'page', actor: 'pagerduty', says }]);
    await updateIncident(tx, about.incident, {});
  }

  const trigger: EffectHandler = {
    async perform(args, _key, signal) {
      if (!pager) {
        throw new OpsError('misconfigured', 'PagerDuty is not configured, so nobody was paged.', {
          hint: 'Call them by phone.',
        });
      }
      const { details, ...page } = pageArgs.parse(args).page;
      await pager.page({ ...page, ...(details && { details }) }, signal);
      return 'Paged through PagerDuty.';
    },
    async tell(tx, args, key, outcome) {
      const { page, about } = pageArgs.parse(args);
      await say(tx, about, key, `${sentence(page.summary)} ${outcome.says}`);
    },
    async tellDelay(tx, args, key, error) {
      const { page, about } = pageArgs.parse(args);
      const why = isOpsError(error) ? error.message : 'PagerDuty’s answer was not understood.';
      await say(
        tx,
        about,
        `${key}/delay`,
        `${sentence(page.summary)} Not paged yet: ${why} It is tried until it works; if it is urgent, call them by phone.`,
      );
    },
  };

  const follow = (does: 'acknowledge' | 'resolve', did: string): EffectHandler => ({
    async perform(args, _key, signal) {
      if (!pager) return 'PagerDuty is not configured.';
      await pager[does](afterPageArgs.parse(args).pageKey, signal);
      return did;
    },
    // That PagerDuty agrees is no news: only that it would not is.
    async tell(tx, args, key, outcome: EffectOutcome) {
      if (!outcome.done) await say(tx, afterPageArgs.parse(args).about, key, outcome.says);
    },
  });

  return {
    [pageKinds.trigger]: trigger,
    [pageKinds.acknowledge]: follow('acknowledge', 'Acknowledged in PagerDuty.'),
    [pageKinds.resolve]: follow('resolve', 'Resolved in PagerDuty.'),
  };
}

/** A summary as a sentence of its own. */
function sentence(summary: string): string {
  return /[.!?…]$/.test(summary) ? summary : `${summary}.`;
}
