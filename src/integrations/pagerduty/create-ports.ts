import type { Clock } from '../../ports/clock.ts';
import type { OnCallPort } from '../../ports/on-call.ts';
import type { PagerPort } from '../../ports/pager.ts';
import type { ReadPagerNews } from '../../ports/pager-news.ts';
import type { Secret } from '../../secret.ts';
import { createOnCall } from './create-on-call.ts';
import { createPagerDuty } from './create-pagerduty.ts';
import { createWebhookReader } from './read-webhook.ts';

export interface PagerDutySettings {
  readonly routingKey: Secret;
  readonly apiToken: Secret | undefined;
  readonly from: string | undefined;
  readonly webhookSecret: Secret | undefined;
  readonly eventsUrl: string;
  readonly apiUrl: string;
}

export interface PagerDutyPorts {
  readonly pager: PagerPort | undefined;
  readonly onCall: OnCallPort | undefined;
  readonly readNews: ReadPagerNews | undefined;
  /** The app has a login there, so that it can page whom the policy names without a person who asks. */
  readonly pagesByItself: boolean;
}

/** What can be done with PagerDuty as it is configured. `secrets`: of the whole configuration. */
export function createPagerDutyPorts(
  settings: PagerDutySettings | undefined,
  clock: Clock,
  secrets: readonly Secret[] = [],
): PagerDutyPorts {
  if (!settings) return { pager: undefined, onCall: undefined, readNews: undefined, pagesByItself: false };
  const { routingKey, apiToken, from, webhookSecret, eventsUrl, apiUrl } = settings;
  return {
    pager: createPagerDuty({ routingKey, eventsUrl, secrets }),
    onCall: apiToken && createOnCall({ apiToken, apiUrl, routingKey, from, clock, secrets }),
    readNews: webhookSecret && createWebhookReader(webhookSecret),
    pagesByItself: apiToken !== undefined && from !== undefined,
  };
}
