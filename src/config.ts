import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { OpsError } from './errors.ts';
import { Secret } from './secret.ts';

/** All that the environment decides, parsed once at start. Nothing else reads `process.env`. */
export interface Config {
  readonly slack: {
    readonly botToken: Secret;
    /** With an app token: Socket Mode. Without: HTTP, and the signing secret is there. */
    readonly appToken: Secret | undefined;
    readonly signingSecret: Secret | undefined;
    /** Undefined: Slack's own. */
    readonly apiUrl: string | undefined;
  };
  readonly port: number;
  /** Holds a password. Undefined: the app starts a PostgreSQL of its own in the data folder. */
  readonly databaseUrl: Secret | undefined;
  readonly dataDir: string;
  readonly estateFile: string;
  readonly policyFile: string;
  /** Undefined: no alert rules are declared. */
  readonly alertRulesFile: string | undefined;
  /** This replica's name; two live replicas never share one. */
  readonly executorId: string;
  readonly azure: {
    /** Wins over the estate file's. */
    readonly subscriptionId: string | undefined;
    readonly resourceManagerUrl: string;
    readonly logsUrl: string;
    /** Undefined: the regional hosts that the estate file names. */
    readonly metricsUrl: string | undefined;
  };
  /** Who may post alerts: who knows the secret, or brings a token for the audience; undefined: nobody. */
  readonly alerts:
    | { readonly secret: Secret }
    | { readonly audience: string; readonly entraTenantId: string; readonly authorityUrl: string }
    | undefined;
  readonly pagerDuty: PagerDutyConfig | undefined;
  readonly statuspage: StatuspageConfig | undefined;
  readonly logLevel: LogLevel;
  /** Whether OpenTelemetry's own variables ask for traces. */
  readonly tracing: boolean;
}

export interface PagerDutyConfig {
  readonly routingKey: Secret;
  /** For who is on call. */
  readonly apiToken: Secret | undefined;
  /** E-mail of the PagerDuty user in whose name the ladder pages. */
  readonly from: string | undefined;
  /** For what PagerDuty tells us. */
  readonly webhookSecret: Secret | undefined;
  readonly eventsUrl: string;
  readonly apiUrl: string;
}

export interface StatuspageConfig {
  readonly pageId: string;
  readonly apiKey: Secret;
  readonly apiUrl: string;
}

export type LogLevel = z.infer<typeof logLevel>;

const logLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']);
const text = z.string();
const url = z.url({ protocol: /^https?$/ });
const secret = (pattern: RegExp) =>
  z
    .string()
    .regex(pattern)
    .transform((value) => new Secret(value));
const anySecret = secret(/^\S+$/);

