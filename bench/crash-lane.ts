import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Plan } from '../src/domain/plan.ts';
import { incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import type { Story, WantedRun } from './crash-stories.ts';
import { changesOf, type Effects, effectsOf } from './effects.ts';
import type { KillPoint } from './kill-points.ts';

/** Long, for a machine with much else to do: what is slow is no fault here. */
const patienceMs = 900_000;
/** So long after a command without an answer, somebody types it again. */
const mayBeLateMs = 30_000;
/** So long at most somebody thinks before a click. */
const longestPauseMs = 1_000;
/** So soon the approval of a run runs out that nobody approves; half an hour is the policy's. */
const expiresInMs = 1_500;
/** Each look at the database is CPU that the app does not get. */
const lookEveryMs = 50;

/** What a run without a kill does at a step. */
interface Clean {
  ms: number;
  writes: number;
}

/** What is done around each approval of a run. */
interface Around {
  before?(approvalsLeft: number): Promise<void>;
  after?(): Promise<void>;
}

/** A world whose app is killed, run after run; the runs of its story must take turns. */
export interface CrashLane {
  /** The steps of a run as they were carried out without a kill, `settle` last. */
  steps(wanted: WantedRun): string[];
  /** Azure's configuration, as text. */
  configuration(): string;
  /**
   * One run from its command to its end, with a SIGKILL at this point of each of these steps, in their order: the app
   * that comes back after one dies at the next.
   */
  crash(wanted: WantedRun, steps: readonly string[], point: KillPoint['point'], random: () => number): Promise<Effects>;
  /** The same with a SIGKILL while it waits for each of its approvals, and right after each click. Throws when one is lost. */
  crashWaiting(wanted: WantedRun, random: () => number): Promise<Effects & { readonly kills: number }>;
  /**
   * Asked for and approved by nobody, with a SIGKILL before its time is up: how many ms after that it expired, or after
   * the app was there again. Throws when it did anything.
   */
  expire(wanted: WantedRun, random: () => number): Promise<number>;
  /** How many threads do not say exactly once how their run ended, when all that was to be said is said. */
  notSaidOnce(): Promise<number>;
  close(): Promise<void>;
}

/** Emulators, the unmodified app as a process of its own, and a PostgreSQL that outlives it. */
export async function openCrashLane(databaseUrl: string, story: Story): Promise<CrashLane> {
  const world = await openBenchWorld({
    databaseUrl,
    killPoints: true,
    replicaDelayMs: 50,
    drain: '1s',
    dnsTtlSeconds: 0,
  });
  // So that a failover has to scale as well.
  world.azure.faults.setScale('cell-banking-dr', 1, 20);
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await world.startApp();

  const clean = new Map<string, Map<string, Clean>>();
  /** By name, the last run of it. */
  const lastRuns = new Map<string, string>();
  /** By run: what one without a kill changes, and how often. A drill does everything twice, there and back. */
  const cleanChanges = new Map<string, ReadonlyMap<string, number>>();
  for (const wanted of story) {
    const steps = new Map<string, Clean>();
    clean.set(wanted.name, steps);
    let current: Clean = { ms: 0, writes: 0 };
    world.hear((told) => {
      if ('began' in told) {
        current = { ms: 0, writes: 0 };
        steps.set(told.began, current);
      }
      if ('ended' in told) current.ms = told.ms;
    });
    world.azure.watchWrites((at, { path }) => {
      if (at !== 'accepted') return;
      current.writes += 1;
      wanted.spoil?.(path, world.azure.faults);
    });
    const first = world.azure.accepted.length;
    await run(wanted);
    if (steps.size === 0) throw new Error(`The app told of no step of ${wanted.name}, so none can be killed`);
    cleanChanges.set(wanted.name, changesOf(world.azure.accepted.slice(first)));
  }

  /** From the command to the end of its run, with something done around each of its approvals. */
  async function run(wanted: WantedRun, around: Around = {}): Promise<string> {
    wanted.prepare?.(world.azure.faults);
    const asked = await planOf(wanted);
    const [, id = '', code = ''] = asked.named ?? [];
    lastRuns.set(wanted.name, id);
    for (const [nth, person] of wanted.approvers.entries()) {
      await counted(id, nth);
      await around.before?.(wanted.approvers.length - nth);
      await approve(person, asked.ts, `${id}:${code}`);
      await around.after?.();
    }
    await ended(id, wanted.ends ?? 'succeeded');
    return id;
  }

  /** SIGKILL, and the app is there again. */
  async function killed(): Promise<void> {
    const before = world.kills();
    world.kill();
    await world.until(() => world.kills() > before, 'the app is gone', patienceMs);
    await world.alive();
  }

  async function effectsSince(first: number, id: string, { name }: WantedRun): Promise<Effects> {
    const { rows } = await database.query<{ plan: Plan }>('select plan from stamps.runs where id = $1 or undoes = $1', [
      id,
    ]);
    const allowed = { clean: cleanChanges.get(name) ?? new Map(), plans: rows.map(({ plan }) => plan) };
    return effectsOf(world.azure.accepted.slice(first), allowed);
  }

  /** Types the command until it is planned: on a busy machine the app may ask for another try, as people then do. */
  async function planOf({ command }: WantedRun): Promise<{ ts: string; named: RegExpExecArray | null }> {
    for (;;) {
      const before = new Set(world.messages().map(({ ts }) => ts));
      const typed = typeof command === 'string' ? command : command(lastRuns);
      const { status } = await world.slack.as('U0ANA').command(incidents, `${typed} because the bench kills it`);
      // Slack has waited three seconds in vain then; the app may have it all the same, and plan it late.
      const unheard = status !== 200;
      const looking = world.until(
        () => {
          const answers = world.messages().filter(({ ts, ephemeralTo }) => ephemeralTo === 'U0ANA' && !before.has(ts));
          return answers
            .map((one) => ({
              ts: one.ts,
              named: /^Planned: .*`(r-\d+)`, plan `([0-9a-f]{8})`/.exec(one.text),
              again: wordsOf(one).includes('Nothing was done. Try again'),
            }))
            .find(({ named, again }) => named || again);
        },
        'a plan',
        unheard ? mayBeLateMs : patienceMs,
      );
      const answer = unheard ? await looking.catch(() => undefined) : await looking;
      if (answer?.named) return answer;
      await sleep(1_000);
    }
  }

  /** A click that got no answer shows an error in Slack, and a person clicks again. */
  async function approve(person: string, ts: string, value: string): Promise<void> {
    for (;;) {
      const { status } = await world.slack.as(person).act(incidents, ts, 'run_approve', value);
      if (status === 200) return;
      await world.alive();
    }
  }

  async function counted(id: string, decisions: number): Promise<void> {
    for (const endsAt = Date.now() + patienceMs; ; await sleep(lookEveryMs)) {
      const { rows } = await database.query('select 1 from stamps.decisions where run_id = $1', [id]);
      if (rows.length >= decisions) return;
      if (Date.now() > endsAt) throw new Error(`${id} did not get its approvals`);
    }
  }

  async function ended(id: string, as: NonNullable<WantedRun['ends']> | 'expired'): Promise<void> {
    for (const endsAt = Date.now() + patienceMs; ; await sleep(lookEveryMs)) {
      const { rows } = await database.query<{ state: string; state_reason: string }>(
        'select state, state_reason from stamps.runs where id = $1',
        [id],
      );
      const [row] = rows;
      if (row?.state === as) return;
      const onTheWay = ['waiting', 'queued', 'running', ...(as === 'undone' ? ['stopped'] : [])];
      const wrong = row && !onTheWay.includes(row.state);
      if (wrong || Date.now() > endsAt) {
        const { rows: steps } = await database.query('select report from stamps.steps where run_id = $1', [id]);
        throw new Error(`${id} did not end: ${JSON.stringify({ ...row, steps })}`);
      }
    }
  }

  return {
    steps: ({ name, ends, inPeace }) =>
      [...(clean.get(name)?.keys() ?? [])].filter(
        (step) => !inPeace && (ends !== 'undone' || step.startsWith('undo-') || step === 'settle'),
      ),
    configuration: () => JSON.stringify(world.azure.configuration()),
    async crash(wanted, steps, point, random) {
      const known = clean.get(wanted.name) ?? new Map<string, Clean>();
      const wrong = steps.find((step) => !known.has(step));
      if (wrong !== undefined) throw new Error(`${wanted.name} has no step ${wrong}`);
      const [before, first] = [world.kills(), world.azure.accepted.length];
      let [current, byAzure] = ['', false];
      const goal = (): KillPoint | undefined => {
        const step = steps[world.kills() - before];
        if (step === undefined) return undefined;
        const { ms, writes } = known.get(step) as Clean;
        // Half of what happens at a write is timed by Azure: when the write arrives, or when it is accepted and
        // unanswered. The process dies at the end of the step's work if Azure saw none.
        byAzure = writes > 0 && (point === 'during' || point === 'after-effect') && random() < 0.5;
        return { step, point, afterMs: byAzure ? Number.MAX_SAFE_INTEGER : random() * ms };
      };
      world.hear((told) => {
        if ('began' in told) current = told.began;
      });
      world.azure.watchWrites((at, { path }) => {
        if (at === 'accepted') wanted.spoil?.(path, world.azure.faults);
        const due = at === (point === 'during' ? 'arrived' : 'accepted');
        if (!byAzure || !due || current !== steps[world.kills() - before]) return;
        byAzure = false;
        world.kill();
      });
      world.armAfterKill(goal);
      const id = await run(wanted, {
        async before(approvalsLeft) {
          const point = approvalsLeft === 1 ? goal() : undefined;
          if (point) await world.arm(point);
        },
      });
      // The last may come when the run has ended already.
      const all = `kills ${point} ${steps.join(', ')} of ${wanted.name}`;
      await world.until(() => world.kills() - before === steps.length, all, patienceMs);
      await world.alive();
      return effectsSince(first, id, wanted);
    },
    async crashWaiting(wanted, random) {
      const [before, first] = [world.kills(), world.azure.accepted.length];
      world.hear(() => undefined);
      world.azure.watchWrites((at, { path }) => {
        if (at === 'accepted') wanted.spoil?.(path, world.azure.faults);
      });
      world.armAfterKill(() => undefined);
      const id = await run(wanted, {
        async before() {
          await sleep(random() * longestPauseMs);
          await killed();
        },
        after: killed,
      });
      const { rows } = await database.query('select 1 from stamps.decisions where run_id = $1', [id]);
      if (rows.length !== wanted.approvers.length) throw new Error(`${id} has ${rows.length} approvals`);
      return { kills: world.kills() - before, ...(await effectsSince(first, id, wanted)) };
    },
    async expire(wanted, random) {
      world.armAfterKill(() => undefined);
      wanted.prepare?.(world.azure.faults);
      const first = world.azure.accepted.length;
      const [, id = ''] = (await planOf(wanted)).named ?? [];
      const dueAt = Date.now() + expiresInMs;
      await database.query('update stamps.runs set expires_at = $2 where id = $1', [id, new Date(dueAt)]);
      await sleep(random() * expiresInMs);
      await killed();
      const thereAt = Date.now();
      await ended(id, 'expired');
      const { rows } = await database.query<{ finished_at: Date }>(
        'select finished_at from stamps.runs where id = $1',
        [id],
      );
      if (world.azure.accepted.length > first) throw new Error(`${id} changed something without an approval`);
      return Math.max(0, Number(rows[0]?.finished_at) - Math.max(dueAt, thereAt));
    },
    async notSaidOnce() {
      for (const endsAt = Date.now() + patienceMs; ; await sleep(200)) {
        const { rows } = await database.query('select 1 from stamps.messages where shown_version < version limit 1');
        if (rows.length === 0) break;
        if (Date.now() > endsAt) throw new Error('Slack was not told everything');
      }
      const all = world.messages().filter(({ ephemeralTo }) => ephemeralTo === undefined);
      const cards = all.filter((one) => one.threadTs === undefined);
      const said = cards.map(
        ({ ts }) =>
          all.filter((one) => one.threadTs === ts && /(Done|Stopped): |Expired: nobody/.test(wordsOf(one))).length,
      );
      return said.filter((times) => times !== 1).length;
    },
    async close() {
      await world.close();
      await database.end();
    },
  };
}
