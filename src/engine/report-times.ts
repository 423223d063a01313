import { z } from 'zod';
import type { Run } from '../domain/run.ts';
import { inWords, type Mark, timesInWords, timesOf } from '../domain/step-times.ts';
import { OpsError } from '../errors.ts';
import type { Act } from '../ports/checks.ts';
import { announce } from './cards.ts';
import type { EngineContext } from './context.ts';
import { findRuns, getRun } from './run-store.ts';

const argsSchema = z.object({
  since: z.string(),
  marks: z.array(z.object({ step: z.string(), says: z.string() })).min(1),
  /** What else is to be said, such as what was lost. */
  also: z.string(),
  /** The same in short, for later runs to compare with; runs of old have none. */
  loss: z.string().optional(),
});
const comparedWith = 3;
/** Runs among which earlier ones of the same kind are looked for. */
const lookedAt = 200;

/**
 * The act `report-times`: tells in the run's thread how long it took from one step to others, as measured, beside the
 * last runs of the same playbook on the same part of the estate. One message a run, however often it is repeated.
 */
export function createReportTimes(context: Pick<EngineContext, 'database' | 'presenter'>): Act {
  return async (args, key) => {
    const { since, marks, also } = argsSchema.parse(args);
    const { database } = context;
    const run = await getRun(database, key.slice(0, key.indexOf(':')));
    const times = timesOf(run, since, marks);
    // Steps are noted a moment after they end.
    if (!times) throw new OpsError('unavailable', 'The steps of this run are not all on record yet.');
    const { region, cell } = run.plan.target;
    const earlier = (await findRuns(database, { states: ['succeeded'], limit: lookedAt }))
      .filter((it) => it.id !== run.id && it.playbook === run.playbook)
      .filter(({ plan }) => plan.target.region === region && plan.target.cell === cell)
      .flatMap((it) => {
        const then = timesOf(it, since, marks);
        return then ? [{ id: it.id, at: it.requestedAt, first: then[0] ?? 0, loss: lossOf(it) }] : [];
      })
      .slice(0, comparedWith);
    const says = `Measured: ${timesInWords(times, marks)}. ${also} ${compared(earlier, marks[0] as Mark)}`.trim();
    await announce(context, database, run, 'report', [says]);
    return says;
  };
}

interface Earlier {
  readonly id: string;
  readonly at: string;
  readonly first: number;
  readonly loss: string | undefined;
}

function lossOf({ plan }: Run): string | undefined {
  const step = plan.steps.find((it) => it.kind === 'act' && it.act === 'report-times');
  return step?.kind === 'act' ? argsSchema.safeParse(step.args).data?.loss : undefined;
}

function compared(earlier: readonly Earlier[], mark: Mark): string {
  if (earlier.length === 0) return 'It is the first of its kind.';
  const list = earlier.map(
    ({ id, at, first, loss }) =>
      `${inWords(first)} on ${at.slice(0, 10)} (${id}${loss === undefined ? '' : `, ${loss}`})`,
  );
  return `Before, ${mark.says}: ${list.join(', ')}.`;
}