/** Every variable: its shape, and what it is, which ends the sentences “… is missing: set it to” and “… is wrong: it should be”. */
const variables = {
  SLACK_BOT_TOKEN: [secret(/^xoxb-\S+$/), 'the Slack app’s bot token, which begins with xoxb-'],
  SLACK_SIGNING_SECRET: [anySecret, 'the Slack app’s signing secret (or set SLACK_APP_TOKEN, for Socket Mode)'],
  SLACK_APP_TOKEN: [secret(/^xapp-\S+$/), 'an app-level token for Socket Mode, which begins with xapp-'],
  SLACK_API_URL: [url, 'the address of Slack’s Web API'],
  PORT: [z.coerce.number().int().min(0).max(65_535), 'the HTTP port, a whole number from 0 to 65535'],
  DATABASE_URL: [
    z.url({ protocol: /^postgres(ql)?$/ }).transform((value) => new Secret(value)),
    'a postgres:// address',
  ],
  STAMPS_DATA_DIR: [text, 'the folder of the embedded database'],
  STAMPS_ESTATE: [text, 'the path of estate.yml'],
  STAMPS_POLICY: [text, 'the path of policy.yml'],
  STAMPS_ALERT_RULES: [text, 'the path of alert-rules.yml'],
  STAMPS_EXECUTOR_ID: [
    z.string().regex(/^[\w.-]{1,63}$/),
    'the replica’s name: at most 63 letters, digits, dots and dashes',
  ],
  AZURE_SUBSCRIPTION_ID: [z.guid(), 'the id of the Azure subscription, a GUID'],
  AZURE_RESOURCE_MANAGER_URL: [url, 'the address of Azure Resource Manager'],
  AZURE_TENANT_ID: [text, 'the id of the Entra directory, a GUID'],
  AZURE_AUTHORITY_HOST: [url, 'the address of Entra ID'],
  AZURE_LOGS_URL: [url, 'the address of the Log Analytics API'],
  AZURE_METRICS_URL: [url, 'the address of the metrics API'],
  STAMPS_ALERT_SECRET: [secret(/^\S{16,}$/), 'the secret that posters of alerts share, 16 characters or more'],
  STAMPS_ALERT_AUDIENCE: [text, 'the audience of the Entra tokens that posters of alerts bring'],
  PAGERDUTY_ROUTING_KEY: [anySecret, 'the integration key of a PagerDuty service'],
  PAGERDUTY_API_TOKEN: [anySecret, 'a PagerDuty REST token'],
  PAGERDUTY_FROM: [z.email(), 'the e-mail address of a PagerDuty user'],
  PAGERDUTY_WEBHOOK_SECRET: [anySecret, 'the secret of the PagerDuty webhook'],
  PAGERDUTY_EVENTS_URL: [url, 'the address of PagerDuty’s Events API'],
  PAGERDUTY_API_URL: [url, 'the address of PagerDuty’s REST API'],
  STATUSPAGE_PAGE_ID: [text, 'the id of the status page'],
  STATUSPAGE_API_KEY: [anySecret, 'the API key of Statuspage'],
  STATUSPAGE_API_URL: [url, 'the address of Statuspage’s API'],
  LOG_LEVEL: [logLevel, `one of ${logLevel.options.join(', ')}`],
  OTEL_TRACES_EXPORTER: [z.enum(['otlp', 'none']), 'otlp or none'],
  OTEL_EXPORTER_OTLP_ENDPOINT: [url, 'the address of an OpenTelemetry collector'],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: [url, 'the address of an OpenTelemetry collector, for traces'],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

type Name = keyof typeof variables;
type Values = { [K in Name]?: z.output<(typeof variables)[K][0]> };

/** Names of all variables, for the README's table. */
export const variableNames = Object.keys(variables) as Name[];

/**
 * The environment as a frozen Config. An empty variable counts as unset; `exists` says whether a file is there.
 * Throws one `misconfigured` whose message lists every missing or wrong variable, a line each, and no secret.
 */
export function parseConfig(
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = () => true,
): Config {
  const { values, faults } = parseEach(env);
  const isSet = (name: Name) => Boolean(env[name]?.trim());
  const need = (name: Name, why = '') => {
    if (!isSet(name)) faults.push(`${name} is missing${why}: set it to ${variables[name][1]}.`);
  };

  need('SLACK_BOT_TOKEN');
  if (!isSet('SLACK_APP_TOKEN')) need('SLACK_SIGNING_SECRET');
  if (variableNames.some((name) => name.startsWith('PAGERDUTY_') && isSet(name))) {
    need('PAGERDUTY_ROUTING_KEY', ', though other PAGERDUTY_ variables are set');
  }
  if (variableNames.some((name) => name.startsWith('STATUSPAGE_') && isSet(name))) {
    need('STATUSPAGE_PAGE_ID', ', though other STATUSPAGE_ variables are set');
    need('STATUSPAGE_API_KEY', ', though other STATUSPAGE_ variables are set');
  }
  if (isSet('STAMPS_ALERT_SECRET') && isSet('STAMPS_ALERT_AUDIENCE')) {
    faults.push(
      'STAMPS_ALERT_SECRET and STAMPS_ALERT_AUDIENCE are both set: only one of them can decide who may post alerts.',
    );
  } else if (isSet('STAMPS_ALERT_AUDIENCE') && !z.guid().safeParse(values.AZURE_TENANT_ID).success) {
    faults.push(`AZURE_TENANT_ID must be a GUID, since STAMPS_ALERT_AUDIENCE is set: tokens name their directory so.`);
  }
  const config = configOf(values, exists);
  for (const [name, path] of [
    ['STAMPS_ESTATE', config.estateFile],
    ['STAMPS_POLICY', config.policyFile],
  ] as const) {
    const example = `${name === 'STAMPS_ESTATE' ? 'estate' : 'policy'}.example.yml`;
    if (!exists(path)) faults.push(`${name}: there is no file ${path}. Begin with a copy of ${example}.`);
  }
  if (values.STAMPS_ALERT_RULES !== undefined && !exists(values.STAMPS_ALERT_RULES)) {
    faults.push(`STAMPS_ALERT_RULES: there is no file ${values.STAMPS_ALERT_RULES}.`);
  }

  if (faults.length > 0) {
    throw new OpsError(
      'misconfigured',
      ['Stamps can’t start yet: in its environment something is missing or wrong.', ...faults].join('\n'),
      {
        hint: 'Mend these, or run `npm run sandbox`, which needs no configuration. README.md has the whole table.',
      },
    );
  }
  return deepFreeze(config);
}

/** The process's configuration. */
export function loadConfig(): Config {
  return parseConfig(process.env, existsSync);
}

function parseEach(env: Readonly<Record<string, string | undefined>>): { values: Values; faults: string[] } {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const name of variableNames) {
    const given = env[name]?.trim();
    if (!given) continue;
    const [schema, says] = variables[name];
    const parsed = schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${name} is wrong: it should be ${says}.`);
  }
  return { values: values as Values, faults };
}

/** Values that passed every rule, arranged. */
function configOf(env: Values, exists: (path: string) => boolean): Config {
  const alerts = env.STAMPS_ALERT_SECRET
    ? { secret: env.STAMPS_ALERT_SECRET }
    : env.STAMPS_ALERT_AUDIENCE
      ? {
          audience: env.STAMPS_ALERT_AUDIENCE,
          entraTenantId: env.AZURE_TENANT_ID as string,
          authorityUrl: env.AZURE_AUTHORITY_HOST ?? 'https://login.microsoftonline.com',
        }
      : undefined;
  const collector = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  return {
    slack: {
      botToken: env.SLACK_BOT_TOKEN as Secret,
      appToken: env.SLACK_APP_TOKEN,
      signingSecret: env.SLACK_SIGNING_SECRET,
      apiUrl: env.SLACK_API_URL,
    },
    port: env.PORT ?? 3000,
    databaseUrl: env.DATABASE_URL,
    dataDir: env.STAMPS_DATA_DIR ?? '.stamps',
    estateFile: env.STAMPS_ESTATE ?? 'estate.yml',
    policyFile: env.STAMPS_POLICY ?? 'policy.yml',
    alertRulesFile: [env.STAMPS_ALERT_RULES ?? 'alert-rules.yml'].find(exists),
    executorId: env.STAMPS_EXECUTOR_ID ?? `${hostname().slice(0, 40)}-${randomBytes(4).toString('hex')}`,
    azure: {
      subscriptionId: env.AZURE_SUBSCRIPTION_ID,
      resourceManagerUrl: env.AZURE_RESOURCE_MANAGER_URL ?? 'https://management.azure.com',
      logsUrl: env.AZURE_LOGS_URL ?? 'https://api.loganalytics.io',
      metricsUrl: env.AZURE_METRICS_URL,
    },
    alerts,
    pagerDuty: env.PAGERDUTY_ROUTING_KEY && {
      routingKey: env.PAGERDUTY_ROUTING_KEY,
      apiToken: env.PAGERDUTY_API_TOKEN,
      from: env.PAGERDUTY_FROM,
      webhookSecret: env.PAGERDUTY_WEBHOOK_SECRET,
      eventsUrl: env.PAGERDUTY_EVENTS_URL ?? 'https://events.pagerduty.com',
      apiUrl: env.PAGERDUTY_API_URL ?? 'https://api.pagerduty.com',
    },
    statuspage:
      env.STATUSPAGE_PAGE_ID && env.STATUSPAGE_API_KEY
        ? {
            pageId: env.STATUSPAGE_PAGE_ID,
            apiKey: env.STATUSPAGE_API_KEY,
            apiUrl: env.STATUSPAGE_API_URL ?? 'https://api.statuspage.io',
          }
        : undefined,
    logLevel: env.LOG_LEVEL ?? 'info',
    tracing: env.OTEL_TRACES_EXPORTER === 'otlp' || (env.OTEL_TRACES_EXPORTER === undefined && collector !== undefined),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
