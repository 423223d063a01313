import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PagerDutyEmulator } from '../contract.ts';
import { type Answer, Incidents, invalid } from './incidents.ts';

/** “The size of the event payload must not exceed 512 KB” (events-API-v2). */
const largestEvent = 512 * 1024;

const throttled: Answer = {
  status: 429,
  body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
};

/**
 * PagerDuty on loopback: POST /v2/enqueue, with the rules of incidents.ts, and 429 when told so. @pagerduty/pdjs takes
 * another host and an agent, which is how the app comes here over plain http.
 */
export async function startPagerDutyEmulator(): Promise<PagerDutyEmulator> {
  const routingKey = 'sandbox0000000000000000000000000';
  const incidents = new Incidents(routingKey);
  let throttledTimes = 0;

  const enqueue = (text: string | undefined): Answer => {
    if (throttledTimes > 0) {
      throttledTimes -= 1;
      return throttled;
    }
    return text === undefined ? invalid(['Event is larger than 512 KB']) : incidents.accept(parsed(text));
  };

  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    const known = request.method === 'POST' && request.url === '/v2/enqueue';
    const { status, body } = known ? enqueue(text) : { status: 404, body: { message: 'Not Found' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  return {
    eventsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    routingKey,
    get incidents() {
      return incidents.all;
    },
    throttle(times) {
      throttledTimes = times;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Undefined: too large. It is read to its end all the same, so that the sender gets an answer. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= largestEvent) chunks.push(chunk);
  }
  return size > largestEvent ? undefined : Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
