import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startJsonServer } from '../azure/json-server.ts';
import { apiToken, appEmail, routingKey, users } from './account.ts';
import type { PagerAccount, PagerDutyEmulator, PagerIncident } from './contract.ts';
import { type Answer, acceptEvent, invalid } from './events-api.ts';
import { type Incident, Incidents, policyName, userById } from './incidents.ts';
import { RestApi } from './rest-api.ts';
import { Webhooks } from './webhooks.ts';

/** “The size of the event payload must not exceed 512 KB” (events-API-v2). */
const largestEvent = 512 * 1024;
const webhookSecret = 'sandbox-webhook-secret';
const triesShown = 20;

const throttled: Answer = {
  status: 429,
  body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
};

export interface PagerDutyOptions {
  readonly now?: () => number;
  /** How long a webhook that failed waits before each further try. */
  readonly retryDelaysMs?: readonly number[];
}

/** For tests and benches: what a vendor’s contract has no word for. */
export interface PagerDutyTestEmulator extends PagerDutyEmulator {
  readonly webhooks: Webhooks;
}

/**
 * PagerDuty on loopback: POST /v2/enqueue with the rules of events-api.ts, the REST API with those of rest-api.ts, and
 * webhooks with those of webhooks.ts. @pagerduty/pdjs takes another host and an agent for events, which is how the app
 * comes here over plain http.
 */
export async function startPagerDutyEmulator(options: PagerDutyOptions = {}): Promise<PagerDutyTestEmulator> {
  const { now = Date.now } = options;
  const incidents = new Incidents(now);
  const rest = new RestApi(incidents, now);
  const webhooks = new Webhooks([webhookSecret], {
    now,
    ...(options.retryDelaysMs && { retryDelaysMs: options.retryDelaysMs }),
  });
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let throttledTimes = 0;
  let throttling = false;
  incidents.listen((happening) => {
    webhooks.add(happening);
    changed();
  });

  const enqueue = (text: string | undefined): Answer => {
    if (throttling) return throttled;
    if (throttledTimes > 0) {
      throttledTimes -= 1;
      return throttled;
    }
    if (text === undefined) return invalid(['Event is larger than 512 KB']);
    const answer = acceptEvent(incidents, parsed(text));
    changed();
    return answer;
  };

  const events = createServer(async (request, response) => {
    const text = await textOf(request);
    const known = request.method === 'POST' && request.url === '/v2/enqueue';
    const { status, body } = known ? enqueue(text) : { status: 404, body: { message: 'Not Found' } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => events.listen(0, '127.0.0.1', listening));
  const restServer = await startJsonServer((call) => rest.answer(call));

  const account = (): PagerAccount => ({
    users: users.map(({ id, name }) => ({ id, name })),
    onCall: incidents.onCalls(now(), now()).map(({ policyId, level, user, end }) => ({
      policy: policyName(policyId),
      level,
      who: user.name,
      ...(end !== undefined && { until: end }),
    })),
    webhooks: { off: webhooks.off, tries: webhooks.tries.slice(-triesShown).reverse() },
  });

  return {
    eventsUrl: `http://127.0.0.1:${(events.address() as AddressInfo).port}`,
    apiUrl: restServer.url,
    routingKey,
    apiToken,
    appEmail,
    webhookSecret,
    webhooks,
    get webhookUrl() {
      return webhooks.url;
    },
    set webhookUrl(url) {
      webhooks.url = url;
    },
    get incidents() {
      return incidents.all.map(shown);
    },
    get account() {
      return account();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    as(userId) {
      const user = userById(userId);
      if (!user) throw new Error(`PagerDuty has no user ${userId}`);
      return {
        acknowledge: (id) => incidents.move(id, 'acknowledged', user),
        resolve: (id) => incidents.move(id, 'resolved', user),
        note: (id, text) => void incidents.annotate(id, text, user),
        reopen: (id) => incidents.reopen(id, user),
        reassign: (id, to) =>
          incidents.reassign(
            id,
            to.flatMap((each) => userById(each) ?? []),
            user,
          ),
        escalate: (id) => incidents.escalate(id, user),
        delegate: (id, policyId) => incidents.delegate(id, policyId, user),
        prioritise: (id, priority) => incidents.prioritise(id, priority, user),
      };
    },
    timeOut: (id) => incidents.timeOut(id),
    escalate: (id) => incidents.escalate(id),
    loseNoteAnswers(times) {
      rest.loseNotes = times;
    },
    throttle(times) {
      throttledTimes = times;
    },
    throttling(on) {
      throttling = on;
    },
    throttleRest(times) {
      rest.throttledTimes = times;
    },
    replayWebhook: () => webhooks.replay(),
    switchWebhooksOn: () => webhooks.switchOn(),
    async close() {
      await webhooks.close();
      events.closeAllConnections();
      await Promise.all([new Promise((closed) => events.close(closed)), restServer.close()]);
    },
  };
}

function shown(incident: Incident): PagerIncident {
  return {
    id: incident.id,
    dedupKey: incident.key,
    summary: incident.title,
    details: incident.details,
    service: incident.service.name,
    policy: policyName(incident.policyId),
    assignees: incident.assignees.map(({ name }) => name),
    triggers: incident.triggers,
    status: incident.status,
    at: incident.createdAt,
    notes: incident.notes.map(({ by, text }) => ({ by: by.name, text })),
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
