import { z } from 'zod';
import { cutOutside, outsideLine, outsideText } from '../../domain/outside-text.ts';
import { isOpsError, OpsError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import {
  type DirectPage,
  type EscalationPolicy,
  markOfNote,
  type OnCallPort,
  type OnCallShift,
} from '../../ports/on-call.ts';
import { revealed, type Secret } from '../../secret.ts';
import { createRestClient } from './rest-client.ts';

export interface OnCallConfig {
  readonly apiToken: Secret;
  /** Default: PagerDuty's own. */
  readonly apiUrl?: string;
  /** Finds the service that our own pages go to: direct pages go there too. */
  readonly routingKey: Secret;
  /** E-mail of the PagerDuty user in whose name the app itself does something. */
  readonly from: string | undefined;
  readonly clock: Clock;
  readonly deadlineMs?: number;
  /** Of the whole configuration: none of them leaves in a text. */
  readonly secrets?: readonly Secret[];
}

const dayMs = 86_400_000;
/** As long as an event's summary may be. */
const longestTitle = 1_024;
const longestDetails = 4_000;
/** The API names no limit; a note that its webhooks would not trim. */
const longestNote = 4_000;

const reference = z.looseObject({ id: z.string(), summary: z.string().nullish() });
const user = z.looseObject({ id: z.string(), name: z.string(), email: z.string() });
const policy = z.looseObject({ id: z.string(), name: z.string() });
const onCall = z.looseObject({
  escalation_policy: reference,
  escalation_level: z.int(),
  user: z.looseObject({
    id: z.string(),
    name: z.string().nullish(),
    summary: z.string().nullish(),
    email: z.string().nullish(),
  }),
  start: z.iso.datetime({ offset: true }).nullish(),
  end: z.iso.datetime({ offset: true }).nullish(),
});
const service = z.looseObject({
  id: z.string(),
  escalation_policy: reference,
  integrations: z.array(z.looseObject({ integration_key: z.string().nullish() })).nullish(),
});
const incident = z.looseObject({ id: z.string(), incident_key: z.string().nullish(), html_url: z.string() });
const standing = z.looseObject({ id: z.string(), status: z.string() });
const note = z.looseObject({ id: z.string(), content: z.string() });
/** What the key's incidents are compared by: a key that was resolved opens another one. */
const numbered = z.looseObject({ id: z.string(), incident_number: z.int() });

/** Who is on call, and pages to whom one chooses, over PagerDuty's REST API. */
export function createOnCall({
  apiToken,
  apiUrl = 'https://api.pagerduty.com',
  routingKey,
  from,
  clock,
  deadlineMs,
  secrets = [],
}: OnCallConfig): OnCallPort {
  const known = revealed([apiToken, routingKey, ...secrets]);
  const rest = createRestClient({
    apiToken,
    apiUrl: apiUrl.replace(/\/+$/, ''),
    ...(deadlineMs !== undefined && { deadlineMs }),
  });

  /** All services, and that of our routing key; undefined when the key is an orchestration's. */
  async function servicesAndOurs(signal: AbortSignal) {
    const services = await rest.all('/services', 'services', service, signal, { 'include[]': ['integrations'] });
    const ours = services.find(({ integrations }) =>
      integrations?.some(({ integration_key }) => integration_key === routingKey.reveal()),
    );
    return { services, ours };
  }

  /** Ours; else one of the policy's own. */
  async function serviceFor(to: DirectPage['to'], signal: AbortSignal): Promise<string> {
    const { services, ours } = await servicesAndOurs(signal);
    const found =
      ours ?? ('policy' in to ? services.find((one) => one.escalation_policy.id === to.policy) : services[0]);
    if (found) return found.id;
    throw new OpsError('misconfigured', 'PagerDuty has no service that this page could belong to.', {
      service: 'PagerDuty',
      hint: 'Give PAGERDUTY_ROUTING_KEY the integration key of a service.',
    });
  }

  async function made(key: string, signal: AbortSignal): Promise<{ link: string } | undefined> {
    const [found] = await rest.all('/incidents', 'incidents', incident, signal, { incident_key: key });
    return found && { link: found.html_url };
  }

  function ourselves(): string {
    if (from !== undefined) return from;
    throw new OpsError('misconfigured', 'PagerDuty wants to know who pages, and the app has no login there.', {
      service: 'PagerDuty',
      hint: 'Set PAGERDUTY_FROM to the e-mail address of one of its users.',
    });
  }

  return {
    policies: async (signal) =>
      (await rest.all('/escalation_policies', 'escalation_policies', policy, signal)).map(({ id, name }) => ({
        id,
        name,
      })),

    people: async (signal) =>
      (await rest.all('/users', 'users', user, signal)).map(({ id, name, email }) => ({ id, name, email })),

    async ownPolicy(signal) {
      const { ours } = await servicesAndOurs(signal);
      return ours && policyOf(ours.escalation_policy);
    },

    async shifts(days, signal, policyId) {
      const now = clock.now();
      const found = await rest.all('/oncalls', 'oncalls', onCall, signal, {
        'include[]': ['users'],
        // The first turn of each person is enough to know who is on call now and who is next.
        earliest: 'true',
        since: new Date(now).toISOString(),
        until: new Date(now + days * dayMs).toISOString(),
        ...(policyId !== undefined && { 'escalation_policy_ids[]': [policyId] }),
      });
      return found.map(shiftOf).sort(byPolicyLevelAndTime);
    },

    async page(page, signal) {
      const before = await made(page.key, signal);
      if (before) return before;
      const id = await serviceFor(page.to, signal);
      const body = {
        incident: {
          type: 'incident',
          title: cutOutside(outsideLine(page.title, known), longestTitle) || 'A page from Stamps',
          service: { id, type: 'service_reference' },
          incident_key: page.key,
          body: { type: 'incident_body', details: cutOutside(outsideText(page.details, known), longestDetails) },
          ...('policy' in page.to
            ? { escalation_policy: { id: page.to.policy, type: 'escalation_policy_reference' } }
            : { assignments: [{ assignee: { id: page.to.person, type: 'user_reference' } }] }),
        },
      };
      try {
        const request = { method: 'POST', body, from: page.by ?? ourselves() } as const;
        const answer = await rest.call('/incidents', z.looseObject({ incident }), signal, request);
        return { link: answer.incident.html_url };
      } catch (error) {
        // Another try of this very page was faster.
        const theirs = isOpsError(error, 'conflict') ? await made(page.key, signal) : undefined;
        if (theirs) return theirs;
        throw error;
      }
    },

    async move(key, to, signal) {
      const [found] = await rest.all('/incidents', 'incidents', standing, signal, { incident_key: key });
      if (!found) return false;
      // PagerDuty refuses to move what has ended.
      if (found.status === 'resolved' || found.status === to) return true;
      const path = `/incidents/${encodeURIComponent(found.id)}`;
      const body = { incident: { type: 'incident_reference', status: to } };
      await rest.call(path, z.looseObject({ incident }), signal, { method: 'PUT', body, from: ourselves() });
      return true;
    },

    async note({ key, marker, text, by }, signal) {
      const all = await rest.all('/incidents', 'incidents', numbered, signal, { incident_key: key });
      const newest = all.toSorted((a, b) => b.incident_number - a.incident_number)[0];
      if (!newest) return false;
      const path = `/incidents/${encodeURIComponent(newest.id)}/notes`;
      const mark = markOfNote(marker);
      const { notes } = await rest.call(path, z.looseObject({ notes: z.array(note) }), signal);
      if (notes.some(({ content }) => content.startsWith(mark))) return true;
      const content = cutOutside(`${mark} ${outsideText(text, known)}`, longestNote);
      const request = { method: 'POST', body: { note: { content } }, from: by } as const;
      await rest.call(path, z.looseObject({ note }), signal, request);
      return true;
    },

    async keyOf(id, signal) {
      try {
        const path = `/incidents/${encodeURIComponent(id)}`;
        const answer = await rest.call(path, z.looseObject({ incident }), signal);
        return answer.incident.incident_key ?? undefined;
      } catch (error) {
        if (isOpsError(error, 'not-found')) return undefined;
        throw error;
      }
    },
  };
}

function policyOf({ id, summary }: z.output<typeof reference>): EscalationPolicy {
  return { id, name: summary ?? id };
}

function shiftOf({ escalation_policy, escalation_level, user, start, end }: z.output<typeof onCall>): OnCallShift {
  return {
    policy: policyOf(escalation_policy),
    level: escalation_level,
    person: { id: user.id, name: user.name ?? user.summary ?? user.id, email: user.email ?? '' },
    ...(start != null && { from: new Date(start).toISOString() }),
    ...(end != null && { until: new Date(end).toISOString() }),
  };
}

function byPolicyLevelAndTime(a: OnCallShift, b: OnCallShift): number {
  return a.policy.name.localeCompare(b.policy.name) || a.level - b.level || (a.from ?? '').localeCompare(b.from ?? '');
}
