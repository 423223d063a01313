/**
 * PagerDuty's REST API v2, as far as the product calls it. Rules kept (PagerDuty/developer-docs, docs/REST-API:
 * “Authentication”, “Rate Limits”, “Errors”, “Pagination”, and the API reference): `Authorization: Token token=…`, else
 * 401; 960 requests a minute and key, told in ratelimit-limit, -remaining and -reset, beyond it 429 with code 2020;
 * `limit` and `offset` with `more`, 100 at most; an account's token needs a `From` header with the e-mail of a user to
 * create or change anything, else 400 with code 1008; an open incident with the same incident_key on the service is refused with
 * 400 and code 2002; errors as `{ error: { message, code, errors } }`; notes are listed without pages and never changed,
 * “a maximum of 2000 notes can be added to an incident”, the same words as often as they are sent.
 */
import { z } from 'zod';
import type { Call, Reply } from '../azure/json-server.ts';
import { apiToken, type OnCall, policies, services, users } from './account.ts';
import { type Incident, type Incidents, type Note, policyName, serviceById, userById } from './incidents.ts';

const perMinute = 960;
const minuteMs = 60_000;
const mostRows = 100;
const mostNotes = 2_000;

const createSchema = z.looseObject({
  incident: z.looseObject({
    type: z.literal('incident'),
    title: z.string().min(1).max(1_024),
    service: z.looseObject({ id: z.string(), type: z.literal('service_reference') }),
    incident_key: z.string().max(255).optional(),
    body: z.looseObject({ type: z.literal('incident_body'), details: z.string() }).optional(),
    escalation_policy: z.looseObject({ id: z.string(), type: z.literal('escalation_policy_reference') }).optional(),
    assignments: z
      .array(z.looseObject({ assignee: z.looseObject({ id: z.string(), type: z.literal('user_reference') }) }))
      .optional(),
  }),
});

const manageSchema = z.looseObject({
  incident: z.looseObject({ type: z.literal('incident_reference'), status: z.enum(['acknowledged', 'resolved']) }),
});

export class RestApi {
  readonly #incidents: Incidents;
  readonly #now: () => number;
  #window = { from: 0, used: 0 };
  /** The next so many requests get 429 without the headers, as PagerDuty says may happen. */
  throttledTimes = 0;
  /** The next so many notes are taken, and their answer is lost. */
  loseNotes = 0;

  constructor(incidents: Incidents, now: () => number) {
    this.#incidents = incidents;
    this.#now = now;
  }

  answer(call: Call): Reply | 'reset' {
    if (this.throttledTimes > 0) {
      this.throttledTimes -= 1;
      return { status: 429 };
    }
    if (call.headers.authorization !== `Token token=${apiToken}`) return fault(401, 2006, 'Authentication failed');
    const limit = this.#count();
    const reply = limit.refused ? fault(429, 2020, 'Rate Limit Exceeded') : this.#route(call);
    return reply === 'reset' ? reply : { ...reply, headers: { ...reply.headers, ...limit.headers } };
  }

