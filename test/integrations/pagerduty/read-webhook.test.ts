import { createHmac } from 'node:crypto';
import { createWebhookReader } from '../../../src/integrations/pagerduty/read-webhook.ts';
import { Secret } from '../../../src/secret.ts';

const secret = 'w3bhook';
const read = createWebhookReader(new Secret(secret));
const event = {
  id: '01BRB6ZP4M6T8ZG4X6BP63ZB9O',
  event_type: 'incident.acknowledged',
  resource_type: 'incident',
  occurred_at: '2026-11-24T04:05:06.789+01:00',
  agent: { id: 'PUANA01', type: 'user_reference', summary: 'Ana Ruiz' },
  client: null,
  data: { id: 'Q1', type: 'incident', incident_key: 'stamps/i-1', status: 'acknowledged' },
};
const sign = (body: string, key = secret) => `v1=${createHmac('sha256', key).update(body).digest('hex')}`;
const webhook = (more: object = {}, headers: Record<string, string> = {}) => {
  const body = JSON.stringify({ event: { ...event, ...more } });
  return [{ 'x-pagerduty-signature': sign(body), 'x-webhook-id': 'w-1', ...headers }, Buffer.from(body)] as const;
};

describe('a webhook of PagerDuty', () => {
  it('is read in our words', () => {
    expect(read(...webhook())).toEqual({
      id: event.id,
      webhookId: 'w-1',
      at: '2026-11-24T03:05:06.789Z',
      what: 'acknowledged',
      pagerIncidentId: 'Q1',
      key: 'stamps/i-1',
      by: { id: 'PUANA01', name: 'Ana Ruiz' },
    });
  });

  it('names nobody when an API did it, and no key when it has none', () => {
    const agent = { id: 'PI', type: 'inbound_integration_reference', summary: 'Events API' };
    const news = read(...webhook({ agent, data: { id: 'Q1', type: 'incident', incident_key: null } }));
    expect([news.by, news.key]).toEqual([undefined, undefined]);
    expect(read(...webhook({ agent: null })).by).toBeUndefined();
  });

  it('carries a note with the incident that it belongs to', () => {
    const data = {
      id: 'N1',
      type: 'incident_note',
      content: 'seen <!channel>',
      incident: { id: 'Q1', type: 'incident_reference', summary: 'x' },
    };
    expect(read(...webhook({ event_type: 'incident.annotated', data }))).toMatchObject({
      what: 'noted',
      pagerIncidentId: 'Q1',
      text: 'seen <!channel>',
    });
  });

  it('of a kind that is new is taken and of no concern', () => {
    expect(read(...webhook({ event_type: 'incident.conference_bridge.updated' })).what).toBe('other');
  });

  it('is taken while two secrets are in use', () => {
    const [headers, body] = webhook();
    const both = `${sign(body.toString(), 'old')}, ${headers['x-pagerduty-signature']}`;
    expect(read({ ...headers, 'x-pagerduty-signature': both }, body).id).toBe(event.id);
  });

  it.each<[string, string | undefined]>([
    ['no signature', undefined],
    ['another secret’s', sign(webhook()[1].toString(), 'guess')],
    ['another body’s', sign('{}')],
    ['another version', sign(webhook()[1].toString()).replace('v1=', 'v0=')],
    ['a part of it', sign(webhook()[1].toString()).slice(0, 40)],
    ['in capitals', sign(webhook()[1].toString()).toUpperCase()],
    ['ours behind eleven others', `${Array(11).fill(sign('x')).join(',')},${sign(webhook()[1].toString())}`],
  ])('is refused with %s', (_, signature) => {
    const [headers, body] = webhook();
    const given = {
      'x-webhook-id': headers['x-webhook-id'],
      ...(signature !== undefined && { 'x-pagerduty-signature': signature }),
    };
    expect(() => read(given, body)).toThrow(expect.objectContaining({ code: 'not-allowed' }));
  });

  it.each<[string, object, Record<string, string>]>([
    ['no id of its delivery', {}, { 'x-webhook-id': '' }],
    ['an id of its delivery that is none', {}, { 'x-webhook-id': 'a b' }],
    ['no id', { id: '' }, {}],
    ['a moment that is none', { occurred_at: 'yesterday' }, {}],
    ['no data', { data: null }, {}],
  ])('with %s is not understood', (_, more, headers) => {
    expect(() => read(...webhook(more, headers))).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('that is no JSON is not understood', () => {
    const body = Buffer.from('{');
    const headers = { 'x-pagerduty-signature': sign('{'), 'x-webhook-id': 'w' };
    expect(() => read(headers, body)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});
