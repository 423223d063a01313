import type { AcceptedWrite, AlertsSnapshot, AzureEmulator, EstateSnapshot } from './azure/contract.ts';
import type { PagerAccount, PagerDutyEmulator } from './pagerduty/contract.ts';
import type { SlackEmulator, SlackSnapshot } from './slack/contract.ts';
import type { PublicPageSnapshot, StatuspageEmulator } from './statuspage/contract.ts';

/** How the bot's process is, for the page. */
export interface AppStatus {
  /** `absent`: the sandbox was started without it. `unready`: it runs, and /readyz says no. */
  readonly state: 'absent' | 'starting' | 'ready' | 'unready' | 'stopped' | 'died';
  /** The same as a sentence, with what to do. */
  readonly says: string;
  readonly pid?: number;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
}

/** The bot as the page handles it. */
export interface Bot {
  status(): AppStatus;
  /** Called after each change of status; answers with the way to stop it. */
  subscribe(listener: () => void): () => void;
  /** Ends it with SIGTERM if it runs, and starts it again. */
  restart(): Promise<void>;
  /** SIGKILL: no chance to say goodbye. */
  kill(): void;
}

/** Which of the lasting faults are on; the emulators take them, and do not tell them. */
export interface Switches {
  slackDown: boolean;
  gatewayHangs: boolean;
  gatewayDelayMs: number;
  azureLatencyMs: number;
  pagerThrottles: boolean;
}

/** Everything that the page server stands on. */
export interface World {
  readonly slack: SlackEmulator;
  readonly azure: AzureEmulator;
  readonly pager: PagerDutyEmulator;
  readonly statuspage: StatuspageEmulator;
  readonly bot: Bot;
  readonly switches: Switches;
}

/** What the page shows. Its parts are sent apart, each when it changed. */
export interface PageState {
  readonly slack: SlackSnapshot;
  readonly estate: EstateSnapshot;
  /** The newest first, at most 60. */
  readonly writes: readonly AcceptedWrite[];
  readonly alerts: AlertsSnapshot;
  readonly incidents: PagerDutyEmulator['incidents'];
  readonly pagerAccount: PagerAccount;
  readonly publicPage: PublicPageSnapshot;
  readonly app: AppStatus;
  readonly switches: Switches;
}

/** How long a gateway update takes in the sandbox before anybody slows it, as the emulator's contract says. */
export const usualGatewayDelayMs = 3_000;

export function freshSwitches(): Switches {
  return {
    slackDown: false,
    gatewayHangs: false,
    gatewayDelayMs: usualGatewayDelayMs,
    azureLatencyMs: 0,
    pagerThrottles: false,
  };
}

export function pageState(world: World): PageState {
  return {
    slack: world.slack.snapshot(),
    estate: world.azure.snapshot(),
    writes: world.azure.accepted.slice(-60).reverse(),
    alerts: world.azure.alerts.snapshot(),
    incidents: world.pager.incidents,
    pagerAccount: world.pager.account,
    publicPage: world.statuspage.snapshot(),
    app: world.bot.status(),
    switches: { ...world.switches },
  };
}
