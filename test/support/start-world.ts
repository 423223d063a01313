import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { CellSnapshot } from '../../sandbox/azure/contract.ts';
import { type AzureTestEmulator, startAzureEmulator } from '../../sandbox/azure/start-azure.ts';
import type { PagerDutyEmulator } from '../../sandbox/pagerduty/contract.ts';
import { startPagerDutyEmulator } from '../../sandbox/pagerduty/start-pagerduty.ts';
import type { Delivery, SlackMessage } from '../../sandbox/slack/contract.ts';
import { type SlackTestEmulator, startSlackEmulator } from '../../sandbox/slack/start-slack.ts';
import type { StatuspageEmulator } from '../../sandbox/statuspage/contract.ts';
import { startStatuspageEmulator } from '../../sandbox/statuspage/start-statuspage.ts';
import { type RunningApp, startApp } from '../../src/app.ts';
import { parseConfig } from '../../src/config.ts';
import { systemClock } from '../../src/ports/clock.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { identityOfProcess } from './identity-of-process.ts';
import { newDatabaseUrl } from './test-database.ts';
import { trustedCertificate } from './trusted-certificate.ts';
import { createWorldClock } from './world-clock.ts';

export const incidents = 'C0INCIDENTS';

export interface World {
  readonly slack: SlackTestEmulator;
  readonly azure: AzureTestEmulator;
  readonly pager: PagerDutyEmulator;
  readonly statuspage: StatuspageEmulator;
  readonly databaseUrl: string;
  app: RunningApp;
  /** Messages of #incidents, oldest first. */
  messages(): SlackMessage[];
  /** The newest message that shows these words anywhere, once there is one. */
  sees(words: string | RegExp, options?: { to?: string; withinMs?: number }): Promise<SlackMessage>;
  /** Types a command that asks for a run; answers with the card of this very run, once it is there. */
  ask(person: string, text: string): Promise<{ ts: string; runId: string }>;
  /** The card of a run, and the id of the run. */
  card(title: string): Promise<{ ts: string; runId: string }>;
  /** The newest button of this kind in a card's thread, once there is one, with another value than `not`. */
  button(threadTs: string, actionId: string, other?: { not: string }): Promise<{ ts: string; value: string }>;
  until(holds: () => boolean | Promise<boolean>, what: string, withinMs?: number): Promise<void>;
  /** Presses the newest button of this kind in a card's thread. */
  press(person: string, threadTs: string, actionId: string): Promise<Delivery>;
  /** A cell of the emulated estate, as it is now. */
  cell(name: string): CellSnapshot | undefined;
  /** The run's state, as PostgreSQL has it. */
  state(runId: string): Promise<string>;
  /** Lets the time to approve a run be over, as PostgreSQL's clock sees it. */
  expire(runId: string): Promise<void>;
  /** The glass was broken for this run so much earlier. */
  brokenEarlier(runId: string, ms: number): Promise<void>;
  /** Every clock of this world but PostgreSQL's goes on by so much at once; who slept that long has slept. */
  pass(ms: number): void;
  /** The calendar comes to this moment; it stands still until then. */
  calendarTo(moment: string): void;
  stop(): Promise<void>;
}

const quiet: Logger = { debug: () => undefined, info: () => undefined, warn: log, error: log, child: () => quiet };
function log(fields: object, message: string): void {
  if (process.env.TEST_LOG) console.error(message, fields);
}

