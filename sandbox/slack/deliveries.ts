import { createHmac } from 'node:crypto';
import type { Delivery } from './contract.ts';
import type { Faults } from './faults.ts';
import type { Envelope, Sockets } from './sockets.ts';

/** Slack waits 3 s for the answer to a command or a click, and for an event's 2xx. */
const withinMs = 3_000;
/** Events come again: at once, after a minute, after five (docs.slack.dev/apis/events-api). */
const retryDelaysMs = [0, 60_000, 300_000];

export interface SignedRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface DeliveryOptions {
  readonly signingSecret: string;
  readonly now: () => number;
  readonly sockets: Sockets;
  readonly faults: Faults;
  readonly requestUrl: () => string | undefined;
}

/** How what people do reaches the app: over a socket when one is open, else signed over HTTP. */
export class Deliveries {
  last: SignedRequest | undefined;
  readonly #options: DeliveryOptions;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Signs any body for any time, for tests of what must be refused. */
  sign(body: string, contentType: string, timestampSeconds = Math.floor(this.#options.now() / 1000)): SignedRequest {
    const signature = createHmac('sha256', this.#options.signingSecret)
      .update(`v0:${timestampSeconds}:${body}`)
      .digest('hex');
    return {
      url: this.#options.requestUrl() ?? '',
      headers: {
        'content-type': contentType,
        'x-slack-request-timestamp': String(timestampSeconds),
        'x-slack-signature': `v0=${signature}`,
      },
      body,
    };
  }

  /** A command, a click or a form, once: Slack does not send these again. */
  async deliver(envelope: Envelope): Promise<Delivery> {
    const { sockets, faults, requestUrl, now } = this.#options;
    const begun = now();
    const done = (status: number, body: string): Delivery => ({ status, body, ms: now() - begun });
    if (faults.isDown) return done(0, 'Slack is away');
    try {
      if (sockets.connected) {
        const answer = await sockets.deliver(envelope, withinMs);
        return done(200, answer === undefined ? '' : JSON.stringify(answer));
      }
      if (requestUrl() === undefined) return done(0, 'nobody listens');
      const request = this.#request(envelope);
      this.last = request;
      const response = await fetch(request.url, {
        method: 'POST',
        headers: request.headers,
        body: request.body,
        signal: AbortSignal.timeout(withinMs),
      });
      return done(response.status, await response.text());
    } catch (error) {
      return done(
        0,
        (error as Error).name === 'TimeoutError' || (error as Error).message === 'operation_timeout'
          ? 'operation_timeout'
          : 'dispatch_failed',
      );
    }
  }

  /** An event, again until it is taken, at most three times more. */
  async deliverEvent(payload: object, retry = 0): Promise<Delivery> {
    const delivery = await this.deliver({ type: 'events_api', payload });
    if (delivery.status >= 200 && delivery.status < 300) return delivery;
    const delay = retryDelaysMs[retry];
    if (delay === 0) return this.deliverEvent(payload, retry + 1);
    if (delay !== undefined) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.deliverEvent(payload, retry + 1);
      }, delay);
      timer.unref();
      this.#timers.add(timer);
    }
    return delivery;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #request({ type, payload }: Envelope): SignedRequest {
    if (type === 'events_api') return this.sign(JSON.stringify(payload), 'application/json');
    const fields =
      type === 'slash_commands' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
    return this.sign(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded');
  }
}
