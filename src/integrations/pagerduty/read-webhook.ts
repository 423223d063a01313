import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { OpsError } from '../../errors.ts';
import type { PagerNews, ReadPagerNews } from '../../ports/pager-news.ts';
import type { Secret } from '../../secret.ts';

const reference = z.looseObject({ id: z.string().max(100), type: z.string(), summary: z.string().nullish() });
const webhook = z.looseObject({
  event: z.looseObject({
    id: z.string().min(1).max(100),
    event_type: z.string().max(100),
    occurred_at: z.iso.datetime({ offset: true }),
    agent: reference.nullish(),
    data: z.looseObject({
      id: z.string().max(100),
      type: z.string(),
      incident_key: z.string().nullish(),
      content: z.string().nullish(),
      incident: reference.nullish(),
      assignees: z.array(reference).max(1_000).nullish(),
      escalation_policy: reference.nullish(),
      priority: reference.nullish(),
    }),
  }),
});
const kinds: Readonly<Record<string, PagerNews['what']>> = {
  'incident.acknowledged': 'acknowledged',
  'incident.unacknowledged': 'unacknowledged',
  'incident.resolved': 'resolved',
  'incident.reopened': 'reopened',
  'incident.annotated': 'noted',
  'incident.reassigned': 'reassigned',
  'incident.escalated': 'escalated',
  'incident.delegated': 'delegated',
  'incident.priority_updated': 'prioritised',
};
type Data = z.output<typeof webhook>['event']['data'];
const named = (one: z.output<typeof reference> | null | undefined) => (one ? [one.summary ?? one.id] : []);
/** Whom or what each of these is with afterwards. */
const concerned = {
  reassigned: ({ assignees }: Data) => (assignees ?? []).flatMap(named),
  escalated: ({ assignees }: Data) => (assignees ?? []).flatMap(named),
  delegated: ({ escalation_policy }: Data) => named(escalation_policy),
  prioritised: ({ priority }: Data) => named(priority),
};
/** More than anybody gives a webhook to carry on: two secrets while they rotate. */
const mostSignatures = 10;

/** PagerDuty's v3 webhooks (docs/webhooks, “Overview” and “Verifying Signatures”). */
export function createWebhookReader(secret: Secret): ReadPagerNews {
  return (headers, rawBody) => {
    if (!isSigned(headers['x-pagerduty-signature'], rawBody, secret.reveal())) {
      throw new OpsError('not-allowed', 'The webhook is not signed by PagerDuty.', {
        hint: 'If it is PagerDuty’s own, check PAGERDUTY_WEBHOOK_SECRET.',
      });
    }
    const webhookId = webhookIdOf(headers);
    const { data: read, error } = webhook.safeParse(json(rawBody));
    if (!read || webhookId === undefined) {
      throw new OpsError('bad-input', 'The webhook has an unknown shape.', { ...(error && { cause: error }) });
    }
    const { id, event_type, occurred_at, agent, data } = read.event;
    const what = kinds[event_type] ?? 'other';
    return {
      id,
      webhookId,
      at: new Date(occurred_at).toISOString(),
      what,
      pagerIncidentId: data.incident?.id ?? data.id,
      ...(data.incident_key != null && { key: data.incident_key }),
      ...(agent?.type === 'user_reference' && { by: { id: agent.id, name: agent.summary ?? agent.id } }),
      ...(what === 'noted' && { text: data.content ?? '' }),
      ...(what in concerned && { to: concerned[what as keyof typeof concerned](data) }),
    };
  };
}

/** One of the signatures is ours. Constant time over each. */
function isSigned(header: IncomingHttpHeaders[string], rawBody: Buffer, secret: string): boolean {
  if (typeof header !== 'string') return false;
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  return header
    .split(',', mostSignatures)
    .map((one) => /^v1=([0-9a-f]{64})$/.exec(one.trim())?.[1])
    .filter((hex) => hex !== undefined)
    .some((hex) => timingSafeEqual(Buffer.from(hex, 'hex'), expected));
}

function webhookIdOf(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['x-webhook-id'];
  return typeof id === 'string' && /^[\w.:-]{1,100}$/.test(id) ? id : undefined;
}

function json(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}