  #count(): { refused: boolean; headers: Record<string, string> } {
    const now = this.#now();
    if (now - this.#window.from >= minuteMs) this.#window = { from: now, used: 0 };
    const refused = this.#window.used >= perMinute;
    if (!refused) this.#window.used += 1;
    return {
      refused,
      headers: {
        'ratelimit-limit': String(perMinute),
        'ratelimit-remaining': String(perMinute - this.#window.used),
        'ratelimit-reset': String(Math.ceil((this.#window.from + minuteMs - now) / 1000)),
      },
    };
  }

  #route({ method, url, headers, body }: Call): Reply | 'reset' {
    const [kind, id, sub, ...more] = url.pathname.split('/').filter(Boolean);
    if (more.length > 0) return notFound;
    const { searchParams } = url;
    if (method === 'GET' && id === undefined) {
      if (kind === 'users') return page('users', users.map(userBody), searchParams);
      if (kind === 'escalation_policies') return page('escalation_policies', policies.map(policyBody), searchParams);
      if (kind === 'services') return page('services', services.map(serviceBody(searchParams)), searchParams);
      if (kind === 'oncalls') return this.#onCalls(searchParams);
      if (kind === 'incidents') return this.#list(searchParams);
    }
    if (kind !== 'incidents') return notFound;
    if (method === 'POST' && id === undefined) return this.#create(headers.from, body);
    const incident = this.#incidents.all.find((one) => one.id === id);
    if (!incident) return fault(404, 2100, 'Not Found');
    if (method === 'GET' && sub === undefined) return { status: 200, body: { incident: incidentBody(incident) } };
    if (method === 'PUT' && sub === undefined) return this.#manage(incident, headers.from, body);
    if (method === 'GET' && sub === 'notes') return { status: 200, body: { notes: incident.notes.map(noteBody) } };
    if (method === 'POST' && sub === 'notes') return this.#annotate(incident, headers.from, body);
    return notFound;
  }

  #onCalls(search: URLSearchParams): Reply {
    const now = this.#now();
    const since = moment(search.get('since'), now);
    const until = moment(search.get('until'), since);
    if (Number.isNaN(since) || Number.isNaN(until) || until < since) return fault(400, 2004, 'Invalid time values');
    const wanted = search.getAll('escalation_policy_ids[]');
    let found = this.#incidents
      .onCalls(since, until)
      .filter(({ policyId }) => wanted.length === 0 || wanted.includes(policyId));
    if (search.get('earliest') === 'true') found = earliest(found);
    const withUsers = search.getAll('include[]').includes('users');
    return page(
      'oncalls',
      found.map((one) => onCallBody(one, withUsers)),
      search,
    );
  }

  #list(search: URLSearchParams): Reply {
    const key = search.get('incident_key');
    const statuses = search.getAll('statuses[]');
    const found = this.#incidents.all.filter(
      (one) => (key === null || one.key === key) && (statuses.length === 0 || statuses.includes(one.status)),
    );
    return page('incidents', found.map(incidentBody), search);
  }

  #create(from: string | undefined, body: unknown): Reply {
    const by = users.find(({ email }) => email === from);
    if (!by) return fault(400, 1008, 'Requester User Not Found');
    const { data, error } = createSchema.safeParse(body);
    if (!data)
      return fault(
        400,
        2001,
        'Invalid Input Provided',
        error.issues.map(({ message }) => message),
      );
    const { incident } = data;
    const service = serviceById(incident.service.id);
    if (!service) return fault(400, 2001, 'Invalid Input Provided', ['Service not found']);
    const key = incident.incident_key ?? `rest-${this.#incidents.all.length + 1}`;
    if (this.#incidents.open(key, service.id)) {
      return fault(400, 2002, 'Arguments Caused Error', [
        'Open incident with matching dedup key already exists on this service',
      ]);
    }
    const policyId = incident.escalation_policy?.id;
    if (policyId !== undefined && !policies.some((policy) => policy.id === policyId))
      return fault(400, 1014, 'Escalation Policy Not Found');
    const assignees = incident.assignments?.map(({ assignee }) => userById(assignee.id));
    if (assignees?.some((user) => user === undefined)) return fault(400, 1007, 'Assigned To User Not Found');
    const made = this.#incidents.trigger({
      key,
      title: incident.title,
      service,
      ...(incident.body && { details: incident.body.details }),
      ...(policyId !== undefined && { policyId }),
      ...(assignees && { assignees: assignees.filter((user) => user !== undefined) }),
    });
    return { status: 201, body: { incident: incidentBody(made) } };
  }

  /** “Update an incident”: a resolved one takes no other status. */
  #manage(incident: Incident, from: string | undefined, body: unknown): Reply {
    const by = users.find(({ email }) => email === from);
    if (!by) return fault(400, 1008, 'Requester User Not Found');
    const { data } = manageSchema.safeParse(body);
    if (!data) return fault(400, 2001, 'Invalid Input Provided');
    if (incident.status === 'resolved')
      return fault(400, 2001, 'Invalid Input Provided', ['Incident Already Resolved']);
    this.#incidents.move(incident.id, data.incident.status, by);
    const now = this.#incidents.all.find(({ id }) => id === incident.id) ?? incident;
    return { status: 200, body: { incident: incidentBody(now) } };
  }

  #annotate(incident: Incident, from: string | undefined, body: unknown): Reply | 'reset' {
    const by = users.find(({ email }) => email === from);
    if (!by) return fault(400, 1008, 'Requester User Not Found');
    const { data } = z.looseObject({ note: z.looseObject({ content: z.string().min(1) }) }).safeParse(body);
    if (!data) return fault(400, 2001, 'Invalid Input Provided');
    if (incident.notes.length >= mostNotes) {
      return fault(400, 2001, 'Invalid Input Provided', [`An incident takes at most ${mostNotes} notes.`]);
    }
    const note = this.#incidents.annotate(incident.id, data.note.content, by);
    if (note && this.loseNotes > 0) {
      this.loseNotes -= 1;
      return 'reset';
    }
    return { status: 201, body: { note: note && noteBody(note) } };
  }
}

