/**
 * PagerDuty's v3 webhooks. Rules kept (PagerDuty/developer-docs, docs/webhooks, “Overview”, “Behavior”, “Verifying
 * Signatures”): one event a webhook; `X-PagerDuty-Signature: v1=<hex HMAC-SHA256 of the body>`, comma separated while
 * secrets rotate, and no timestamp; `X-Webhook-Id`, the same at each try; 2xx within 5 s; after 5xx, 429, silence and
 * broken connections four more tries over about 20 minutes; any other 4xx drops it at once; three dropped one after
 * another switch the subscription off for 24 h and empty its queue; order kept within an incident; at most 4,000 wait;
 * at least once.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { Happening } from './incidents.ts';
import { incidentBody, reference } from './rest-api.ts';

const answerWithinMs = 5_000;
const mostQueued = 4_000;
const droppedUntilOff = 3;
const offMs = 24 * 3_600_000;
/** Exponential, “over the course of about 20 minutes”. */
export const usualRetryDelaysMs: readonly number[] = [75_000, 150_000, 300_000, 600_000];

export interface WebhookTry {
  readonly webhookId: string;
  readonly event: string;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly attempt: number;
}

interface Webhook {
  readonly id: string;
  readonly event: string;
  readonly body: string;
}

export interface WebhookOptions {
  readonly now: () => number;
  readonly retryDelaysMs?: readonly number[];
}

export class Webhooks {
  /** Where they go; undefined: nobody has subscribed. */
  url: string | undefined;
  /** Old and new while they rotate. */
  secrets: readonly string[];
  /** Newest 1,000. */
  readonly tries: WebhookTry[] = [];
  readonly #options: Required<WebhookOptions>;
  readonly #queue: Webhook[] = [];
  readonly #sent: Webhook[] = [];
  #droppedInARow = 0;
  #offUntil = 0;
  #working: Promise<void> = Promise.resolve();
  #busy = false;
  #held = false;
  readonly #closing = new AbortController();

  constructor(secrets: readonly string[], options: WebhookOptions) {
    this.secrets = secrets;
    this.#options = { retryDelaysMs: usualRetryDelaysMs, ...options };
  }

  get off(): boolean {
    return this.#options.now() < this.#offUntil;
  }

  /** As the button in PagerDuty's settings does. */
  switchOn(): void {
    this.#offUntil = 0;
    this.#droppedInARow = 0;
  }

  add(happening: Happening): void {
    if (this.url === undefined || this.off || this.#queue.length >= mostQueued) return;
    const event = eventOf(happening, this.#options.now());
    this.#queue.push({ id: randomUUID(), event: event.event_type, body: JSON.stringify({ event }) });
    this.#work();
  }

  /** Sends one again that has arrived, as somebody would who listened in, or PagerDuty's “at least once”. */
  async replay(nth = -1): Promise<number> {
    const webhook = this.#sent.at(nth);
    return webhook ? this.#send(webhook, 1) : 0;
  }

  /** Nothing goes out until it is released, in the order that `arrange` gives: as webhooks over 55 KB may come. */
  hold(): void {
    this.#held = true;
  }

  release(arrange: <T>(waiting: readonly T[]) => T[] = (waiting) => [...waiting]): void {
    this.#held = false;
    this.#queue.push(...arrange(this.#queue.splice(0)));
    this.#work();
  }

  /** Once nothing waits. */
  async idle(): Promise<void> {
    while (this.#busy) await this.#working;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#working;
  }

  #work(): void {
    if (this.#busy || this.#held) return;
    this.#busy = true;
    this.#working = (async () => {
      for (let next = this.#queue.shift(); next && !this.#closing.signal.aborted; next = this.#queue.shift()) {
        await this.#deliver(next);
      }
      this.#busy = false;
    })();
  }

  async #deliver(webhook: Webhook): Promise<void> {
    const delays = this.#options.retryDelaysMs;
    for (let attempt = 1; attempt <= delays.length + 1; attempt += 1) {
      const status = await this.#send(webhook, attempt);
      if (status >= 200 && status < 300) {
        this.#droppedInARow = 0;
        this.#sent.push(webhook);
        return;
      }
      const passing = status === 0 || status === 429 || status >= 500;
      if (!passing || attempt > delays.length) break;
      await this.#wait(delays[attempt - 1] ?? 0);
      if (this.#closing.signal.aborted) return;
    }
    this.#droppedInARow += 1;
    if (this.#droppedInARow < droppedUntilOff) return;
    this.#offUntil = this.#options.now() + offMs;
    this.#queue.length = 0;
  }

  async #send({ id, event, body }: Webhook, attempt: number): Promise<number> {
    let status = 0;
    try {
      const signature = this.secrets
        .map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`)
        .join(',');
      const answer = await fetch(this.url ?? '', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-pagerduty-signature': signature,
          'x-webhook-id': id,
          'user-agent': 'PagerDuty-Webhook/V3.0',
        },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), this.#closing.signal]),
      });
      status = answer.status;
    } catch {
      // No answer.
    }
    this.tries.push({ webhookId: id, event, status, attempt });
    if (this.tries.length > 1_000) this.tries.shift();
    return status;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((over) => {
      const timer = setTimeout(over, ms);
      this.#closing.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        over();
      });
    });
  }
}

function eventOf({ type, incident, by, note }: Happening, now: number) {
  const of = incidentBody(incident);
  return {
    id: randomUUID(),
    event_type: `incident.${type}`,
    resource_type: 'incident',
    occurred_at: new Date(now).toISOString(),
    agent: by
      ? reference('user', by.id, by.name)
      : type === 'unacknowledged' || type === 'escalated'
        ? reference('service', incident.service.id, incident.service.name)
        : reference('inbound_integration', `${incident.service.id}I`, 'Events API'),
    client: null,
    data: note
      ? {
          type: 'incident_note',
          id: note.id,
          content: note.text,
          trimmed: false,
          incident: reference('incident', incident.id, incident.title),
        }
      : {
          ...of,
          number: incident.number,
          assignees: incident.assignees.map(({ id, name }) => reference('user', id, name)),
        },
  };
}
