import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { App, Receiver } from '@slack/bolt';
import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Route, readBody } from '../../ports/http.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Secret } from '../../secret.ts';
import { createHttpServer, type HttpServer } from './http-server.ts';
import { isFromSlack } from './signature.ts';

/** Well above what Slack sends (a view is at most 250 kB). */
const bodyLimit = 1_000_000;
/** Slack gives up after 3 s; a refusal must come before that. */
const answerWithinMs = 2_800;

const Body = z.record(z.string(), z.unknown());

interface Parts {
  readonly signingSecret: Secret;
  readonly port: number;
  readonly routes: readonly Route[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Bolt's receiver for signed HTTP, stricter than its own: signatures in one spelling, timestamps in a window on both
 * sides, and Slack's 200 only when the listener has acknowledged, which it does once the request is stored.
 */
export class SignedReceiver implements Receiver {
  readonly #parts: Parts;
  readonly #server: HttpServer;
  #app: App | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#server = createHttpServer([
      ...parts.routes,
      {
        path: '/slack/events',
        method: 'POST',
        handler: (request, response) =>
          void this.#take(request, response).catch((error) => this.#fault(error, response)),
      },
    ]);
  }

  init(app: App): void {
    this.#app = app;
  }

  start(): Promise<number> {
    return this.#server.listen(this.#parts.port);
  }

  stop(): Promise<void> {
    return this.#server.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { signingSecret, clock, logger } = this.#parts;
    const raw = await readBody(request, bodyLimit);
    if (raw === undefined) return end(response, 413);
    if (!isFromSlack(request.headers, raw, signingSecret.reveal(), clock.now())) {
      logger.warn(
        { from: request.socket.remoteAddress },
        'refused a request that is not signed by Slack, or not of now',
      );
      return end(response, 401);
    }
    const body = parseBody(raw.toString('utf8'), request.headers['content-type'] ?? '');
    if (!body) return end(response, 400);
    if (body.ssl_check !== undefined) return end(response, 200);
    if (body.type === 'url_verification') return json(response, { challenge: body.challenge });

    const timer = setTimeout(() => end(response, 503), answerWithinMs);
    try {
      await this.#app?.processEvent({
        body,
        ack: async (answer: unknown) => {
          if (answer === undefined || answer === '') end(response, 200);
          else if (typeof answer === 'string') text(response, answer);
          else json(response, answer);
        },
      });
    } finally {
      clearTimeout(timer);
    }
    // Nobody took it: a kind of request that the manifest does not ask for.
    if (!response.headersSent) end(response, 404);
  }

  /** Listeners fail with an `OpsError`, and Slack may send it again; any other error is Bolt's, which can't read the body. */
  #fault(error: unknown, response: ServerResponse): void {
    const readable = error instanceof OpsError;
    if (readable) this.#parts.logger.error({ err: error }, 'a request of Slack was not taken');
    else this.#parts.logger.warn({ err: error }, 'a request of Slack could not be read');
    end(response, readable ? 503 : 400);
  }
}

function parseBody(text: string, contentType: string): Record<string, unknown> | undefined {
  try {
    if (!contentType.startsWith('application/x-www-form-urlencoded')) return Body.safeParse(JSON.parse(text)).data;
    const form = parse(text);
    return typeof form.payload === 'string' ? Body.safeParse(JSON.parse(form.payload)).data : { ...form };
  } catch {
    return undefined;
  }
}

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status).end();
}

function json(response: ServerResponse, value: unknown): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function text(response: ServerResponse, value: string): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(value);
}
