import { z } from 'zod';
import { cutOutside, outsideLine, outsideText } from '../../domain/outside-text.ts';
import { componentStatuses, type StatusUpdate } from '../../domain/status-update.ts';
import { OpsError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PublishedIncident, StatusPagePort } from '../../ports/status-page.ts';
import { revealed, type Secret } from '../../secret.ts';
import { createPace } from './pace.ts';
import { refusal } from './refusal.ts';

export interface StatuspageSettings {
  readonly pageId: string;
  readonly apiKey: Secret;
  /** Default: Statuspage's own. */
  readonly apiUrl?: string;
  readonly clock: Clock;
  /** How long one request may take once it is its turn. */
  readonly deadlineMs?: number;
  /** Of the whole configuration: none of them leaves in a text. */
  readonly secrets?: readonly Secret[];
}

/** “1 request / second per token” (developer.statuspage.io, “Rate limiting”). */
const everyMs = 1_000;
const rowsPerPage = 100;
/** “Incident Name. There is a maximum limit of 255 characters”, “… 25000 characters” (API reference, “Create an incident”). */
const longestName = 255;
const longestBody = 25_000;

const component = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.enum(componentStatuses).catch('operational'),
  /** A heading, no part of the service. */
  group: z.boolean().nullish(),
});
/** “All top-level values in the object must also be objects”: ours is the one called stamps. */
const metadata = z.looseObject({
  stamps: z.object({ incident: z.string(), update: z.string() }).optional().catch(undefined),
});
const incident = z.looseObject({
  id: z.string(),
  status: z.string(),
  shortlink: z.string().nullish(),
  metadata: metadata.nullish(),
});
type Incident = z.output<typeof incident>;

/**
 * Statuspage's REST API. It knows no idempotency: a marker in the incident's metadata says whose it is and which update
 * was the last, and is looked for before anything is written. Components go with the incident, in one request.
 */
export function createStatuspage(settings: StatuspageSettings): StatusPagePort {
  const { pageId, apiKey, apiUrl = 'https://api.statuspage.io', clock, deadlineMs = 8_000, secrets = [] } = settings;
  const known = revealed([apiKey, ...secrets]);
  const base = `${apiUrl.replace(/\/+$/, '')}/v1/pages/${encodeURIComponent(pageId)}`;
  const pace = createPace(clock, everyMs);

  async function call<T>(
    method: string,
    path: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
    body?: object,
  ): Promise<T> {
    await pace(signal);
    const deadline = AbortSignal.timeout(deadlineMs);
    let status: number;
    let text: string;
    let retryAfter: string | null;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `OAuth ${apiKey.reveal()}`, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.any([signal, deadline]),
        ...(body && { body: JSON.stringify(body) }),
      });
      ({ status } = response);
      retryAfter = response.headers.get('retry-after');
      text = await response.text();
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      const late = deadline.aborted;
      throw new OpsError(
        late ? 'timeout' : 'unavailable',
        late ? `Statuspage did not answer within ${deadlineMs / 1000} s.` : 'Statuspage cannot be reached.',
        { service: 'Statuspage', cause },
      );
    }
    if (status < 200 || status >= 300) throw refusal(status, json(text), retryAfter);
    const { data, error } = schema.safeParse(json(text));
    if (error) {
      throw new OpsError('bad-response', `Statuspage’s answer to ${method} ${path} has an unknown shape.`, {
        service: 'Statuspage',
        cause: error,
      });
    }
    return data as T;
  }

  return {
    async components(signal) {
      // Without pages, this list may be asked for once a minute only.
      const found: z.output<typeof component>[] = [];
      for (let page = 1; ; page += 1) {
        const rows = await call('GET', `/components?per_page=${rowsPerPage}&page=${page}`, z.array(component), signal);
        found.push(...rows);
        if (rows.length < rowsPerPage) break;
      }
      return found.filter(({ group }) => group !== true).map(({ id, name, status }) => ({ id, name, status }));
    },

    async publish(update, marker, key, signal) {
      const all = await call('GET', `/incidents?limit=${rowsPerPage}`, z.array(incident), signal);
      const ours = all.filter((one) => one.metadata?.stamps?.incident === marker);
      const done = ours.find((one) => one.metadata?.stamps?.update === key);
      if (done) return published(done);
      const open = ours.find(({ status }) => status !== 'resolved' && status !== 'postmortem');
      if (!open && update.status === 'resolved') {
        throw new OpsError('refused', 'Nothing of this is open on the status page, so nothing was resolved there.', {
          service: 'Statuspage',
        });
      }
      const mark = { ...open?.metadata, stamps: { incident: marker, update: key } };
      const body = { incident: incidentBody(update, mark, known) };
      const path = open ? `/incidents/${encodeURIComponent(open.id)}` : '/incidents';
      return published(await call(open ? 'PATCH' : 'POST', path, incident, signal, body));
    },
  };
}

/** Its page shows a body as HTML, its mails and feeds as they can: the words alone go there. */
function incidentBody(
  { name, status, impact, body, components }: StatusUpdate,
  mark: object,
  known: readonly string[],
): object {
  const title = cutOutside(outsideLine(name, known), longestName);
  const words = cutOutside(outsideText(body, known), longestBody);
  if (title === '' || words === '') {
    throw new OpsError('bad-input', 'Nothing that customers could read is in its title or its text.', {
      service: 'Statuspage',
    });
  }
  return {
    name: title,
    status,
    impact_override: impact,
    body: words,
    // Left out when none changes: an empty list would take them off the incident.
    ...(Object.keys(components).length > 0 && { components, component_ids: Object.keys(components) }),
    deliver_notifications: true,
    metadata: mark,
  };
}

function published({ id, shortlink }: Incident): PublishedIncident {
  return { id, link: shortlink ?? '' };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
