import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { benchFolder } from './bench-folder.ts';
import { incidents, openBenchWorld } from './bench-world.ts';
import { seededRandom } from './seeded-random.ts';

/** Long, for a machine with much else to do: what is slow is no fault here. */
const patienceMs = 300_000;
const outagesASeed = 3;
const killsAnOutage = 2;
const lost = 'eastus';

export interface CrashedOutages {
  readonly outages: number;
  readonly kills: number;
  /** Of these each outage has one: what there was more or less often than once, by name. */
  readonly wrong: Readonly<Record<string, number>>;
  /** Pages that were sent to PagerDuty again, under the key that it knows already. */
  readonly harmlessRepeats: number;
}

export interface OutageWorld {
  /** One outage from its command to its end, with a kill at so many moments of it; how often there was each thing. */
  outage(random: () => number, kills?: number): Promise<{ readonly counted: Record<string, number>; triggers: number }>;
  close(): Promise<void>;
}

/**
 * Row R1 of `global-outage`, which is a command and no run: a region is lost, somebody calls it out, and the app dies
 * at any moment from its 200 to the last that comes of it. There must be one incident, one page, one failover that
 * waits for its approval, one card of each, one note of what was found, and one answer.
 */
export async function benchCrashOutage(seeds: number, first = 1): Promise<CrashedOutages> {
  const server = await startEmbeddedPostgres(await benchFolder());
  const world = await openOutageWorld(server.url);
  try {
    const wrong: Record<string, number> = {};
    const sums = { outages: 0, kills: 0, harmlessRepeats: 0 };
    for (let seed = first; seed < first + seeds; seed += 1) {
      const random = seededRandom(1_000 * seed);
      for (let nth = 0; nth < outagesASeed; nth += 1) {
        const { counted, triggers } = await world.outage(random, killsAnOutage);
        sums.outages += 1;
        sums.kills += killsAnOutage;
        sums.harmlessRepeats += triggers - 1;
        for (const [what, times] of Object.entries(counted)) {
          if (times !== 1) wrong[what] = (wrong[what] ?? 0) + 1;
        }
      }
      console.log(`  seed ${seed}: ${outageLine({ ...sums, wrong })}`);
    }
    return { ...sums, wrong };
  } finally {
    await world.close();
    await server.stop();
  }
}

/** The unmodified app on this database, and a first outage that nothing kills, to know how long one lasts. */
export async function openOutageWorld(databaseUrl: string): Promise<OutageWorld> {
  const world = await openBenchWorld({ databaseUrl });
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  await world.startApp();
  let number = 0;
  const cleanMs = (await outage(() => 0, 0)).ms;

  async function outage(random: () => number, kills = 1) {
    number += 1;
    const seen = `nobody can sign in, time ${number}`;
    setCells('failCell');
    const from = world.messages().length;
    await typed(`global-outage because ${seen}`);
    const began = performance.now();
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(random() * cleanMs);
      const before = world.kills();
      world.kill();
      await world.until(() => world.kills() > before, 'the app is gone', patienceMs);
      await world.alive();
    }
    await quiet();
    const ms = performance.now() - began;

    const { rows } = await database.query<{ id: string; run: string; found: string }>(
      `select id,
              (select min(r.id) from stamps.runs r where r.playbook = 'failover-region' and r.state = 'waiting') as run,
              (select count(*) from stamps.timeline t where t.incident_id = i.id and t.says like 'Found broken: %') as found
       from stamps.incidents i where title = $1`,
      [`Global outage: ${seen}`],
    );
    const [{ id = '', run = '', found = '0' } = {}] = rows;
    const waiting = await database.query(
      `select 1 from stamps.runs where playbook = 'failover-region' and state = 'waiting'`,
    );
    const pages = world.pager.incidents.filter(({ summary }) => summary.includes(seen));
    const said = world.messages().slice(from);
    const inChannel = said.filter(({ ephemeralTo, threadTs }) => ephemeralTo === undefined && threadTs === undefined);
    const counted = {
      incidents: rows.length,
      failovers: waiting.rows.length,
      pages: pages.length,
      findings: Number(found),
      'cards of the incident': inChannel.filter(({ text }) => text.includes(`(${id})`)).length,
      'cards of the failover': inChannel.filter(({ text }) => text.includes(`(${run})`)).length,
      answers: said.filter((one) => one.ephemeralTo === 'U0ANA' && one.text.startsWith('P0 declared')).length,
    };

    setCells('healCell');
    await typed(`cancel ${run}`);
    await typed(`incident resolve ${id}`);
    await quiet();
    return { counted, triggers: pages[0]?.triggers ?? 0, ms };
  }

  function setCells(what: 'failCell' | 'healCell'): void {
    const region = world.azure.snapshot().regions.find(({ name }) => name === lost);
    for (const { name, role } of region?.cells ?? []) if (role === 'active') world.azure.faults[what](name);
  }

  /** Until Slack has answered with 200: what came before that, somebody types again. */
  async function typed(text: string): Promise<void> {
    while ((await world.slack.as('U0ANA').command(incidents, text)).status !== 200) await world.alive();
  }

  /** Until all that was asked for is done and told. */
  async function quiet(): Promise<void> {
    for (const endsAt = Date.now() + patienceMs; ; await sleep(50)) {
      const { rows } = await database.query(
        `select 1 from stamps.inbox where done_at is null
         union all select 1 from stamps.effects where done_at is null
         union all select 1 from stamps.messages where shown_version < version limit 1`,
      );
      if (rows.length === 0) return;
      if (Date.now() > endsAt) throw new Error('Not all was done and told');
    }
  }

  return {
    outage,
    async close() {
      await world.close();
      await database.end();
    },
  };
}

export function outageLine({ outages, kills, wrong, harmlessRepeats }: CrashedOutages): string {
  const off = Object.entries(wrong).map(([what, times]) => `${what} ${times}`);
  return `${kills} times SIGKILL in ${outages} global outages; not exactly one: ${off.join(', ') || 'nothing'}; ${harmlessRepeats} pages sent again under their key`;
}
