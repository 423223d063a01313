import { subscriptionId } from '../../../sandbox/azure/layout.ts';
import { armOf, type RunningAzure, startRunningAzure } from '../../support/running-azure.ts';

const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-stamps-production`;
const version = '?api-version=2021-08-08';
const rule = `${group}/providers/Microsoft.AlertsManagement/actionRules/stamps-silence-cell-banking`;
const alert = `${group}/providers/Microsoft.Insights/metricAlerts/cell-banking-Health-Alert`;

const body = (properties: object = {}) => ({
  location: 'Global',
  properties: {
    scopes: [group],
    conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [alert] }],
    schedule: { effectiveFrom: '2026-10-05T03:00:00', effectiveUntil: '2026-10-05T07:00:00', timeZone: 'UTC' },
    actions: [{ actionType: 'RemoveAllActionGroups' }],
    ...properties,
  },
});

describe('an emulated alert processing rule', () => {
  let azure: RunningAzure;
  let arm: Awaited<ReturnType<typeof armOf>>;
  let now: number;

  beforeEach(async () => {
    now = Date.UTC(2026, 9, 5, 4);
    azure = await startRunningAzure({ now: () => now });
    arm = await armOf(azure);
  });
  afterEach(() => azure.close());

  const silencedUntil = () => azure.snapshot().regions[0]?.cells[0]?.silencedUntil;

  it('is made with 201, replaced with 200, removed with 200, and then with 204', async () => {
    const untouched = azure.configuration();
    const write = () => arm('PUT', rule + version, { body: body() });
    expect([(await write()).status, (await write()).status]).toEqual([201, 200]);
    const remove = () => arm('DELETE', rule + version);
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 204]);
    expect(azure.accepted.map(({ changed }) => changed)).toEqual([true, false, true, false]);
    expect(azure.configuration()).toEqual(untouched);
  });

  it('is found under its id in any case, and in the group’s list', async () => {
    await arm('PUT', rule + version, { body: body() });
    const { body: found } = await arm('GET', rule.toUpperCase() + version);
    expect(found).toMatchObject({
      id: rule,
      type: 'Microsoft.AlertsManagement/actionRules',
      properties: { ...body().properties, enabled: true },
    });
    const { body: listed } = await arm('GET', rule.replace('/stamps-silence-cell-banking', '') + version);
    expect(listed.value).toHaveLength(1);
  });

  it('silences the alert it names from its beginning to its end', async () => {
    await arm('PUT', rule + version, { body: body() });
    expect(silencedUntil()).toBe('2026-10-05T07:00:00Z');
    now = Date.UTC(2026, 9, 5, 7);
    expect(silencedUntil()).toBeUndefined();
    now = Date.UTC(2026, 9, 5, 2);
    expect(silencedUntil()).toBeUndefined();
  });

  it.each([
    ['another alert', { conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [`${alert}-2`] }] }],
    ['a switched-off rule', { enabled: false }],
    ['a rule that only adds a group', { actions: [{ actionType: 'AddActionGroups', actionGroupIds: [] }] }],
  ])('does not silence with %s', async (_, properties) => {
    expect((await arm('PUT', rule + version, { body: body(properties) })).status).toBe(201);
    expect(silencedUntil()).toBeUndefined();
  });

  it.each([
    ['no scopes', { scopes: [] }],
    ['a scope elsewhere', { scopes: ['/subscriptions/00000000-0000-4000-8000-00000000beef'] }],
    ['no actions', { actions: [] }],
    ['an action that is none', { actions: [{ actionType: 'Sleep' }] }],
    ['a field that is none', { conditions: [{ field: 'Colour', operator: 'Equals', values: ['red'] }] }],
    ['a time with a zone', { schedule: { effectiveUntil: '2026-10-05T07:00:00Z', timeZone: 'UTC' } }],
    [
      'an end before its beginning',
      { schedule: { effectiveFrom: '2026-10-05T07:00:00', effectiveUntil: '2026-10-05T03:00:00' } },
    ],
    ['a time zone of another kind', { schedule: { effectiveUntil: '2026-10-05T07:00:00', timeZone: 'Europe/Berlin' } }],
  ])('is refused with %s', async (_, properties) => {
    expect(await arm('PUT', rule + version, { body: body(properties) })).toMatchObject({
      status: 400,
      body: { error: { code: 'BadRequest' } },
    });
    expect((await arm('GET', rule + version)).status).toBe(404);
  });

  it('leaves the alert rule itself alone', async () => {
    expect((await arm('GET', `${alert}?api-version=2018-03-01`)).body).toMatchObject({
      id: alert,
      properties: { enabled: true },
    });
  });
});
