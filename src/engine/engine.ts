import pg from 'pg';
import { type Step, undoPlaybook } from '../domain/plan.ts';
import type { Run, StepReport } from '../domain/run.ts';
import { isOpsError } from '../errors.ts';
import { createSoonDrawn, refreshStale } from './cards.ts';
import type { EngineContext } from './context.ts';
import { DBOS } from './dbos.ts';
import { engineMember } from './engine-member.ts';
import { type EnteredState, tellingStates } from './entered-states.ts';
import { createInterpreter, resumed } from './interpreter.ts';
import { createJournal } from './journal.ts';
import { createLifecycle } from './lifecycle.ts';
import { createOperations, type EngineOperations } from './operations.ts';
import { tellNotUndone } from './stopped-run.ts';
import { createSweeps } from './sweeps.ts';

/**
 * Written by hand, and raised only when the interpreter can no longer finish what an older one began: DBOS leaves
 * workflows of another version alone, so a raise needs the old one to run out first.
 */
const interpreterVersion = 'stamps-2';

export interface Engine {
  readonly operations: EngineOperations;
  /** Begins to work: takes up what other processes left, then looks about every second. */
  start(): Promise<void>;
  /** One look at everything that time or other processes may have brought; tests call it themselves. */
  look(): Promise<void>;
  /** Lets go of everything; what was running is resumed by others, or by the next start. */
  stop(): Promise<void>;
}

export interface EngineHooks {
  /** This replica was taken over by another, and must end without writing anything more. */
  onFenced(): void;
  onStep?(step: Step, report: StepReport): void;
  /** Told once it is committed. */
  onState?(entered: EnteredState): void;
  /** So many runs that a process left behind are resumed here. */
  onTakeover?(runs: number): void;
}

export interface EngineOptions {
  /** A span of every run and step, for the process's OpenTelemetry provider; default: none. */
  readonly tracing?: boolean;
}

const lookEveryMs = 1_000;
const beatEveryMs = 3_000;

/** Puts the parts together. One engine a process: DBOS is one a process. */
export function createEngine(
  given: EngineContext,
  systemDatabaseUrl: string,
  hooks: EngineHooks,
  { tracing = false }: EngineOptions = {},
): Engine {
  const entered = (state: EnteredState) =>
    tell(() => {
      given.logger.info(state, 'a run has entered a state');
      hooks.onState?.(state);
    });
  const context = { ...given, database: tellingStates(given.database, entered) };
  const { database, replica, logger, stopping, clock } = context;
  const heard = new Map<string, 'cancelled'>();
  let pausedNow = false;
  let lastBeat = 0;

  const drawSoon = createSoonDrawn(context);
  const journal = createJournal(database, stopping, logger, drawSoon);
  const interpreter = createInterpreter({
    ...context,
    journal,
    claim: (attempt) => lifecycle.claim(attempt),
    settle: (attempt, last) => lifecycle.settle(attempt, last),
    onFenced: hooks.onFenced,
    heard: (runId) => heard.get(runId) ?? (pausedNow ? 'paused' : undefined),
    observe: (run, step, report) =>
      tell(() => {
        logger.info({ run, step: step.id, state: report.state }, 'a step ended');
        hooks.onStep?.(step, report);
      }),
  });
  const lifecycle = createLifecycle(context, () => interpreter, undoAtOnce, {
    entered,
    started: drawSoon,
    tookOver: (runs) => tell(() => hooks.onTakeover?.(runs)),
  });
  const operations = createOperations(context, () => lifecycle);
  const sweeps = createSweeps(context, operations, undoAtOnce);

  /** Whoever looks on must not disturb a run. */
  function tell(work: () => void): void {
    try {
      work();
    } catch (error) {
      given.logger.error({ err: error }, 'what looks on at runs failed');
    }
  }

  /** The plan said that a failure takes back what was done: no second approval. */
  async function undoAtOnce(run: Run): Promise<void> {
    const wanted = {
      requestKey: `undo-on-failure/${run.id}`,
      playbook: undoPlaybook,
      input: { run: run.id },
      requester: engineMember,
      channel: run.channel,
    };
    try {
      await operations.requestAsDeclared(wanted, run.id);
    } catch (error) {
      if (!isOpsError(error) || stopping.aborted) throw error;
      logger.error({ err: error, run: run.id }, 'the undo after a failure could not be planned');
      await database.transaction((tx) => tellNotUndone(context, tx, run, error.message));
    }
  }

  async function listen(): Promise<void> {
    const rows = await database.query<{ id: string | null }>(
      `select null as id where exists (select 1 from stamps.settings where key = 'pause')
       union all select id from stamps.runs where state = 'running' and cancel_requested_by is not null`,
    );
    pausedNow = rows.some(({ id }) => id === null);
    heard.clear();
    for (const { id } of rows) if (id !== null) heard.set(id, 'cancelled');
  }

  async function beat(): Promise<void> {
    if (clock.now() - lastBeat < beatEveryMs) return;
    if (!(await replica.beat())) return hooks.onFenced();
    lastBeat = clock.now();
    await replica.strikeOut();
    await lifecycle.adoptOrphans();
    await refreshStale(context);
  }

  async function look(): Promise<void> {
    // Each by itself: one that fails is tried at the next look, and keeps none of the others.
    const { approvals, leases, undos, reviews } = sweeps;
    for (const part of [beat, listen, lifecycle.dispatch, approvals, leases, undos, reviews]) {
      try {
        await part();
      } catch (error) {
        if (stopping.aborted) return;
        const away = isOpsError(error) && error.service === 'PostgreSQL';
        logger[away ? 'warn' : 'error']({ err: error, part: part.name }, 'a look at the database failed');
      }
    }
  }

  let looking: Promise<void> | undefined;
  let systemPool: pg.Pool | undefined;
  return {
    operations,
    look,
    async start() {
      systemPool = openSystemPool(systemDatabaseUrl);
      DBOS.setConfig({
        name: 'stamps',
        systemDatabaseUrl,
        systemDatabasePool: systemPool,
        executorID: replica.id,
        applicationVersion: interpreterVersion,
        logLevel: 'warn',
        runAdminServer: false,
        tracingEnabled: tracing,
      });
      await DBOS.launch();
      await DBOS.registerQueue(resumed.queueName, {
        minPollingIntervalMs: resumed.everyMs,
        onConflict: 'always_update',
      });
      await listen();
      await lifecycle.adoptOrphans();
      looking = (async () => {
        while (!stopping.aborted) {
          await look();
          await clock.sleep(lookEveryMs, stopping).catch(() => undefined);
        }
      })();
    },
    async stop() {
      await looking;
      // So that another engine can be made in this process, as tests do.
      await DBOS.shutdown({ deregister: true });
      await systemPool?.end();
      await replica.leave().catch(() => undefined);
    },
  };
}

/**
 * DBOS's connections. Its own pool sets the timeout (its default, 60 s) in a way that pg no longer likes: beside the
 * first query in place of before it.
 */
function openSystemPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 10,
    min: 2,
    application_name: 'stamps-dbos',
    // The pool waits for it.
    onConnect: async (client) => {
      await client.query('set idle_in_transaction_session_timeout = 60000');
    },
  });
  // A connection that breaks while idle is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
