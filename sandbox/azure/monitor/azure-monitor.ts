import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertsSnapshot, AzureAlerts } from '../contract.ts';
import type { Estate } from '../estate.ts';
import { AlertMonitor } from './alert-monitor.ts';
import type { FiredAlert } from './fired-alert.ts';
import { Flood } from './flood.ts';
import { seedActionGroup } from './seeded-rules.ts';
import { postJson, type WebhookOptions, Webhooks } from './webhooks.ts';

export interface AzureMonitorOptions {
  /** How long a minute of a rule's window and frequency lasts; so do the 15 minutes after a webhook failed. */
  readonly minuteMs: number;
  readonly send?: WebhookOptions['send'];
  /** Between the tries of a webhook. */
  readonly wait?: WebhookOptions['wait'];
}

const blockedMinutes = 15;
const shownAlerts = 25;

/** Azure Monitor, as the sandbox handles it. `advance` lets it look at the estate. */
export class AzureMonitor implements AzureAlerts {
  readonly secret = randomBytes(24).toString('hex');
  readonly #estate: Estate;
  readonly #monitor: AlertMonitor;
  readonly #flood: Flood;

  constructor(estate: Estate, options: AzureMonitorOptions) {
    const { minuteMs, send = postJson, wait = (ms: number) => sleep(ms, undefined, { ref: false }) } = options;
    const webhooks = new Webhooks({ send, wait, now: () => estate.now(), blockMs: blockedMinutes * minuteMs });
    this.#estate = estate;
    this.#monitor = new AlertMonitor({ estate, webhooks, minuteMs });
    this.#flood = new Flood(estate, this.#monitor);
  }

  advance(now: number): void {
    this.#monitor.advance(now);
  }

  postTo(url: string): void {
    const { id, name, properties } = seedActionGroup();
    const address = new URL(url);
    address.searchParams.set('secret', this.secret);
    const webhook = { name: 'stamps', serviceUri: address.href, useCommonAlertSchema: true };
    this.#estate.actionGroups.set(id.toLowerCase(), {
      id,
      name,
      properties: { ...properties, webhookReceivers: [webhook] },
    });
  }

  flood(count: number, overMs: number, seed = 1): Promise<void> {
    return this.#flood.fire({ count, overMs, seed });
  }

  resolveFlood(): Promise<void> {
    return this.#flood.resolve();
  }

  switchRule(name: string, enabled: boolean): void {
    for (const [key, rule] of this.#estate.alertRules) {
      if (rule.name !== name) continue;
      this.#estate.alertRules.set(key, { ...rule, properties: { ...rule.properties, enabled } });
    }
    this.#estate.changed();
  }

  snapshot(): AlertsSnapshot {
    const { alerts } = this.#monitor;
    const notified: Record<string, number> = {};
    for (const alert of alerts) notified[alert.notified] = (notified[alert.notified] ?? 0) + 1;
    return {
      newest: alerts.slice(-shownAlerts).reverse().map(shown),
      total: alerts.length,
      firing: alerts.filter(({ resolvedAt }) => resolvedAt === undefined).length,
      toPost: this.#flood.left,
      notified,
    };
  }
}

function shown(alert: FiredAlert): AlertsSnapshot['newest'][number] {
  const { id, rule, severity, targetId, dimensions, firedAt, resolvedAt, notified } = alert;
  const name = targetId.split('/').at(-1) ?? targetId;
  const target = [name, ...Object.values(dimensions)].join(', ');
  return { id, rule, severity, target, firedAt, notified, ...(resolvedAt !== undefined && { resolvedAt }) };
}
