import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { benchFolder } from './bench-folder.ts';
import { openCrashLane } from './crash-lane.ts';
import type { Story } from './crash-stories.ts';
import { seededRandom } from './seeded-random.ts';

export interface WaitingResult {
  readonly runs: number;
  readonly kills: number;
  readonly doubled: number;
  readonly rounds: number;
  readonly restoredExactly: number;
  readonly expired: number;
  /** Of the runs that nobody approved: the latest end, after it was due or the app was there again. */
  readonly latestMs: number;
  readonly notSaidOnce: number;
}

/**
 * Row R2 of what waits for people: SIGKILL while each run of a story waits for each of its approvals, and right after
 * each click; and, in every round, one run that nobody approves, whose app dies before its time is up.
 */
export async function benchCrashWaiting(story: Story, seeds: number, first = 1): Promise<WaitingResult> {
  const server = await startEmbeddedPostgres(await benchFolder());
  const world = await openCrashLane(server.url, story);
  try {
    const sums = { runs: 0, kills: 0, doubled: 0, rounds: 0, restoredExactly: 0, expired: 0, latestMs: 0 };
    for (let seed = first; seed < first + seeds; seed += 1) {
      const random = seededRandom(1_000 * seed);
      const before = world.configuration();
      for (const wanted of story) {
        const { kills, doubled } = await world.crashWaiting(wanted, random);
        sums.runs += 1;
        sums.kills += kills;
        sums.doubled += doubled;
      }
      sums.rounds += 1;
      sums.restoredExactly += world.configuration() === before ? 1 : 0;
      sums.latestMs = Math.max(sums.latestMs, await world.expire(story[0] as Story[number], random));
      sums.expired += 1;
    }
    return { ...sums, notSaidOnce: await world.notSaidOnce() };
  } finally {
    await world.close();
    await server.stop();
  }
}

export function waitingLine(result: WaitingResult): string {
  const { runs, kills, doubled, rounds, restoredExactly, expired, latestMs, notSaidOnce } = result;
  return `${kills} times SIGKILL before and after an approval; ${runs} runs, all ended, no approval lost; ${doubled} effects doubled, ${restoredExactly} of ${rounds} times all came back exactly; ${expired} more expired unapproved, ${Math.round(latestMs)} ms late at most; ${notSaidOnce} ends not said once`;
}
