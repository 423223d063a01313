import type { SuppressionState } from '../../../src/ports/azure.ts';
import { fc } from '../../support/properties.ts';
import {
  appId,
  group,
  never,
  ruleId,
  type ScriptedAzure,
  startScriptedAzure,
  steppingClock,
  type Told,
} from './scripted-azure.ts';

const ref = { kind: 'alert-suppression', id: ruleId };
const silence: SuppressionState = {
  alertRuleId: `${group}/providers/Microsoft.Insights/metricAlerts/cell-a-Health-Alert`,
  scopes: [appId],
  until: '2026-05-04T14:00:00.750Z',
  description: 'Stamps R1: cell-a is isolated',
};

describe('alert suppressions', () => {
  let azure: ScriptedAzure;
  beforeAll(async () => {
    azure = await startScriptedAzure();
  });
  afterAll(() => azure.close());

  const tell = (...answers: Told[]) => azure.tell(...answers);
  const client = () => azure.client({ clock: steppingClock() }).suppressions;

  /** What was written, as Azure gives it back. */
  async function written(state: SuppressionState): Promise<Record<string, unknown>> {
    tell({ status: 201 });
    await expect(client().write(ref, state, { signal: never, runId: 'r' })).resolves.toEqual({});
    return JSON.parse(azure.asked[0]?.body ?? '');
  }

  it('writes a rule that ends by itself', async () => {
    expect(await written(silence)).toEqual({
      location: 'Global',
      properties: {
        scopes: [appId],
        conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [silence.alertRuleId] }],
        schedule: { effectiveFrom: '2026-05-04T09:55:00', effectiveUntil: '2026-05-04T14:00:00', timeZone: 'UTC' },
        actions: [{ actionType: 'RemoveAllActionGroups' }],
        description: 'Stamps R1: cell-a is isolated',
        enabled: true,
      },
    });
    expect(azure.asked[0]).toMatchObject({ method: 'PUT', path: ruleId });
    expect(azure.asked[0]?.query.get('api-version')).toBe('2021-08-08');
  });

  it('begins before it ends, also when a silence that is over is put back', async () => {
    const body = await written({ ...silence, until: '2026-05-01T00:00:00Z' });
    expect(body).toMatchObject({
      properties: { schedule: { effectiveFrom: '2026-04-30T23:55:00', effectiveUntil: '2026-05-01T00:00:00' } },
    });
  });

  it('reads back what it wrote, whatever that was', async () => {
    const words = fc.string({ unit: 'binary', maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          until: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
          description: words,
          scopes: fc.array(words, { maxLength: 3 }),
        }),
        async ({ until, description, scopes }) => {
          const state = { ...silence, until: until.toISOString(), description, scopes };
          tell({ body: await written(state) });
          const { equals, read } = client();
          return equals((await read(ref, never)).state, state);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('removes the rule', async () => {
    tell({ status: 204 });
    await expect(client().write(ref, null, { signal: never, runId: 'r' })).resolves.toEqual({});
    expect(azure.asked).toMatchObject([{ method: 'DELETE', path: ruleId, body: '' }]);
  });

  it('tells that there is no rule', async () => {
    tell({ status: 404, body: { error: { code: 'ResourceNotFound', message: 'It is not there.' } } });
    await expect(client().read(ref, never)).resolves.toEqual({ state: null });
  });

  it.each<[string, object]>([
    ['disabled', { enabled: false }],
    ['for another thing too', { conditions: [] }],
    ['without an end', { schedule: undefined }],
    [
      'on Mondays',
      {
        schedule: {
          effectiveUntil: '2026-05-04T14:00:00',
          timeZone: 'UTC',
          recurrences: [{ recurrenceType: 'Weekly' }],
        },
      },
    ],
    [
      'in another time zone',
      { schedule: { effectiveUntil: '2026-05-04T14:00:00', timeZone: 'Pacific Standard Time' } },
    ],
    ['adding a group instead', { actions: [{ actionType: 'AddActionGroups', actionGroupIds: [] }] }],
  ])('calls a rule that somebody made %s by its name', async (_name, properties) => {
    const body = await written(silence);
    tell({ body: { ...body, properties: { ...(body.properties as object), ...properties } } });
    await expect(client().read(ref, never)).rejects.toMatchObject({
      code: 'drift',
      message: expect.stringContaining('stamps-silence-cell-a'),
    });
  });

  it.each<Told>([{ body: '{' }, { body: {} }, {}])('calls %j an answer that makes no sense', async (told) => {
    tell(told);
    await expect(client().read(ref, never)).rejects.toMatchObject({ code: 'bad-response' });
  });

  it.each<[Told, string]>([
    [{ status: 409, body: { error: { code: 'ScopeLocked', message: 'A lock is set.' } } }, 'not-allowed'],
    [{ status: 429, headers: { 'retry-after': '4' } }, 'throttled'],
    [{ answer: 'lost' }, 'unavailable'],
  ])('sends a write once, whatever the answer: %j', async (told, code) => {
    tell(told);
    await expect(client().write(ref, silence, { signal: never, runId: 'r' })).rejects.toMatchObject({ code });
    expect(azure.asked).toHaveLength(1);
  });

  it('compares as Azure keeps it: ids whatever their case, times to the second', () => {
    const { equals, describe: line } = client();
    expect(
      equals(silence, { ...silence, until: '2026-05-04T14:00:00Z', alertRuleId: silence.alertRuleId.toUpperCase() }),
    ).toBe(true);
    expect(equals(silence, { ...silence, until: '2026-05-04T14:00:02Z' })).toBe(false);
    expect(equals(silence, { ...silence, description: 'another' })).toBe(false);
    expect(equals(silence, null)).toBe(false);
    expect(equals(null, null)).toBe(true);
    expect(line(null, silence)).toBe('silence: none → until 2026-05-04 14:00 UTC');
  });
});
