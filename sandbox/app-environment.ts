import { fileURLToPath } from 'node:url';
import type { AzureEmulator } from './azure/contract.ts';
import type { PagerDutyEmulator } from './pagerduty/contract.ts';
import type { SlackEmulator } from './slack/contract.ts';
import type { StatuspageEmulator } from './statuspage/contract.ts';

/** Variables of the app's that the surroundings may hold for a real workspace: the sandbox's bot must not see them. */
const ours = /^(SLACK|STAMPS|AZURE|PAGERDUTY|STATUSPAGE|IDENTITY|MSI|OTEL)_|^(DATABASE_URL|PORT|NODE_OPTIONS)$/;

const file = (path: string) => new URL(`../${path}`, import.meta.url);

/** Node's arguments for the app: those of `npm start`, but for the check of Node's version. */
export const appArguments = [
  '--max-semi-space-size=8',
  '--import',
  file('scripts/compile-cache.mjs').href,
  fileURLToPath(file('scripts/run.ts')),
  fileURLToPath(file('src/main.ts')),
];

export interface AppEnvironment {
  readonly slack: SlackEmulator;
  readonly azure: AzureEmulator;
  readonly pager: PagerDutyEmulator;
  readonly statuspage: StatuspageEmulator;
  readonly port: number;
  readonly socket: boolean;
  readonly dataDir: string;
  readonly estateFile: string;
  readonly policyFile: string;
  readonly caFile: string;
}

/** What the unmodified app needs to run against the emulators: URLs and keys, nothing else. */
export function appEnvironment(
  given: AppEnvironment,
  surroundings: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const { slack, azure, pager, statuspage } = given;
  return {
    ...Object.fromEntries(Object.entries(surroundings).filter(([name]) => !ours.test(name))),
    NODE_ENV: 'production',
    // As README advises: by default glibc keeps an arena of freed memory for about every thread.
    MALLOC_ARENA_MAX: '2',
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    ...(given.socket && { SLACK_APP_TOKEN: slack.appToken }),
    PORT: String(given.port),
    STAMPS_DATA_DIR: given.dataDir,
    STAMPS_ESTATE: given.estateFile,
    STAMPS_POLICY: given.policyFile,
    ...azure.env,
    STAMPS_ALERT_SECRET: azure.alerts.secret,
    PAGERDUTY_EVENTS_URL: pager.eventsUrl,
    PAGERDUTY_ROUTING_KEY: pager.routingKey,
    PAGERDUTY_API_URL: pager.apiUrl,
    PAGERDUTY_API_TOKEN: pager.apiToken,
    PAGERDUTY_FROM: pager.appEmail,
    PAGERDUTY_WEBHOOK_SECRET: pager.webhookSecret,
    STATUSPAGE_API_URL: statuspage.apiUrl,
    STATUSPAGE_API_KEY: statuspage.apiKey,
    STATUSPAGE_PAGE_ID: statuspage.pageId,
    NODE_EXTRA_CA_CERTS: given.caFile,
  };
}
