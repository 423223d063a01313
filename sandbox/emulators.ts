import type { AzureEmulator } from './azure/contract.ts';
import { startAzureEmulator } from './azure/start-azure.ts';
import type { PagerDutyEmulator } from './pagerduty/contract.ts';
import { startPagerDutyEmulator } from './pagerduty/start-pagerduty.ts';
import type { SlackEmulator } from './slack/contract.ts';
import { startSlackEmulator } from './slack/start-slack.ts';
import type { StatuspageEmulator } from './statuspage/contract.ts';
import { startStatuspageEmulator } from './statuspage/start-statuspage.ts';

export interface Emulators {
  readonly slack: SlackEmulator;
  readonly azure: AzureEmulator;
  readonly pager: PagerDutyEmulator;
  readonly statuspage: StatuspageEmulator;
}

/** Nobody wants to wait five minutes for an alert: those of the rules last five seconds. */
const sandboxAlertMinuteMs = 1_000;

/** The world around the bot, on loopback ports of its own. */
export async function startEmulators(): Promise<Emulators> {
  const [slack, azure, pager, statuspage] = await Promise.all([
    startSlackEmulator(),
    startAzureEmulator({ alertMinuteMs: sandboxAlertMinuteMs }),
    startPagerDutyEmulator(),
    startStatuspageEmulator(),
  ]);
  return { slack, azure, pager, statuspage };
}
