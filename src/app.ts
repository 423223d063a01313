import { createArchiveEffect } from './alerts/archive-channels.ts';
import { createAlerts } from './alerts/create-alerts.ts';
import { createIncidentDesk } from './alerts/create-incident-desk.ts';
import { createPaging } from './alerts/create-paging.ts';
import { createStatusPage } from './alerts/create-status-page.ts';
import { createChannelEffects } from './alerts/incident-channels.ts';
import { findIncidents } from './alerts/incident-store.ts';
import { createMetricGraphs } from './alerts/metric-graphs.ts';
import { createPagerPeople } from './alerts/pager-people.ts';
import { createPostmortemEffect } from './alerts/publish-postmortem.ts';
import { createIncidentPresenter } from './blocks/incident-presenter.ts';
import { createPresenter } from './blocks/presenter.ts';
import type { Config } from './config.ts';
import { readDeclared } from './declared-files.ts';
import { createDigests } from './digests/create-digests.ts';
import { createDrillCalendar } from './digests/drill-calendar.ts';
import { zoneOf } from './domain/digest-policy.ts';
import type { EngineContext } from './engine/context.ts';
import { connectDatabase, openDatabase } from './engine/database.ts';
import { createEffects } from './engine/effects.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './engine/embedded-postgres.ts';
import { createEngine, type EngineHooks } from './engine/engine.ts';
import { createInbox } from './engine/inbox.ts';
import { runLoops } from './engine/loops.ts';
import { incidentOfThread, runOfThread } from './engine/messages.ts';
import { createOutbox } from './engine/outbox.ts';
import { createPeople } from './engine/people.ts';
import { joinReplicas } from './engine/replica.ts';
import { openLeases } from './engine/run-store.ts';
import { createSchedules } from './engine/schedules.ts';
import { OpsError } from './errors.ts';
import { createAzure } from './integrations/azure/create-azure.ts';
import { createPagerDutyPorts } from './integrations/pagerduty/create-ports.ts';
import { createProbes } from './integrations/probes/create-probes.ts';
import { createChat } from './integrations/slack/create-chat.ts';
import { createSlackApp } from './integrations/slack/create-slack-app.ts';
import { createStatuspage } from './integrations/statuspage/create-statuspage.ts';
import { createIncomingHandler, createLeaver, fieldErrors } from './interactions/handle-incoming.ts';
import { createKpis } from './kpis/create-kpis.ts';
import { createMetrics } from './observability/metrics.ts';
import { createRoutes } from './observability/routes.ts';
import { createPlanParts } from './plan-parts.ts';
import { playbooks } from './playbooks/index.ts';
import { type Clock, systemClock } from './ports/clock.ts';
import type { Logger } from './ports/logger.ts';
import { createScaling } from './scaling/create-scaling.ts';
import { secretsOf } from './secret.ts';

export interface RunningApp {
  /** Where HTTP is answered. */
  readonly port: number;
  /** Lets go within the deadline: what was running goes on at the next start, or elsewhere. */
  stop(): Promise<void>;
}

export interface AppHooks {
  /** The process must end at once: another replica has taken this one's runs over. */
  onFenced(): void;
  /** Where the configuration names no database: one that was started already. Default: starts it itself. */
  readonly embedded?: EmbeddedPostgres | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** By which the calendar goes, in milliseconds since 1970. Default: the database's clock. */
  readonly calendarNow?: () => Promise<number>;
}

const outboxEveryMs = 100;
const effectsEveryMs = 100;
/** A request is one insert of a few milliseconds. */
const intakeConnections = 3;
const inboxSweepEveryMs = 1_000;
/** As many as statements are under way at once. */
const alertIntakeConnections = 2;
const schedulesEveryMs = 5_000;
const graphsEveryMs = 500;

