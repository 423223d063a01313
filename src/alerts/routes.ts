import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Alert, SentAlert } from '../domain/alert.ts';
import type { PlaceFinder } from '../domain/find-place.ts';
import { OpsError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { type Route, readBody } from '../ports/http.ts';
import type { Logger } from '../ports/logger.ts';
import type { AlertWriter } from './alert-writer.ts';
import type { Authenticate, Poster } from './authenticate.ts';
import { readAzureMonitorAlert } from './azure-monitor-schema.ts';
import { createGate } from './body-gate.ts';
import { readGenericAlert } from './generic-schema.ts';
import type { UnreadAlerts } from './unread-alerts.ts';

/** Azure Monitor sends at most 256 KB. */
const bodyLimit = 1_000_000;
/** Bodies that are read at the same time, over all requests. */
const bodiesLimit = 64_000_000;

export interface AlertRoutesParts {
  readonly authenticate: Authenticate;
  readonly placeOf: PlaceFinder;
  readonly writer: AlertWriter;
  readonly unread: UnreadAlerts;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds from the request to its answer. */
  readonly answered?: (poster: Poster, status: number, tookMs: number) => void;
}

/**
 * `POST /alerts/azure-monitor` and `POST /alerts/generic`: who may, what it says, stored, then 200. What can't be read is
 * kept as it came, then 400. Never 429 and never 503 (docs/adr, on ingest): what can't be stored now is held for a while,
 * and then answered with 504, which Azure tries again.
 */
export function createAlertRoutes(parts: AlertRoutesParts): Route[] {
  const gate = createGate(bodiesLimit);
  return [
    route('/alerts/azure-monitor', 'azure-monitor', readAzureMonitorAlert),
    route('/alerts/generic', 'generic', readGenericAlert),
  ];

  function route(path: string, poster: Poster, read: (body: unknown, now: string) => SentAlert): Route {
    return {
      path,
      method: 'POST',
      handler(request, response) {
        const came = performance.now();
        const answer = (status: number, says: string) => {
          end(response, status, says);
          parts.answered?.(poster, status, performance.now() - came);
        };
        take(request, poster, read).then(
          () => answer(200, 'stored'),
          (error: unknown) => {
            const { status, says } = answerTo(
              error,
              parts.logger.child({ poster, from: request.socket.remoteAddress }),
            );
            answer(status, says);
          },
        );
      },
    };
  }

  async function take(
    request: IncomingMessage,
    poster: Poster,
    read: (body: unknown, now: string) => SentAlert,
  ): Promise<void> {
    await parts.authenticate(request, poster);
    const alert = await gate(declaredSize(request), async () => {
      const raw = await readBody(request, bodyLimit);
      if (raw === undefined) throw tooLong();
      try {
        const { said, ...sent } = read(parse(raw), new Date(parts.clock.now()).toISOString());
        const place = parts.placeOf({ ...sent, ...(said && { said }) });
        return { ...sent, place } satisfies Alert;
      } catch (error) {
        await parts.unread.keep(poster, raw, whyNot(error));
        throw error;
      }
    });
    await parts.writer.store(alert);
  }
}

function declaredSize(request: IncomingMessage): number {
  const declared = Number(request.headers['content-length'] ?? bodyLimit);
  return Number.isFinite(declared) ? Math.min(Math.max(declared, 0), bodyLimit) : bodyLimit;
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new OpsError('bad-input', 'The body is not JSON.', { cause });
  }
}

function tooLong(): OpsError {
  return new OpsError('refused', `An alert has at most ${bodyLimit} bytes.`);
}

/** 400, 401 and 413 are not tried again by Azure, and should not be: the same request would fail the same way. */
function answerTo(error: unknown, logger: Logger): { status: number; says: string } {
  if (!(error instanceof OpsError)) {
    logger.error({ err: error }, 'an alert met a bug');
    return { status: 504, says: 'not stored' };
  }
  const says = whyNot(error);
  if (error.transient) {
    logger.error({ err: error }, 'an alert could not be taken, its sender was asked to try again');
    return { status: 504, says };
  }
  logger.warn({ code: error.code, says: error.message }, 'an alert was refused');
  return { status: { 'not-allowed': 401, refused: 413 }[error.code as string] ?? 400, says };
}

function whyNot(error: unknown): string {
  if (!(error instanceof OpsError)) return 'Reading it met a fault in Stamps itself.';
  return [error.message, error.hint].filter(Boolean).join(' ');
}

function end(response: ServerResponse, status: number, says: string): void {
  if (response.headersSent || response.destroyed) return;
  const body = `${says}\n`;
  const headers = ['content-type', 'text/plain; charset=utf-8', 'content-length', String(Buffer.byteLength(body))];
  response.writeHead(status, headers).end(body);
}
