import type { StepReport } from '../domain/run.ts';
import type { Logger } from '../ports/logger.ts';
import { appendAudit } from './audit.ts';
import { type Database, patiently } from './database.ts';
import type { Attempt } from './fence.ts';

type Entry = Attempt & { report: StepReport };

/** How long notes gather before they are written: cards change once a second at most, so nobody sees it. */
const gatherMs = 200;

export interface Journal {
  /** Notes what became of a step. Returns at once; notes of 200 ms are written together. */
  note(attempt: Attempt, report: StepReport): void;
  /** Resolves when everything noted so far is written. */
  flush(): Promise<void>;
}

/**
 * Progress for people and evidence for the audit log, off the path of the steps: what a step did is in DBOS's
 * checkpoint, so a note that is lost in a crash is noted again when the run resumes, under the same key.
 */
export function createJournal(
  database: Database,
  signal: AbortSignal,
  logger: Logger,
  written: (runId: string) => void,
): Journal {
  let noted: Entry[] = [];
  let writing: Promise<void> | undefined;

  let gathering: NodeJS.Timeout | undefined;

  async function drain(): Promise<void> {
    clearTimeout(gathering);
    gathering = undefined;
    while (noted.length > 0) {
      const batch = noted;
      noted = [];
      await patiently(() => write(database, batch), signal);
      for (const runId of new Set(batch.map((entry) => entry.runId))) written(runId);
    }
  }

  const flush = () => {
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    note(attempt, report) {
      noted.push({ ...attempt, report });
      gathering ??= setTimeout(() => {
        gathering = undefined;
        flush().catch((error) => {
          if (!signal.aborted) logger.error({ err: error }, 'progress could not be written');
        });
      }, gatherMs);
    },
    async flush() {
      while (noted.length > 0 || writing) await flush();
    },
  };
}

async function write(database: Database, batch: readonly Entry[]): Promise<void> {
  // The newest note of a step is the one to show.
  const newest = [...new Map(batch.map((entry) => [`${entry.runId}/${entry.report.stepId}`, entry])).values()];
  await database.transaction(async (tx) => {
    await tx.query(
      `insert into stamps.steps (run_id, step_id, attempt, report)
       select e->>'runId', e->'report'->>'stepId', (e->>'attempt')::int, e->'report' from jsonb_array_elements($1::jsonb) as e
       on conflict (run_id, step_id) do update set attempt = excluded.attempt, report = excluded.report
       where steps.attempt <= excluded.attempt`,
      [JSON.stringify(newest)],
    );
    await tx.query('update stamps.runs set touched_at = clock_timestamp() where id = any($1)', [
      [...new Set(batch.map((entry) => entry.runId))],
    ]);
    await appendAudit(
      tx,
      batch
        .filter(({ report }) => report.state !== 'running')
        .map(({ runId, attempt, report }) => ({
          key: `${runId}/${attempt}/${report.stepId}/finished`,
          kind: 'step-finished',
          runId,
          actor: 'stamps',
          body: { ...report },
        })),
    );
  });
}
