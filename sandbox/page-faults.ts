import { z } from 'zod';
import type { World } from './page-state.ts';
import { methods } from './slack/web-api.ts';

const name = z.string().min(1).max(255);
const on = z.boolean();
const times = z.int().min(1).max(1_000);
const seconds = z.int().min(1).max(600);
const ms = z.int().min(0).max(600_000);
/** A fault of a method that nobody calls would wait for ever. */
const slackMethod = name.refine((method) => Object.hasOwn(methods, method), {
  error: ({ input }) => `Slack has no method “${input}” here. There are ${Object.keys(methods).join(', ')}.`,
});

/** What the page breaks or mends. */
export const FaultRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('fail-cell'), cell: name }),
  z.strictObject({ do: z.literal('heal-cell'), cell: name }),
  z.strictObject({ do: z.literal('purge-cache') }),
  z.strictObject({ do: z.literal('fail-region'), region: name }),
  z.strictObject({ do: z.literal('heal-region'), region: name }),
  z.strictObject({ do: z.literal('replication'), on }),
  z.strictObject({ do: z.literal('few-cores'), on }),
  z.strictObject({ do: z.literal('gateway-certificate'), region: name, hoursLeft: z.int().min(-1_000).max(10_000) }),
  z.strictObject({ do: z.literal('stuck-copies'), region: name, on }),
  z.strictObject({ do: z.literal('storage-lag'), region: name, seconds: z.int().min(0).max(86_400) }),
  z.strictObject({ do: z.literal('blob-restore'), cell: name, on }),
  z.strictObject({ do: z.literal('routing'), method: name }),
  z.strictObject({ do: z.literal('set-profile'), on }),
  z.strictObject({ do: z.literal('set-front-door'), on }),
  z.strictObject({ do: z.literal('cosmos-failover'), on }),
  z.strictObject({ do: z.literal('set-endpoint'), region: name, on }),
  z.strictObject({
    do: z.literal('set-scale'),
    cell: name,
    least: z.int().min(0).max(100),
    most: z.int().min(1).max(100),
  }),
  z.strictObject({ do: z.literal('lose-data'), cell: name }),
  z.strictObject({ do: z.literal('grant-copies'), cell: name }),
  z.strictObject({ do: z.literal('sql-user'), cell: name, user: z.enum(['none', 'connects', 'all']) }),
  z.strictObject({ do: z.literal('sql-firewall'), region: name, on }),
  z.strictObject({ do: z.literal('set-demand'), cell: name, times: z.number().min(0.1).max(10) }),
  z.strictObject({ do: z.literal('sql-load'), cell: name, times: z.number().min(0.1).max(10) }),
  z.strictObject({ do: z.literal('pooled-sql'), cell: name, on }),
  z.strictObject({ do: z.literal('replicate-sql'), cell: name }),
  z.strictObject({ do: z.literal('gateway-delay'), ms }),
  z.strictObject({ do: z.literal('gateway-hangs'), on }),
  z.strictObject({ do: z.literal('throttle-azure'), times, seconds }),
  z.strictObject({ do: z.literal('azure-latency'), ms }),
  z.strictObject({ do: z.literal('lose-azure-answers'), times }),
  z.strictObject({ do: z.literal('fail-operation') }),
  z.strictObject({ do: z.literal('set-pool'), cell: name, addresses: z.array(name).max(20) }),
  z.strictObject({ do: z.literal('set-revision'), cell: name, revision: name, active: on }),
  z.strictObject({ do: z.literal('flood-alerts'), count: z.int().min(1).max(10_000), ms }),
  z.strictObject({ do: z.literal('resolve-flood') }),
  z.strictObject({ do: z.literal('slack-down'), on }),
  z.strictObject({ do: z.literal('throttle-slack'), method: slackMethod, times, seconds }),
  z.strictObject({ do: z.literal('lose-slack-answers'), method: slackMethod, times }),
  z.strictObject({ do: z.literal('set-group'), group: name, users: z.array(name).max(100) }),
  z.strictObject({ do: z.literal('throttle-pager'), times }),
  z.strictObject({ do: z.literal('pager-throttles'), on }),
  z.strictObject({ do: z.literal('replay-webhook') }),
  z.strictObject({ do: z.literal('switch-webhooks-on') }),
  z.strictObject({ do: z.literal('lose-statuspage-answers'), times }),
  z.strictObject({ do: z.literal('throttle-statuspage'), times, seconds }),
  z.strictObject({ do: z.literal('kill-bot') }),
  z.strictObject({ do: z.literal('restart-bot') }),
]);
export type FaultRequest = z.infer<typeof FaultRequest>;

