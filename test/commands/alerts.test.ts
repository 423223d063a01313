import type { AlertRuleState } from '../../src/domain/alert-rule.ts';
import { OpsError } from '../../src/errors.ts';
import { createDesk, requestOf } from '../support/fakes/desk.ts';

function desk(change: (rules: Map<string, AlertRuleState>, ids: string[]) => void = () => undefined) {
  const made = createDesk();
  const { rules } = made.declared;
  for (const { id, wanted } of rules) made.azure.alertRules.set(id, wanted);
  change(
    made.azure.alertRules,
    rules.map(({ id }) => id),
  );
  return made;
}

describe('alerts check', () => {
  it('agrees when Azure has what is declared', async () => {
    expect(await desk().type('alerts check')).toMatch(/✅ All \d+ declared alert rules are in Azure as declared\./);
  });

  it('names what is missing, what differs and what the file does not know, with the values', async () => {
    const made = desk((rules, [first = '', second = '']) => {
      rules.delete(first);
      rules.set(second, { ...rules.get(second), enabled: false, severity: 4 } as AlertRuleState);
      rules.set(second.replace(/[^/]+$/, 'somebodys-own'), rules.get(second) as AlertRuleState);
    });
    const shown = await made.type('alerts check');
    expect(shown).toContain('2 of ');
    expect(shown).toContain('*Traffic-Manager-Endpoint-Down* Maximum of ProbeAgentCurrentEndpointState');
    expect(shown).toContain('*Front-Door-High-Latency* enabled off → on, severity 4 → 2');
    expect(shown).toContain('*somebodys-own* Average of OriginLatency &gt; 500 over PT15M, switched off');
    expect(shown).toContain('`/stamps alerts sync` mends them');
  });

  it('says what could not be read, and does not call it good', async () => {
    const made = desk();
    made.azure.failures.set('alertRules.list', new OpsError('unavailable', 'Azure is away.'));
    const shown = await made.type('alerts check');
    expect(shown).toContain('is not known');
    expect(shown).toContain('alert rules: Azure is away.');
    expect(shown).not.toContain('✅');
  });

  it('says that there is no file, or no Azure', async () => {
    expect(await createDesk({ withoutAlertRules: true }).type('alerts check')).toContain('STAMPS_ALERT_RULES');
    expect(await createDesk({ withoutAzure: true }).type('alerts check')).toContain('Azure is not configured');
  });
});

describe('alerts sync', () => {
  it('asks for the playbook, for all or for one cell', async () => {
    const made = desk();
    await made.type('alerts sync');
    await made.type('alerts sync banking-dr because its rules were changed by hand');
    expect(made.operations.acts()).toEqual([
      requestOf('sync-alert-rules', {}),
      requestOf('sync-alert-rules', { cell: 'cell-banking-dr', reason: 'its rules were changed by hand' }),
    ]);
  });

  it.each([
    ['two cells', 'alerts sync cell-banking cell-retail', 'more than one cell'],
    ['a duration', 'alerts sync for 4h', 'more than one cell'],
    ['an unknown cell', 'alerts sync cell-zzzzzz', 'There is no cell'],
  ])('refuses %s', async (_, typed, says) => {
    const made = desk();
    expect(await made.type(typed)).toContain(says);
    expect(made.operations.acts()).toEqual([]);
  });

  it('is refused to those who may not ask', async () => {
    const made = desk();
    await made.type('alerts sync', 'U0NOBODY');
    expect(made.operations.acts()).toEqual([]);
  });
});
