import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { incidents, openBenchWorld, wordsOf } from './bench-world.ts';
import type { KillPoint } from './kill-point.ts';

const titles = { isolate: 'Isolate cell-banking', restore: 'Restore cell-banking' } as const;
export type Wanted = keyof typeof titles;
export const wantedRuns: readonly Wanted[] = ['isolate', 'restore'];

/** What a run without a kill does at a step. */
interface Clean {
  ms: number;
  writes: number;
}

export interface CrashOutcome {
  readonly doubled: number;
  readonly harmlessRepeats: number;
}

/** A world whose app is killed, run after run; isolate and restore must take turns. */
export interface CrashLane {
  /** The steps of a run as they were carried out without a kill, `settle` last. */
  steps(wanted: Wanted): string[];
  /** Azure's configuration, as text. */
  configuration(): string;
  /** One run from its command to its end, with one SIGKILL on the way. */
  crash(wanted: Wanted, step: string, point: KillPoint['point'], random: () => number): Promise<CrashOutcome>;
  /** How many threads do not say exactly once that their run is done, when all that was to be said is said. */
  notSaidOnce(): Promise<number>;
  close(): Promise<void>;
}

/** Emulators, the unmodified app as a process of its own, and a PostgreSQL that outlives it. */
export async function openCrashLane(databaseUrl: string): Promise<CrashLane> {
  const world = await openBenchWorld({ databaseUrl, killPoints: true, replicaDelayMs: 50, drain: '1s' });
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await world.startApp();

  const clean: Record<Wanted, Map<string, Clean>> = { isolate: new Map(), restore: new Map() };
  for (const wanted of wantedRuns) {
    let current: Clean = { ms: 0, writes: 0 };
    world.hear((told) => {
      if ('began' in told) {
        current = { ms: 0, writes: 0 };
        clean[wanted].set(told.began, current);
      }
      if ('ended' in told) current.ms = told.ms;
    });
    world.azure.watchWrites((at) => {
      if (at === 'accepted') current.writes += 1;
    });
    await run(wanted, () => Promise.resolve());
  }

  /** From the command to the end of its run; `arm` is called before the approval goes out. */
  async function run(wanted: Wanted, arm: () => Promise<void>): Promise<void> {
    const before = new Set(world.messages().map(({ ts }) => ts));
    const command = wanted === 'isolate' ? 'isolate cell-banking for 4h' : 'restore cell-banking';
    const { status } = await world.slack.as('U0ANA').command(incidents, `${command} because the bench kills it`);
    if (status !== 200) throw new Error(`the command got ${status}`);
    const asked = await world.until(() => {
      const answers = world.messages().filter(({ ts, ephemeralTo }) => ephemeralTo === 'U0ANA' && !before.has(ts));
      return answers
        .map(({ ts, text }) => ({ ts, named: /^Planned: .*`(r-\d+)`, plan `([0-9a-f]{8})`/.exec(text) }))
        .find(({ named }) => named);
    }, 'a plan');
    const [, id = '', code = ''] = asked.named ?? [];
    await arm();
    // A click that got no answer shows an error in Slack, and a person clicks again.
    for (;;) {
      const { status } = await world.slack.as('U0BEN').act(incidents, asked.ts, 'run_approve', `${id}:${code}`);
      if (status === 200) break;
      await world.alive();
    }
    await ended(id);
  }

  async function ended(id: string): Promise<void> {
    for (const endsAt = Date.now() + 120_000; ; await sleep(15)) {
      const { rows } = await database.query<{ state: string; state_reason: string }>(
        'select state, state_reason from stamps.runs where id = $1',
        [id],
      );
      const [row] = rows;
      if (row?.state === 'succeeded') return;
      const wrong = row && !['waiting', 'queued', 'running', 'succeeded'].includes(row.state);
      if (wrong || Date.now() > endsAt) throw new Error(`${id} did not end: ${JSON.stringify(row)}`);
    }
  }

  return {
    steps: (wanted) => [...clean[wanted].keys()],
    configuration: () => JSON.stringify(world.azure.configuration()),
    async crash(wanted, step, point, random) {
      const { ms, writes } = clean[wanted].get(step) as Clean;
      const kills = world.kills();
      const first = world.azure.accepted.length;
      // Half of what happens at a write is timed by Azure: when the write arrives, or when it is accepted and unanswered.
      const byAzure = writes > 0 && (point === 'during' || point === 'after-effect') && random() < 0.5;
      let current = '';
      let struck = false;
      world.hear((told) => {
        if ('began' in told) current = told.began;
      });
      world.azure.watchWrites((at) => {
        if (!byAzure || struck || current !== step || at !== (point === 'during' ? 'arrived' : 'accepted')) return;
        struck = true;
        world.kill();
      });
      await run(wanted, async () => {
        if (!byAzure) await world.arm({ step, point, afterMs: random() * ms });
      });
      await world.until(() => world.kills() > kills, `a kill ${point} ${step}`);
      await world.alive();
      return outcome(world.azure.accepted.slice(first));
    },
    async notSaidOnce() {
      for (const endsAt = Date.now() + 600_000; ; await sleep(200)) {
        const { rows } = await database.query('select 1 from stamps.messages where shown_version < version limit 1');
        if (rows.length === 0) break;
        if (Date.now() > endsAt) throw new Error('Slack was not told everything');
      }
      const all = world.messages().filter(({ ephemeralTo }) => ephemeralTo === undefined);
      const cards = all.filter((one) => one.threadTs === undefined);
      const said = cards.map(
        ({ ts }) => all.filter((one) => one.threadTs === ts && wordsOf(one).includes('Done: ')).length,
      );
      return said.filter((times) => times !== 1).length;
    },
    async close() {
      await world.close();
      await database.end();
    },
  };
}

function outcome(accepted: readonly { changed: boolean; path: string; method: string }[]): CrashOutcome {
  const changes = new Map<string, number>();
  for (const { changed, path, method } of accepted) {
    if (changed) changes.set(`${method} ${path}`, (changes.get(`${method} ${path}`) ?? 0) + 1);
  }
  return {
    doubled: [...changes.values()].filter((times) => times > 1).length,
    harmlessRepeats: accepted.filter(({ changed }) => !changed).length,
  };
}
