import { Client } from 'pg';
import type { SlackMessage } from '../../sandbox/slack/contract.ts';
import { startWorld, type World, wordsOf } from './start-world.ts';

export const slotMs = 5 * 60_000;
const operations = 'C0OPERATIONS';

/** A world whose load is looked at window by window, when a test says so, and the cards that come of it. */
export interface ScalingWorld {
  readonly world: World;
  readonly database: Client;
  /** What stands in the channel of the proposals. */
  messages(): readonly SlackMessage[];
  /** The newest card there with these words, once it is there. */
  card(words: string | RegExp): Promise<SlackMessage>;
  press(person: string, message: SlackMessage, actionId: string): ReturnType<ReturnType<World['slack']['as']>['act']>;
  /**
   * Lets a window pass under the load that there is, and counts as measured (with this percentage of CPU for a cell);
   * resolves when it was looked at.
   */
  window(cpu?: { readonly cell: string; readonly percent: number }): Promise<void>;
  stop(): Promise<void>;
}

/** The value of a message's button; undefined: it has none. */
export function buttonOf(message: SlackMessage, actionId: string): string | undefined {
  return ((message.blocks ?? []) as { elements?: { action_id?: string; value?: string }[] }[])
    .flatMap(({ elements = [] }) => elements)
    .find(({ action_id }) => action_id === actionId)?.value;
}

export async function openScalingWorld(): Promise<ScalingWorld> {
  const world = await startWorld();
  const database = new Client({ connectionString: world.databaseUrl });
  await database.connect();
  /** End of the newest window that the app was told is measured. */
  let slot = Math.floor(Date.now() / slotMs) * slotMs + slotMs;

  const messages = (): readonly SlackMessage[] =>
    world.slack.snapshot().channels.find(({ id }) => id === operations)?.messages ?? [];

  return {
    ...{ world, database, messages },
    async card(words) {
      const shows = (one: SlackMessage) =>
        typeof words === 'string' ? wordsOf(one).includes(words) : words.test(wordsOf(one));
      const found = () => messages().findLast((one) => shows(one) && one.ephemeralTo === undefined);
      await world.until(() => found() !== undefined, String(words), 30_000);
      return found() as SlackMessage;
    },
    press: (person, message, actionId) =>
      world.slack.as(person).act(operations, message.ts, actionId, buttonOf(message, actionId)),
    async window(cpu) {
      slot += slotMs;
      // The emulator's minutes lie in the past only when its clock is beyond the window.
      world.pass(slotMs);
      world.azure.snapshot();
      const at = new Date(slot).toISOString();
      if (cpu !== undefined)
        await database.query(
          `insert into stamps.kpi_samples (kpi, scope, at, value) values ('containerCpu', $1, $2, $3)
           on conflict (kpi, scope, at) do update set value = excluded.value, reason = null`,
          [`cell/${cpu.cell}`, at, cpu.percent],
        );
      await database.query(
        `insert into stamps.kpi_slots (at, claimed_until, claimed_by, done_at) values ($1, $1, 'test', $1)
         on conflict (at) do update set done_at = excluded.at`,
        [at],
      );
      await world.until(
        async () => (await database.query('select 1 from stamps.scaling_looks where at >= $1', [at])).rows.length > 0,
        `a look at ${at}`,
        30_000,
      );
    },
    async stop() {
      await database.end();
      await world.stop();
    },
  };
}