/** Does it, and remembers the faults that last in the world's switches. */
export async function breakOrMend(world: World, request: FaultRequest): Promise<void> {
  const { slack, azure, pager, statuspage, bot, switches } = world;
  switch (request.do) {
    case 'fail-cell':
      return azure.faults.failCell(request.cell);
    case 'heal-cell':
      return azure.faults.healCell(request.cell);
    case 'purge-cache':
      return azure.faults.purgeCache();
    case 'fail-region':
      return azure.faults.failRegion(request.region);
    case 'heal-region':
      return azure.faults.healRegion(request.region);
    case 'replication':
      return azure.faults.replication(request.on);
    case 'few-cores':
      return azure.faults.fewCores(request.on);
    case 'gateway-certificate':
      return azure.faults.gatewayCertificate(request.region, request.hoursLeft);
    case 'stuck-copies':
      return azure.faults.stuckCopies(request.region, request.on);
    case 'storage-lag':
      return azure.faults.storageLag(request.region, request.seconds);
    case 'blob-restore':
      return azure.faults.blobRestore(request.cell, request.on);
    case 'routing':
      return azure.faults.routing(request.method);
    case 'set-profile':
      return azure.faults.setProfile(request.on);
    case 'set-front-door':
      return azure.faults.setFrontDoor(request.on);
    case 'cosmos-failover':
      return azure.faults.cosmosFailover(request.on);
    case 'set-endpoint':
      return azure.faults.setEndpoint(request.region, request.on);
    case 'set-scale':
      return azure.faults.setScale(request.cell, request.least, request.most);
    case 'lose-data':
      return azure.faults.loseData(request.cell);
    case 'grant-copies':
      return azure.faults.grantCopies(request.cell);
    case 'sql-user':
      return azure.faults.sqlUser(request.cell, request.user);
    case 'sql-firewall':
      return azure.faults.sqlFirewall(request.region, request.on);
    case 'set-demand':
      return azure.faults.setDemand(request.cell, request.times);
    case 'sql-load':
      return azure.faults.sqlLoad(request.cell, request.times);
    case 'pooled-sql':
      return azure.faults.pooledSql(request.cell, request.on);
    case 'replicate-sql':
      return azure.faults.replicateSql(request.cell);
    case 'gateway-delay':
      switches.gatewayDelayMs = request.ms;
      return azure.faults.gatewayDelay(request.ms);
    case 'gateway-hangs':
      switches.gatewayHangs = request.on;
      return azure.faults.gatewayHangs(request.on);
    case 'throttle-azure':
      return azure.faults.throttle(request.times, request.seconds);
    case 'azure-latency':
      switches.azureLatencyMs = request.ms;
      return azure.faults.latency(request.ms);
    case 'lose-azure-answers':
      return azure.faults.loseAnswers(request.times);
    case 'fail-operation':
      return azure.faults.failOperation();
    case 'set-pool':
      return azure.faults.setPool(request.cell, request.addresses);
    case 'set-revision':
      return azure.faults.setRevision(request.cell, request.revision, request.active);
    case 'flood-alerts':
      // It goes on by itself; the page shows how far it has come.
      void azure.alerts.flood(request.count, request.ms, Date.now());
      return;
    case 'resolve-flood':
      void azure.alerts.resolveFlood();
      return;
    case 'slack-down':
      switches.slackDown = request.on;
      return slack.faults.down(request.on);
    case 'throttle-slack':
      return slack.faults.throttle(request.method, request.times, request.seconds);
    case 'lose-slack-answers':
      return slack.faults.loseAnswers(request.method, request.times);
    case 'set-group':
      return slack.setGroup(request.group, request.users);
    case 'throttle-pager':
      return pager.throttle(request.times);
    case 'pager-throttles':
      switches.pagerThrottles = request.on;
      return pager.throttling(request.on);
    case 'replay-webhook':
      return void (await pager.replayWebhook());
    case 'switch-webhooks-on':
      return pager.switchWebhooksOn();
    case 'lose-statuspage-answers':
      return statuspage.loseAnswers(request.times);
    case 'throttle-statuspage':
      return statuspage.throttle(request.times, 420, request.seconds);
    case 'kill-bot':
      return bot.kill();
    case 'restart-bot':
      return bot.restart();
  }
}