/** The whole product in this process, over the emulators, by their URLs alone. */
export async function startWorld(
  options: {
    socket?: boolean;
    gatewayDelayMs?: number;
    drain?: string;
    databaseUrl?: string;
    /** Azure Monitor posts its alerts to the app, and a minute of its rules lasts so long; default: it posts nothing. */
    alertMinuteMs?: number;
    /** What the calendar has at the start; default: it goes by the database's clock. */
    calendar?: string;
    /** What is different in the sandbox's policy file. */
    policy?: (text: string) => string;
    /** What is different in the emulated estate's file. */
    estate?: (text: string) => string;
  } = {},
): Promise<World> {
  let { calendar = '' } = options;
  const clock = createWorldClock();
  const { now } = clock;
  const [slack, azure, pager, statuspage, databaseUrl, folder] = await Promise.all([
    startSlackEmulator({ limits: false, now }),
    startAzureEmulator({
      now,
      gatewayDelayMs: options.gatewayDelayMs ?? 50,
      drain: options.drain ?? '0s',
      ...(options.alertMinuteMs !== undefined && { alertMinuteMs: options.alertMinuteMs }),
      dnsTtlSeconds: 0,
      certificate: trustedCertificate(),
    }),
    startPagerDutyEmulator({ now, retryDelaysMs: [50, 100, 200, 400] }),
    startStatuspageEmulator({ now }),
    options.databaseUrl ?? newDatabaseUrl(),
    mkdtemp(join(tmpdir(), 'stamps-world-')),
  ]);
  const estate = join(folder, 'estate.yml');
  const policy = join(folder, 'policy.yml');
  await writeFile(estate, options.estate?.(azure.estateFile) ?? azure.estateFile);
  const text = await readFile('sandbox/policy.yml', 'utf8');
  await writeFile(policy, options.policy?.(text) ?? text);
  // The identity that Azure's SDK looks for stands in the environment of a real process.
  const env = { ...azure.env, ...(await identityOfProcess()) };
  Object.assign(process.env, env);
  const config = parseConfig({
    ...env,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    ...(options.socket ? { SLACK_APP_TOKEN: slack.appToken } : {}),
    PORT: '0',
    DATABASE_URL: databaseUrl,
    STAMPS_ESTATE: estate,
    STAMPS_POLICY: policy,
    STAMPS_ALERT_SECRET: azure.alerts.secret,
    PAGERDUTY_ROUTING_KEY: pager.routingKey,
    PAGERDUTY_EVENTS_URL: pager.eventsUrl,
    PAGERDUTY_API_URL: pager.apiUrl,
    PAGERDUTY_API_TOKEN: pager.apiToken,
    PAGERDUTY_FROM: pager.appEmail,
    PAGERDUTY_WEBHOOK_SECRET: pager.webhookSecret,
    STATUSPAGE_API_URL: statuspage.apiUrl,
    STATUSPAGE_API_KEY: statuspage.apiKey,
    STATUSPAGE_PAGE_ID: statuspage.pageId,
  });
  const app = await startApp(config, quiet, {
    onFenced: () => undefined,
    clock,
    ...(options.calendar !== undefined && { calendarNow: async () => Date.parse(calendar) }),
  });
  pager.webhookUrl = `http://127.0.0.1:${app.port}/pagerduty/webhook`;
  if (options.alertMinuteMs !== undefined) azure.alerts.postTo(`http://127.0.0.1:${app.port}/alerts/azure-monitor`);
  if (!options.socket) slack.requestUrl = `http://127.0.0.1:${app.port}/slack/events`;
  else while (!slack.sockets.connected) await systemClock.sleep(10);

  const messages = () => [...(slack.snapshot().channels.find(({ id }) => id === incidents)?.messages ?? [])];
  async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
    for (const endsAt = Date.now() + withinMs; !(await holds()); ) {
      if (Date.now() > endsAt)
        throw new Error(
          `never: ${what}\n${messages()
            .map(({ text }) => `- ${text}`)
            .join('\n')}`,
        );
      await systemClock.sleep(25);
    }
  }
  async function found<T>(look: () => T | undefined, what: string, withinMs?: number): Promise<T> {
    let hit: T | undefined;
    await until(
      () => {
        hit = look();
        return hit !== undefined;
      },
      what,
      withinMs,
    );
    return hit as T;
  }

  function button(threadTs: string, actionId: string, other?: { not: string }) {
    return found(() => {
      for (const message of messages().toReversed()) {
        if (message.threadTs !== threadTs && message.ts !== threadTs) continue;
        const element = elementsOf(message).find((one) => one.action_id === actionId && one.value !== other?.not);
        if (element) return { ts: message.ts, value: String(element.value) };
      }
      return undefined;
    }, `a button ${actionId}`);
  }

  async function sql<Row extends object>(text: string, params: unknown[]): Promise<Row[]> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, params)).rows;
    } finally {
      await client.end();
    }
  }

  if (options.calendar !== undefined) {
    // What it has before it was first looked at is not made up for.
    const looked = `select 1 from stamps.schedules where key like 'drill/%' and key not like '%/ahead%'`;
    await until(async () => (await sql(looked, [])).length > 0, 'a look at the calendar');
  }

  return {
    slack,
    azure,
    pager,
    statuspage,
    databaseUrl,
    app,
    messages,
    until,
    sees(words, { to, withinMs } = {}) {
      const shows = (message: SlackMessage) =>
        typeof words === 'string' ? wordsOf(message).includes(words) : words.test(wordsOf(message));
      return found(
        () => messages().findLast((message) => shows(message) && (to === undefined || message.ephemeralTo === to)),
        String(words),
        withinMs,
      );
    },
    async ask(person, text) {
      const before = new Set(messages().map(({ ts }) => ts));
      const { status } = await slack.as(person).command(incidents, text);
      if (status !== 200) throw new Error(`“${text}” got ${status}`);
      const runId = await found(() => {
        const answers = messages().filter(({ ts, ephemeralTo }) => ephemeralTo === person && !before.has(ts));
        return answers.map((answer) => /^Planned: .*`(r-\d+)`/.exec(wordsOf(answer))?.[1]).find(Boolean);
      }, `a run for “${text}”`);
      const card = await found(
        () =>
          messages().find(
            (one) => one.threadTs === undefined && one.ephemeralTo === undefined && wordsOf(one).includes(`(${runId})`),
          ),
        `a card of ${runId}`,
      );
      return { ts: card.ts, runId };
    },
    async card(title) {
      const message = await found(
        () =>
          messages().findLast(
            // By its own title: the card of an isolation offers “Restore …”.
            (one) => one.threadTs === undefined && one.ephemeralTo === undefined && one.text.includes(title),
          ),
        `a card “${title}”`,
      );
      const runId = /\br-\d+\b/.exec(wordsOf(message))?.[0] ?? '';
      return { ts: message.ts, runId };
    },
    button,
    async press(person, threadTs, actionId) {
      const { ts, value } = await button(threadTs, actionId);
      return slack.as(person).act(incidents, ts, actionId, value);
    },
    cell: (name) =>
      azure
        .snapshot()
        .regions.flatMap(({ cells }) => cells)
        .find((one) => one.name === name),
    async state(runId) {
      const [row] = await sql<{ state: string }>('select state from stamps.runs where id = $1', [runId]);
      return row?.state ?? 'none';
    },
    async expire(runId) {
      await sql(`update stamps.runs set expires_at = now() - interval '1 second' where id = $1`, [runId]);
    },
    async brokenEarlier(runId, ms) {
      await sql(
        `update stamps.runs set break_glass = jsonb_set(break_glass, '{at}',
           to_jsonb((break_glass->>'at')::timestamptz - make_interval(secs => $2))) where id = $1`,
        [runId, ms / 1000],
      );
    },
    pass: clock.pass,
    calendarTo(moment) {
      calendar = moment;
      clock.wake();
    },
    async stop() {
      await app.stop();
      await Promise.all([slack.close(), azure.close(), pager.close(), statuspage.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything that a message shows, as text. */
export function wordsOf(message: SlackMessage): string {
  return `${message.text} ${JSON.stringify(message.blocks ?? [])}`;
}

function elementsOf(message: SlackMessage): Record<string, unknown>[] {
  return ((message.blocks ?? []) as Record<string, unknown>[]).flatMap((block) => [
    ...((block.elements as Record<string, unknown>[]) ?? []),
    ...(block.accessory ? [block.accessory as Record<string, unknown>] : []),
  ]);
}