/** Composes the app: configuration in, a running app out. Nothing here decides anything. */
export async function startApp(config: Config, logger: Logger, hooks: AppHooks): Promise<RunningApp> {
  const { estate, policy, alertRules } = await readDeclared(config);
  const { clock = systemClock } = hooks;
  const stopper = new AbortController();
  const stopping = stopper.signal;

  const server = config.databaseUrl ? undefined : (hooks.embedded ?? (await startEmbeddedPostgres(config.dataDir)));
  const databaseUrl = server?.url ?? (config.databaseUrl?.reveal() as string);
  const database = await openDatabase(databaseUrl);
  const alertIntake = connectDatabase(databaseUrl, alertIntakeConnections);
  const intake = connectDatabase(databaseUrl, intakeConnections);
  const replica = await joinReplicas(database, config.executorId, logger);
  const metrics = createMetrics();

  const { slack } = config;
  const chat = createChat({ ...slack, clock });
  const probes = createProbes({ estate, clock });
  const azure = createAzure({
    estate,
    armUrl: config.azure.resourceManagerUrl,
    logsUrl: config.azure.logsUrl,
    clock,
    probes,
  });
  const pagerDuty = createPagerDutyPorts(config.pagerDuty, clock, secretsOf(config));
  const pagerPeople = createPagerPeople({ chat, onCall: pagerDuty.onCall, clock, logger });
  const people = createPeople(chat, policy, clock, pagerPeople.onCallNow);
  const presenter = createPresenter();

  const context: EngineContext = {
    database,
    replica,
    clock,
    logger,
    stopping,
    estate,
    policy,
    azure,
    alertRules,
    people,
    presenter,
    playbooks,
    ...createPlanParts({ database, estate, policy, presenter, azure, probes, clock }),
  };
  const engineHooks: EngineHooks = {
    onFenced: hooks.onFenced,
    onState: ({ playbook, state }) => metrics.runEntered(playbook, state),
    onTakeover: (runs) => metrics.tookOver(runs),
    onStep: (step, { state, startedAt, finishedAt }) =>
      metrics.stepFinished(step.kind, state, Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt)),
  };
  const engine = createEngine(context, databaseUrl, engineHooks, { tracing: config.tracing });
  const { operations } = engine;
  const outbox = createOutbox(database, chat, logger, replica.id);
  const statusPage = createStatusPage({
    ...{ database, estate, policy, presenter, clock, logger },
    statusPage: config.statuspage && createStatuspage({ ...config.statuspage, clock, secrets: secretsOf(config) }),
  });
  const incidentContext = {
    ...{ database, estate, policy, presenter: createIncidentPresenter() },
    statusPage: statusPage.desk.configured,
  };
  const incidentDesk = createIncidentDesk({ ...incidentContext, people }, { azure, logger });
  const timeZone = zoneOf(policy);
  const graphs = createMetricGraphs({ database, estate, ...azure, chat, timeZone, clock, logger });
  const paging = createPaging({
    ...{ database, policy, presenter, chat, clock, logger, people: pagerPeople, ...pagerDuty },
    incidents: incidentDesk.incidents,
  });
  const effects = createEffects(
    database,
    {
      ...paging.effects,
      ...statusPage.effects,
      ...createPostmortemEffect({ ...incidentContext, people, chat, graphs, clock }),
      ...createChannelEffects({ database, policy, chat, people, presenter: createIncidentPresenter() }),
      ...createArchiveEffect({ database, chat }),
    },
    logger,
    stopping,
    replica.id,
  );

  const kpis = createKpis({ database, estate, azure, chat, timeZone, replicaId: replica.id, clock, logger, stopping });
  const digests = createDigests(
    { database, estate, definitions: kpis.definitions, azure, chat, incidentPolicy: policy.incidents, clock, logger },
    policy,
  );
  const drills = createDrillCalendar({ operations, openIncidents: () => findIncidents(database) }, policy.drills ?? []);
  const schedules = createSchedules(database, [...digests.schedules, ...drills], logger, replica.id, hooks.calendarNow);
  const scaling = createScaling({ database, policy, operations, estate, azure, chat, logger, stopping });

  const alerts = createAlerts({
    intake: alertIntake,
    incidents: incidentContext,
    access: config.alerts,
    tenants: azure.tenants,
    clock,
    logger,
    stopping,
    answered: metrics.alertAnswered,
  });

  const inbox = createInbox(
    database,
    {
      fieldErrors: (incoming) => fieldErrors(incoming, estate),
      handle: createIncomingHandler({
        operations,
        incidents: incidentDesk.incidents,
        silences: alerts.silences,
        unreadAlerts: alerts.unread,
        onCall: paging.desk,
        statusPage: statusPage.desk,
        scaling: scaling.desk,
        people,
        chat,
        estate,
        policy,
        azure,
        alertRules,
        reports: digests,
        kpis: kpis.desk,
        probes,
        logger,
        clock,
        ...(policy.incidents.channel !== undefined && { homeChannel: policy.incidents.channel }),
        threadRun: (channel, threadTs) => runOfThread(database, channel, threadTs),
        threadIncident: (channel, threadTs) => incidentOfThread(database, channel, threadTs),
      }),
      leave: createLeaver({ chat, logger }),
    },
    logger,
    { intake, replicaId: replica.id },
  );

  metrics.watch({
    outboxDepth: () => outbox.depth(),
    effectsDepth: () => effects.depth(),
    leasesHeld: async () => (await openLeases(database)).length,
  });
  const slackApp = createSlackApp({
    signingSecret: slack.signingSecret,
    botToken: slack.botToken,
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    port: config.port,
    customRoutes: [
      ...createRoutes(metrics, {
        database: async () => void (await database.query('select 1')),
        slack: () => chat.ping(),
      }),
      ...alerts.routes,
      ...paging.routes,
    ],
    accept: async (incoming) => {
      const cameAt = performance.now();
      const answer = await inbox.accept(incoming);
      metrics.acknowledged(incoming.type, performance.now() - cameAt);
      return answer;
    },
    logger,
    clock,
  });

  await engine.start();
  const loops = runLoops(
    [
      { name: 'outbox', everyMs: outboxEveryMs, work: () => outbox.pump() },
      { name: 'effects', everyMs: effectsEveryMs, work: () => effects.pump() },
      { name: 'inbox', everyMs: inboxSweepEveryMs, work: () => inbox.sweep() },
      ...alerts.loops,
      ...statusPage.loops,
      ...paging.loops,
      ...incidentDesk.loops,
      { name: 'metric graphs', everyMs: graphsEveryMs, work: () => graphs.look() },
      ...scaling.loops,
      ...kpis.loops,
      ...digests.loops,
      { name: 'schedules', everyMs: schedulesEveryMs, work: () => schedules.look() },
    ],
    { clock, logger, stopping },
  );
  const { port } = await slackApp.start();
  logger.info(
    { port, socketMode: slack.appToken !== undefined, embeddedDatabase: server !== undefined },
    'stamps is up',
  );

  return {
    port,
    async stop() {
      // First nothing new comes in, then what was begun is let go, the database last.
      await slackApp.stop();
      await Promise.race([inbox.idle(), clock.sleep(2_000)]);
      stopper.abort(new OpsError('unavailable', 'Stamps is stopping.'));
      await loops;
      await effects.idle();
      await engine.stop();
      await Promise.all([database.close(), intake.close(), alertIntake.close()]);
      await server?.stop();
      logger.info({}, 'stamps has stopped');
    },
  };
}
