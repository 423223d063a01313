import { type ArmWorld, createArmHandler, type WriteWatcher } from './arm-server.ts';
import { type Certificate, createCertificate } from './certificate.ts';
import type { AzureEmulator } from './contract.ts';
import { createCosmosHandler } from './cosmos-server.ts';
import { startDnsServer } from './dns-server.ts';
import { Estate } from './estate.ts';
import { estateFile } from './estate-file.ts';
import { Faults } from './faults.ts';
import { Identity } from './identity.ts';
import { startJsonServer } from './json-server.ts';
import { type RegionLayout, subscriptionId } from './layout.ts';
import { LogFaults } from './logs/log-faults.ts';
import { createLogsHandler } from './logs/logs-server.ts';
import { createMetricsHandler } from './metrics-server.ts';
import { AzureMonitor } from './monitor/azure-monitor.ts';
import { createProbeHandler } from './probe-server.ts';
import { RateLimits } from './rate-limits.ts';
import { configurationOf, snapshotOf } from './snapshot.ts';
import { startSqlServers } from './sql/sql-servers.ts';
import { createVaultHandler } from './vault-server.ts';

export interface AzureOptions {
  /** The time, in milliseconds since 1970; default: the machine's. */
  readonly now?: () => number;
  /** Of the tenants' demand; default 1. */
  readonly seed?: number;
  /** How long a gateway update takes, until a fault says otherwise; default 3,000 ms. Azure's takes minutes. */
  readonly gatewayDelayMs?: number;
  /** How long replicas take to come and to go; default 1,500 ms. */
  readonly replicaDelayMs?: number;
  /** How long a gateway takes to tell its backends' health; default 0. */
  readonly backendHealthDelayMs?: number;
  /** ARM's token buckets; default true. */
  readonly rateLimits?: boolean;
  /** Default a day, as managed identities' tokens. */
  readonly tokenLifetimeMs?: number;
  /** A minute of alert rules' windows and frequencies lasts so long; default: a minute. */
  readonly alertMinuteMs?: number;
  /** Default: posts over HTTP. Answers with the status. */
  readonly sendAlert?: (url: string, body: string) => Promise<number>;
  /** Between a webhook's tries; default: the machine's clock. */
  readonly waitToRetry?: (ms: number) => Promise<void>;
  /** In the estate file; default `5s`. */
  readonly drain?: string;
  /** Of Traffic Manager's answers; default 30. */
  readonly dnsTtlSeconds?: number;
  /** Default: the guide's. */
  readonly regions?: readonly RegionLayout[];
  /** Default: a new one. */
  readonly certificate?: Certificate;
}

/** The emulator with what only tests need. */
export interface AzureTestEmulator extends AzureEmulator {
  watchWrites(watcher: WriteWatcher): void;
  /** Requests to ARM so far, by method. */
  readonly requests: ReadonlyMap<string, number>;
  readonly logFaults: LogFaults;
  /** Where ARM says that each region’s SQL server is: `host,port`. */
  readonly sqlAddresses: Map<string, string>;
  /** Lets Azure Monitor look at the estate of this moment, in place of waiting for the next beat. */
  advanceAlerts(): void;
}

/** The map moves by itself, as demand does. */
const beatMs = 250;
const beatsPerNotice = 4;

/** Starts the emulated subscription on free loopback ports. */
export async function startAzureEmulator(options: AzureOptions = {}): Promise<AzureTestEmulator> {
  const {
    now = Date.now,
    seed = 1,
    gatewayDelayMs = 3_000,
    replicaDelayMs = 1_500,
    backendHealthDelayMs = 0,
  } = options;
  const { dnsTtlSeconds = 30, regions } = options;
  const estate = new Estate({ now, seed, replicaDelayMs, dnsTtlSeconds, ...(regions && { regions }) });
  const faults = new Faults(estate, gatewayDelayMs);
  const alerts = new AzureMonitor(estate, {
    minuteMs: options.alertMinuteMs ?? 60_000,
    ...(options.sendAlert && { send: options.sendAlert }),
    ...(options.waitToRetry && { wait: options.waitToRetry }),
  });
  const logFaults = new LogFaults();
  const identity = new Identity({ lifetimeMs: options.tokenLifetimeMs ?? 86_400_000, now });
  const world: ArmWorld = {
    estate,
    faults,
    identity,
    limits: options.rateLimits === false ? undefined : new RateLimits(),
    accepted: [],
    backendHealthDelayMs,
    watcher: () => undefined,
    requests: new Map(),
  };

  const certificate = options.certificate ?? (await createCertificate());
  const servers = await Promise.all([
    startJsonServer(createArmHandler(world), certificate),
    startJsonServer(createMetricsHandler({ estate, identity }), certificate),
    startJsonServer(createCosmosHandler({ estate, identity }), certificate),
    startJsonServer(identity.handle),
    startJsonServer(
      createLogsHandler({
        history: estate.requests,
        identity,
        faults: logFaults,
        now,
        settle: () => estate.settle(),
      }),
      certificate,
    ),
    startJsonServer(createProbeHandler(estate), certificate),
    startJsonServer(createVaultHandler({ estate, identity }), certificate),
  ]);
  const [arm, metrics, cosmos, token, logs, probes, vaults] = servers;
  estate.upkeep.vaultUrl = vaults.url;
  const sqlServers = await startSqlServers({ estate, identity }, certificate);
  const dns = await startDnsServer(estate);

  let beats = 0;
  const beat = setInterval(() => {
    estate.settle();
    alerts.advance(now());
    beats += 1;
    if (beats % beatsPerNotice === 0) estate.changed();
  }, beatMs);
  beat.unref();

  return {
    armUrl: arm.url,
    metricsUrl: metrics.url,
    cosmosUrl: cosmos.url,
    ca: certificate.cert,
    env: {
      IDENTITY_ENDPOINT: `${token.url}/msi/token`,
      IDENTITY_HEADER: identity.header,
      AZURE_SUBSCRIPTION_ID: subscriptionId,
      AZURE_RESOURCE_MANAGER_URL: arm.url,
      AZURE_METRICS_URL: metrics.url,
      AZURE_LOGS_URL: logs.url,
      // DefaultAzureCredential goes straight to the identity, and tries no developer's tools.
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    },
    estateFile: estateFile(estate, {
      metricsUrl: metrics.url,
      cosmosUrl: cosmos.url,
      probesUrl: probes.url,
      dnsServer: dns.address,
      drain: options.drain ?? '5s',
    }),
    snapshot: () => snapshotOf(estate, faults),
    subscribe: (listener) => estate.subscribe(listener),
    faults,
    logFaults,
    sqlAddresses: estate.stores.sqlAddresses,
    alerts,
    accepted: world.accepted,
    configuration: () => configurationOf(estate),
    advanceAlerts: () => alerts.advance(now()),
    requests: world.requests,
    watchWrites: (watcher) => {
      world.watcher = watcher;
    },
    async close() {
      clearInterval(beat);
      await Promise.all([...[...servers, ...sqlServers].map((server) => server.close()), dns.close()]);
    },
  };
}
