/**
 * PagerDuty's Events API v2. Rules kept (PagerDuty/developer-docs, docs/events-API-v2, “Overview” and “Trigger Events”):
 * routing key of 32 characters, dedup_key of at most 255, summary of at most 1,024; 400 with `errors` for what is not
 * valid, which is never worth a repeat; a key is made when none is given; acknowledge and resolve of an unknown key are
 * accepted and do nothing.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { services } from './account.ts';
import type { Incidents } from './incidents.ts';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

const payload = z.looseObject({
  summary: z.string().min(1).max(1_024),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
});
const common = {
  routing_key: z.string().length(32),
  dedup_key: z.string().min(1).max(255).optional(),
};
const eventSchema = z.discriminatedUnion('event_action', [
  z.looseObject({ ...common, event_action: z.literal('trigger'), payload }),
  z.looseObject({ ...common, event_action: z.enum(['acknowledge', 'resolve']), dedup_key: z.string().min(1).max(255) }),
]);

/** Takes an event as it was sent, parsed; undefined: it was no JSON. */
export function acceptEvent(incidents: Incidents, event: unknown): Answer {
  const { data, error } = eventSchema.safeParse(event);
  if (!data) return invalid(error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`));
  const service = services.find(({ integrationKey }) => integrationKey === data.routing_key);
  if (!service) return invalid(['Invalid routing key']);
  const { dedup_key: key = randomUUID().replaceAll('-', '') } = data;
  if (data.event_action === 'trigger') {
    const details = data.payload.custom_details;
    incidents.trigger({
      key,
      title: data.payload.summary,
      service,
      ...(details !== undefined && { details: JSON.stringify(details, undefined, 2) }),
    });
  } else {
    const open = incidents.open(key, service.id);
    if (open) incidents.move(open.id, data.event_action === 'acknowledge' ? 'acknowledged' : 'resolved');
  }
  return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key } };
}

export function invalid(errors: readonly string[]): Answer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}
