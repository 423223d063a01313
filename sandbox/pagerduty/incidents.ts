/**
 * PagerDuty's Events API v2. Rules kept (PagerDuty/developer-docs, docs/events-API-v2, “Overview” and “Trigger Events”):
 * routing key of 32 characters, dedup_key of at most 255, summary of at most 1,024; 400 with `errors` for what is not
 * valid, which is never worth a repeat; one incident for one dedup_key until it is resolved; a key is made when none is
 * given; acknowledge and resolve of an unknown key are accepted and do nothing.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';

type Status = 'triggered' | 'acknowledged' | 'resolved';

export interface Incident {
  readonly dedupKey: string;
  readonly summary: string;
  /** Since it was last opened. */
  readonly triggers: number;
  readonly status: Status;
}

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

/** The incidents of one service. */
export class Incidents {
  readonly #routingKey: string;
  readonly #all = new Map<string, Incident>();

  constructor(routingKey: string) {
    this.#routingKey = routingKey;
  }

  get all(): Incident[] {
    return [...this.#all.values()];
  }

  /** Takes an event as it was sent, parsed; undefined: it was no JSON. */
  accept(event: unknown): Answer {
    const { data, error } = eventSchema.safeParse(event);
    if (!data) return invalid(error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`));
    if (data.routing_key !== this.#routingKey) return invalid(['Invalid routing key']);
    const { dedup_key: dedupKey = randomUUID().replaceAll('-', '') } = data;
    const known = this.#all.get(dedupKey);
    if (data.event_action === 'trigger') {
      const open = known && known.status !== 'resolved' ? known : undefined;
      this.#all.set(dedupKey, {
        dedupKey,
        summary: data.payload.summary,
        triggers: (open?.triggers ?? 0) + 1,
        status: open?.status ?? 'triggered',
      });
    } else if (known && known.status !== 'resolved') {
      this.#all.set(dedupKey, { ...known, status: data.event_action === 'acknowledge' ? 'acknowledged' : 'resolved' });
    }
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: dedupKey } };
  }
}

export function invalid(errors: readonly string[]): Answer {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}
