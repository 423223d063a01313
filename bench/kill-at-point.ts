import { fileURLToPath } from 'node:url';
import { bundleOf } from '../scripts/bundle.ts';
import type * as Dbos from '../src/engine/dbos.ts';
import type { KillPoint, Told } from './kill-points.ts';

/** So long is a wait of a plan here at the most: how long it lasts is not what is tried. */
const longestWaitMs = 2_000;

// Loaded before the unmodified app with `--import`, in a process of the bench: it kills that process, with SIGKILL, at
// the point that the bench set at its start or sent. All that it stands in the way of is DBOS's `runStep`; and it brings
// the end of a wait nearer, which a run notes as a step of its own.

const { BENCH_KILL_POINT: atStart } = process.env;
let armed: KillPoint | undefined = atStart === undefined ? undefined : (JSON.parse(atStart) as KillPoint);
process.on('message', (point: KillPoint) => {
  armed = point;
  tell({ armed: true });
});
process.channel?.unref();

// As `scripts/run.ts` has it: in the bundle, or from the source where there is none.
const source = new URL('../src/engine/dbos.ts', import.meta.url);
const bundled = await bundleOf('src/engine/dbos.ts', fileURLToPath(new URL('..', import.meta.url))).catch(() => source);
const { DBOS } = (await import(bundled.href)) as typeof Dbos;
const runStep = DBOS.runStep.bind(DBOS);
DBOS.runStep = async (work, config) => {
  const name = config?.name ?? '';
  const at = (point: KillPoint['point']) => armed?.step === name && armed.point === point;
  if (at('before')) die();
  const result = await runStep(async () => {
    tell({ began: name });
    const began = performance.now();
    // Timers hold 31 bits of milliseconds; what is longer than any step dies at its end.
    if (at('during')) setTimeout(die, Math.min(armed?.afterMs ?? 0, 2 ** 31 - 1));
    const answer = sooner(name, await work());
    tell({ ended: name, ms: performance.now() - began });
    if (at('during') || at('after-effect')) die();
    return answer;
  }, config);
  if (at('after-checkpoint')) die();
  return result;
};

function sooner<T>(step: string, answer: T): T {
  if (!step.endsWith('.until') || typeof answer !== 'number') return answer;
  return Math.min(answer, Date.now() + longestWaitMs) as T;
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}

function tell(what: Told): void {
  process.send?.(what);
}
