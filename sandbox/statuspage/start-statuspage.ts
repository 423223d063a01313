/**
 * Statuspage's REST API on loopback, as far as the product calls it. Rules kept (developer.statuspage.io,
 * “Authentication”, “Rate limiting”, “Incidents”, “Components”): `Authorization: OAuth …`, else 401; one request a
 * second and token over a rolling minute, beyond it 420 or 429 with Retry-After; a list of components without pages
 * once a minute; 201 for what was made; 422 with `error` for what is not valid; top-level values of metadata must be
 * objects; no idempotency of any kind.
 */
import { z } from 'zod';
import { type Call, type Reply, startJsonServer } from '../azure/json-server.ts';
import type { StatuspageEmulator } from './contract.ts';
import { componentStatuses, type Incident, impacts, PublicPage, statuses } from './public-page.ts';

const pageId = 'sandboxpage1';
const apiKey = 'sandbox-statuspage-key';
const minuteMs = 60_000;
const perMinute = 60;
const mostRows = 100;

const changeSchema = z.looseObject({
  name: z.string().min(1).max(255).optional(),
  status: z.enum(statuses).optional(),
  impact_override: z.enum(impacts).optional(),
  body: z.string().max(25_000).optional(),
  components: z.record(z.string(), z.enum(componentStatuses)).optional(),
  component_ids: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.looseObject({})).optional(),
  deliver_notifications: z.boolean().optional(),
});
const newSchema = z.looseObject({ incident: changeSchema.extend({ name: z.string().min(1).max(255) }) });
const patchSchema = z.looseObject({ incident: changeSchema });

export interface StatuspageOptions {
  readonly now?: () => number;
}

export async function startStatuspageEmulator({ now = Date.now }: StatuspageOptions = {}): Promise<StatuspageEmulator> {
  const page = new PublicPage(now);
  const listeners = new Set<() => void>();
  const requests: number[] = [];
  let unpagedAt = Number.NEGATIVE_INFINITY;
  let lose = 0;
  let throttle = { times: 0, status: 420, seconds: 1 };
  let accepted = 0;

  const changed = () => {
    for (const listener of listeners) listener();
  };

  function tooMany(call: Call): Reply | undefined {
    if (throttle.times > 0) {
      throttle = { ...throttle, times: throttle.times - 1 };
      return limited(throttle.status, throttle.seconds);
    }
    const at = now();
    while ((requests[0] ?? at) <= at - minuteMs) requests.shift();
    if (requests.length >= perMinute) return limited(420, Math.ceil(((requests[0] ?? at) + minuteMs - at) / 1000));
    requests.push(at);
    const unpaged =
      call.method === 'GET' && call.url.pathname.endsWith('/components') && !call.url.searchParams.has('page');
    if (!unpaged) return undefined;
    if (at - unpagedAt < minuteMs) return limited(429, Math.ceil((unpagedAt + minuteMs - at) / 1000));
    unpagedAt = at;
    return undefined;
  }

  function answer(call: Call): Reply | 'reset' {
    if (call.headers.authorization !== `OAuth ${apiKey}`) return fault(401, 'Could not authenticate');
    const limit = tooMany(call);
    if (limit) return limit;
    const reply = route(call);
    const wrote = call.method !== 'GET' && reply.status < 300;
    if (wrote) {
      accepted += 1;
      changed();
    }
    if (wrote && lose > 0) {
      lose -= 1;
      return 'reset';
    }
    return reply;
  }

  function route({ method, url, body }: Call): Reply {
    const [v1, pages, id, kind, incidentId, ...more] = url.pathname.split('/').filter(Boolean);
    if (v1 !== 'v1' || pages !== 'pages' || id !== pageId || more.length > 0) return fault(404, 'Not found');
    if (kind === 'components' && method === 'GET' && incidentId === undefined) {
      return {
        status: 200,
        body: rows(page.components, url, 'per_page').map((one) => ({ ...one, group: false, page_id: pageId })),
      };
    }
    if (kind !== 'incidents') return fault(404, 'Not found');
    if (method === 'GET' && incidentId === undefined)
      return { status: 200, body: rows(page.incidents, url, 'limit').map(incidentBody) };
    if (method === 'POST' && incidentId === undefined) {
      const { data, error } = newSchema.safeParse(body);
      const wrong = error ? problems(error) : unknownComponents(data.incident);
      if (!data || wrong.length > 0) return fault(422, wrong);
      return { status: 201, body: incidentBody(page.open(data.incident)) };
    }
    const known = page.incidents.find((one) => one.id === incidentId);
    if (!known) return fault(404, 'Incident not found');
    if (method === 'GET') return { status: 200, body: incidentBody(known) };
    if (method !== 'PATCH' && method !== 'PUT') return fault(404, 'Not found');
    const { data, error } = patchSchema.safeParse(body);
    const wrong = error ? problems(error) : unknownComponents(data.incident);
    if (!data || wrong.length > 0) return fault(422, wrong);
    return { status: 200, body: incidentBody(page.change(known.id, data.incident) as Incident) };
  }

  function unknownComponents({ components = {}, component_ids = [] }: z.output<typeof changeSchema>): string[] {
    return [...Object.keys(components), ...component_ids]
      .filter((id) => !page.has(id))
      .map((id) => `Component ${id} does not belong to the page`);
  }

  function incidentBody({
    id,
    name,
    status,
    impact,
    metadata,
    createdAt,
    resolvedAt,
    componentIds,
    updates,
  }: Incident): object {
    const iso = (at: number) => new Date(at).toISOString();
    return {
      id,
      name,
      status,
      impact,
      metadata,
      page_id: pageId,
      created_at: iso(createdAt),
      resolved_at: resolvedAt === undefined ? null : iso(resolvedAt),
      shortlink: `https://stspg.example/${id}`,
      components: page.components.filter((one) => componentIds.includes(one.id)),
      incident_updates: updates.map((update) => ({
        id: update.id,
        incident_id: id,
        status: update.status,
        body: update.body,
        created_at: iso(update.at),
        deliver_notifications: update.delivered,
      })),
    };
  }

  const server = await startJsonServer(answer);
  return {
    apiUrl: server.url,
    pageId,
    apiKey,
    snapshot: () => ({
      components: page.components,
      incidents: page.incidents.map(({ id, name, status, impact, createdAt, componentIds, updates }) => ({
        id,
        name,
        status,
        impact,
        at: createdAt,
        components: page.components.filter((one) => componentIds.includes(one.id)).map((one) => one.name),
        updates: updates.map(({ status, body, at }) => ({ status, body, at })),
      })),
    }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    loseAnswers(times) {
      lose = times;
    },
    throttle(times, status, seconds) {
      throttle = { times, status, seconds };
    },
    get accepted() {
      return accepted;
    },
    close: () => server.close(),
  };
}

function rows<T>(all: readonly T[], url: URL, size: string): T[] {
  const most = Math.min(Number(url.searchParams.get(size) ?? mostRows) || mostRows, mostRows);
  const page = Math.max(Number(url.searchParams.get('page') ?? 1) || 1, 1);
  return all.slice((page - 1) * most, page * most);
}

function fault(status: number, error: string | readonly string[]): Reply {
  return { status, body: { error } };
}

function limited(status: number, seconds: number): Reply {
  return { ...fault(status, 'Rate limit exceeded'), headers: { 'retry-after': String(seconds) } };
}

function problems(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
