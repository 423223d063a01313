import { DBOS } from '@dbos-inc/dbos-sdk';
import type { ActStep, Plan } from '../src/domain/plan.ts';
import { openDatabase } from '../src/engine/database.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { createInterpreter } from '../src/engine/interpreter.ts';
import { createJournal } from '../src/engine/journal.ts';
import { joinReplicas } from '../src/engine/replica.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { Logger } from '../src/ports/logger.ts';
import { benchFolder } from './bench-folder.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};
const stepsPerRun = 50;

/**
 * Milliseconds a step, of a plan of acts through the interpreter (checks in a row would share a checkpoint) and of plain
 * DBOS steps that do and answer the same, in turns; pairs of the same moment, so that a loaded machine slows both.
 */
export async function benchSteps(rounds: number): Promise<{ ours: number[]; plain: number[] }> {
  const folder = await benchFolder();
  const server = await startEmbeddedPostgres(folder);
  const database = await openDatabase(server.url);
  const stopping = new AbortController();
  const replica = await joinReplicas(database, 'bench', quiet);
  const journal = createJournal(database, stopping.signal, quiet, () => undefined);
  const steps = Array.from(
    { length: stepsPerRun },
    (_, n): ActStep => ({ kind: 'act', id: `a-${n}`, says: 'tell', act: 'tell', args: {} }),
  );
  const ended = new Map<string, () => void>();
  const interpreter = createInterpreter({
    database,
    replica,
    journal,
    clock: systemClock,
    logger: quiet,
    stopping: stopping.signal,
    kinds: {},
    acts: { tell: async () => 'told' },
    checks: {},
    claim: async () => ({ plan: { steps } as unknown as Plan, overrides: false }),
    settle: async ({ runId }) => ended.get(runId)?.(),
    onFenced: () => undefined,
    heard: () => undefined,
    observe: () => undefined,
  });
  const plainSteps = DBOS.registerWorkflow(
    async () => {
      for (let n = 0; n < stepsPerRun; n += 1) await DBOS.runStep(async () => 'told', { name: `a-${n}` });
      await DBOS.runStep(async () => undefined, { name: 'settle' });
    },
    { name: 'plain' },
  );
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: server.url, logLevel: 'error' });
  await DBOS.launch();
  const result = { ours: [] as number[], plain: [] as number[] };
  try {
    for (let round = 0; round < rounds + 2; round += 1) {
      const id = `r-${round}`;
      // The journal writes to a run that exists, as in life.
      await database.query(
        `insert into stamps.runs (id, number, request_key, playbook, input, plan, plan_hash, state, requester_id, channel, checks, requested_at, expires_at)
         values ($1, $2, $1, 'bench', '{}', '{"steps":[]}', '', 'running', '', '', '[]', now(), now())`,
        [id, round],
      );
      let began = performance.now();
      await (await DBOS.startWorkflow(plainSteps)()).getResult();
      const plain = (performance.now() - began) / stepsPerRun;
      const end = new Promise<void>((resolve) => ended.set(id, resolve));
      began = performance.now();
      await interpreter.start({ runId: id, attempt: 1 });
      await end;
      const ours = (performance.now() - began) / stepsPerRun;
      if (round < 2) continue;
      result.plain.push(plain);
      result.ours.push(ours);
    }
  } finally {
    stopping.abort();
    await DBOS.shutdown();
    await database.close();
    await server.stop();
  }
  return result;
}
