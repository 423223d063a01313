import { type ChangeStep, changes } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { NoticePart } from '../ports/presenter.ts';
import { announce } from './cards.ts';
import type { EngineContext } from './context.ts';
import type { Queries } from './database.ts';
import { engineMember, hasRequester } from './engine-member.ts';
import { pageAboutOf, wantPage, wantPageResolved } from './pages.ts';

type Saying = Pick<EngineContext, 'presenter'>;

/** Steps to name in a message; the card shows all of them. */
const mostNamed = 8;

/**
 * Says that a run has stopped, in the caller's transaction; `comesBack`: its undo begins by itself. An undo that began by itself wakes somebody:
 * nobody watches it.
 */
export async function tellStopped(
  context: Saying,
  tx: Queries,
  run: Run,
  attempt: number,
  { reason, comesBack }: { readonly reason: string; readonly comesBack: boolean },
): Promise<void> {
  const words = comesBack ? ['Stopped: ', reason, ' What it did is being taken back by itself.'] : wordsOf(run, reason);
  await announce(context, tx, run, `stopped-${attempt}`, words);
  if (run.undoes === undefined || run.requesterId !== engineMember.id) return;
  const page = {
    key: pageKey(run.undoes),
    summary: `${run.undoes} is taken back in part only: ${run.id} stopped`,
    source: 'Stamps',
    severity: 'error' as const,
    details: {
      run: run.id,
      reason,
      left: leftOf(run)
        .map(({ id }) => id)
        .join(', '),
    },
  };
  await wantPage(tx, page, `stopped-${attempt}`, { run });
}

/** What was not taken back by itself, because no plan could be made for it: somebody must. */
export async function tellNotUndone(context: Saying, tx: Queries, run: Run, why: string): Promise<void> {
  await announce(context, tx, run, 'undo-unplanned', [
    `What was done could not be taken back by itself: ${why} Undo ${run.id} by its button, or by hand.`,
  ]);
  const page = {
    key: pageKey(run.id),
    summary: `${run.id} stopped, and what it did could not be taken back by itself`,
    source: 'Stamps',
    severity: 'error' as const,
    details: { run: run.id, reason: why },
  };
  await wantPage(tx, page, 'unplanned', { run });
}

/** The run is taken back now: whoever was woken for it may sleep on. */
export async function tellUndone(tx: Queries, run: Run, undone: string): Promise<void> {
  const key = pageKey(undone);
  if (await pageAboutOf(tx, key)) await wantPageResolved(tx, key, run.id, { run });
}

function wordsOf(run: Run, reason: string): NoticePart[] {
  const whoever: NoticePart[] = hasRequester(run) ? [{ person: run.requesterId }, ', retry'] : ['Retry'];
  if (run.undoes === undefined) return ['Stopped: ', reason, ' ', ...whoever, ', undo, or leave it as it is.'];
  const left = leftOf(run);
  const named = left
    .slice(0, mostNamed)
    .flatMap(({ id, says }): NoticePart[] => [' ', { sentence: `\`${id}\` (${says})` }]);
  const more = left.length > mostNamed ? `, and ${left.length - mostNamed} more, on its card` : '';
  return [
    'Stopped: ',
    reason,
    ' Not put back yet, in this order:',
    ...named,
    `${more}. `,
    ...whoever,
    ' once that can be done: it goes on there, and does nothing twice. By hand: docs/runbooks/undo-run.md.',
  ];
}

/** The changes that an undo has still to make, in its order. */
function leftOf({ plan, steps }: Run): ChangeStep[] {
  const made = new Set(steps.filter(({ state }) => state === 'done' || state === 'already').map((it) => it.stepId));
  return changes(plan).filter(({ id }) => !made.has(id));
}

/** One page for a run that is to be taken back, however many tries that takes. */
function pageKey(undone: string): string {
  return `stamps/undo/${undone}`;
}
