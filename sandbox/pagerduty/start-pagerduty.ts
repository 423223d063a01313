import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { PagerDutyEmulator } from '../contract.ts';

const largestPayload = 512 * 1024;

const Event = z.object({
  routing_key: z.string().length(32),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().max(255).optional(),
  payload: z
    .object({
      summary: z.string().min(1).max(1_024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
    })
    .loose()
    .optional(),
});

/**
 * PagerDuty's Events API v2 (PagerDuty/developer-docs, events-API-v2): 202 for what is accepted, 400 for what is not valid
 * or over 512 KB, 429 when throttled; one incident for one dedup key, which has at most 255 characters.
 */
export async function startPagerDutyEmulator(): Promise<PagerDutyEmulator> {
  const routingKey = 'sandbox0000000000000000000000000';
  const incidents = new Map<
    string,
    { dedupKey: string; summary: string; triggers: number; status: 'triggered' | 'acknowledged' | 'resolved' }
  >();
  let throttled = 0;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method !== 'POST' || request.url !== '/v2/enqueue') return answer(404, { message: 'Not Found' });
    if (throttled > 0) {
      throttled -= 1;
      return answer(429, {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly.',
      });
    }
    const parsed = Event.safeParse(parse(text));
    const invalid = (errors: string[]) =>
      answer(400, { status: 'invalid event', message: 'Event object is invalid', errors });
    if (text.length > largestPayload) return invalid(['Event is larger than 512 KB']);
    if (!parsed.success)
      return invalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    const {
      routing_key: key,
      event_action: action,
      dedup_key: dedupKey = `made-${incidents.size}`,
      payload,
    } = parsed.data;
    if (key !== routingKey) return invalid(['Invalid routing key']);
    if (action === 'trigger' && !payload) return invalid(['payload is required']);
    const known = incidents.get(dedupKey);
    if (action === 'trigger') {
      const reopened = !known || known.status === 'resolved';
      incidents.set(dedupKey, {
        dedupKey,
        summary: payload?.summary ?? '',
        triggers: (reopened ? 0 : known.triggers) + 1,
        status: reopened ? 'triggered' : known.status,
      });
    } else if (known) {
      known.status = action === 'acknowledge' ? 'acknowledged' : 'resolved';
    }
    return answer(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    eventsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routingKey,
    get incidents() {
      return [...incidents.values()];
    },
    throttle(times) {
      throttled = times;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