const notFound: Reply = { status: 404, body: { error: { message: 'Not Found', code: 2100 } } };

function fault(status: number, code: number, message: string, errors: readonly string[] = []): Reply {
  return { status, body: { error: { message, code, ...(errors.length > 0 && { errors }) } } };
}

function page(name: string, rows: readonly object[], search: URLSearchParams): Reply {
  const limit = Math.min(Number(search.get('limit') ?? 25) || 25, mostRows);
  const offset = Number(search.get('offset') ?? 0) || 0;
  const shown = rows.slice(offset, offset + limit);
  return { status: 200, body: { [name]: shown, limit, offset, more: offset + limit < rows.length, total: null } };
}

function moment(given: string | null, fallback: number): number {
  return given === null ? fallback : Date.parse(given);
}

/** The first of each policy, level and user. */
function earliest(all: readonly OnCall[]): OnCall[] {
  const first = new Map<string, OnCall>();
  for (const one of all) {
    const of = `${one.policyId}/${one.level}/${one.user.id}`;
    if (!first.has(of)) first.set(of, one);
  }
  return [...first.values()];
}

export function reference(kind: string, id: string, summary: string): object {
  return { id, type: `${kind}_reference`, summary, self: null, html_url: null };
}

const noteBody = ({ id, by, text, at }: Note) => ({
  id,
  content: text,
  created_at: new Date(at).toISOString(),
  user: reference('user', by.id, by.name),
  channel: { summary: 'The PagerDuty website or APIs' },
});

const userBody = ({ id, name, email }: (typeof users)[number]) => ({ id, type: 'user', summary: name, name, email });

function policyBody({ id, name }: (typeof policies)[number]): object {
  const of = services.filter(({ policyId }) => policyId === id);
  return {
    id,
    type: 'escalation_policy',
    summary: name,
    name,
    services: of.map((service) => reference('service', service.id, service.name)),
  };
}

function serviceBody(search: URLSearchParams) {
  const whole = search.getAll('include[]').includes('integrations');
  return ({ id, name, policyId, integrationKey }: (typeof services)[number]): object => ({
    id,
    type: 'service',
    summary: name,
    name,
    escalation_policy: reference('escalation_policy', policyId, policyName(policyId)),
    integrations:
      integrationKey === undefined
        ? []
        : [
            {
              id: `${id}I`,
              type: whole ? 'events_api_v2_inbound_integration' : 'events_api_v2_inbound_integration_reference',
              ...(whole && { integration_key: integrationKey }),
            },
          ],
  });
}

function onCallBody({ policyId, level, schedule, user, start, end }: OnCall, withUsers: boolean): object {
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    escalation_policy: reference('escalation_policy', policyId, policyName(policyId)),
    escalation_level: level,
    schedule: schedule ? reference('schedule', schedule.id, schedule.name) : null,
    user: withUsers ? userBody(user) : reference('user', user.id, user.name),
    start: iso(start),
    end: iso(end),
  };
}

export function incidentBody(incident: Incident): object {
  return {
    id: incident.id,
    type: 'incident',
    summary: `[#${incident.number}] ${incident.title}`,
    html_url: `https://sandbox.pagerduty.com/incidents/${incident.id}`,
    incident_number: incident.number,
    title: incident.title,
    status: incident.status,
    incident_key: incident.key,
    created_at: new Date(incident.createdAt).toISOString(),
    urgency: 'high',
    priority:
      incident.priority === undefined ? null : reference('priority', `PR${incident.priority}`, incident.priority),
    service: reference('service', incident.service.id, incident.service.name),
    escalation_policy: reference('escalation_policy', incident.policyId, policyName(incident.policyId)),
    assignments: incident.assignees.map(({ id, name }) => ({
      at: new Date(incident.createdAt).toISOString(),
      assignee: reference('user', id, name),
    })),
  };
}
