import type { AlertRuleState, DeclaredRule } from '../../src/domain/alert-rule.ts';
import { changes, planHash } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import { syncAlertRules } from '../../src/playbooks/sync-alert-rules.ts';
import { undoRun } from '../../src/playbooks/undo-run.ts';
import { createFakeWorld, type FakeWorld } from '../support/playbook-world.ts';

/** Everything as declared, but for what a test changes. */
function asDeclared(world: FakeWorld): void {
  for (const { id, wanted } of world.declared.rules) world.azure.alertRules.set(id, wanted);
}
const rule = (world: FakeWorld, name: string) => world.declared.rules.find((one) => one.name === name) as DeclaredRule;
const changed = (state: AlertRuleState, change: object) => ({ ...state, ...change }) as AlertRuleState;

describe('sync-alert-rules', () => {
  it('makes what is missing and mends what differs, and then everything is as declared', async () => {
    const world = createFakeWorld();
    asDeclared(world);
    const [rate, memory] = [rule(world, 'APIM-High-Request-Rate'), rule(world, 'cell-retail-High-Memory')];
    world.azure.alertRules.set(rate.id, changed(rate.wanted, { threshold: 10_000, enabled: false }));
    world.azure.alertRules.delete(memory.id);

    const plan = await world.plan(syncAlertRules, 'r-1', { reason: 'the rate rule was switched off' });
    expect(plan).toMatchObject({ title: 'Sync 2 alert rules', target: {}, locks: ['alert-rules'] });
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'action-group-exists',
      'change-APIM-High-Request-Rate',
      'make-cell-retail-High-Memory',
    ]);
    expect(plan.steps[1]?.says).toBe('Change APIM-High-Request-Rate: enabled off → on, threshold 10000 → 75000');
    expect(plan.steps[2]?.says).toBe(
      'Make cell-retail-High-Memory: Average of WorkingSetBytes > 1073741824 over PT15M',
    );
    await world.apply('r-1', plan);
    await expect(world.plan(syncAlertRules, 'r-2', {})).rejects.toMatchObject({ code: 'refused' });
  });

  it('plans the same when it is planned anew half way', async () => {
    const world = createFakeWorld();
    asDeclared(world);
    for (const name of ['APIM-High-Request-Rate', 'KPI-Latency', 'cell-banking-KPI-CPU']) {
      world.azure.alertRules.delete(rule(world, name).id);
    }
    const plan = await world.plan(syncAlertRules, 'r-1', {});
    await world.apply('r-1', plan, 2);
    expect(planHash(await world.plan(syncAlertRules, 'r-1', {}))).toBe(planHash(plan));
  });

  it('is undone: changed rules are what they were, made ones are gone, a foreign one is back as it was', async () => {
    const world = createFakeWorld();
    asDeclared(world);
    const [rate, latency, cpu] = ['APIM-High-Request-Rate', 'KPI-Latency', 'cell-banking-KPI-CPU'].map((name) =>
      rule(world, name),
    ) as [DeclaredRule, DeclaredRule, DeclaredRule];
    world.azure.alertRules.set(rate.id, changed(rate.wanted, { severity: 4 }));
    world.azure.alertRules.delete(latency.id);
    world.azure.alertRules.set(cpu.id, { signal: 'foreign', says: 'made by hand', body: '{"properties":{}}' });
    const before = world.snapshot();
    await world.apply('r-1', await world.plan(syncAlertRules, 'r-1', {}));
    expect(world.snapshot()).not.toEqual(before);
    await world.apply('r-2', await world.plan(undoRun, 'r-2', { run: 'r-1' }));
    expect(world.snapshot()).toEqual(before);
  });

  it('can be kept to the rules of one cell', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(syncAlertRules, 'r-1', { cell: 'banking-dr' });
    expect(plan.target).toEqual({ region: 'westus', cell: 'cell-banking-dr' });
    expect(changes(plan).every(({ id }) => /^make-cell-banking-dr-/.test(id))).toBe(true);
    expect(changes(plan).length).toBe(7);
  });

  it('takes the metric that the database has', async () => {
    const world = createFakeWorld();
    const [banking] = world.estate.cells;
    world.azure.byVCore.add(banking?.sqlDatabaseId ?? '');
    const ruleOf = async (cell: string) => {
      const plan = await world.plan(syncAlertRules, 'r-1', { cell });
      const step = changes(plan).find(({ id }) => id.endsWith('SQL-High-Load'));
      return step?.after;
    };
    expect(await ruleOf('cell-banking')).toMatchObject({ metric: 'cpu_percent' });
    expect(await ruleOf('cell-retail')).toMatchObject({ metric: 'dtu_consumption_percent' });
  });

  it('leaves rules alone that the file does not know', async () => {
    const world = createFakeWorld();
    asDeclared(world);
    const id = rule(world, 'KPI-Latency').id.replace('KPI-Latency', 'somebodys-own');
    world.azure.alertRules.set(id, rule(world, 'KPI-Latency').wanted);
    await expect(world.plan(syncAlertRules, 'r-1', {})).rejects.toMatchObject({ code: 'refused' });
  });

  it('mends at most 60 at a time, and says so', async () => {
    const world = createFakeWorld();
    const { estate } = world;
    const many = createFakeWorld(
      `version: 1\nsubscriptionId: ${estate.subscriptionId}\ntenants: { endpoint: https://c.example, database: d, container: t }\nregions:\n  - name: eastus\n    resourceGroup: rg\n    cells:\n${Array.from({ length: 20 }, (_, n) => `      - { name: cell-${n}, role: active, requestsPerSecondPerReplica: 50 }`).join('\n')}\n`,
    );
    const plan = await many.plan(syncAlertRules, 'r-1', {});
    expect(changes(plan)).toHaveLength(60);
    expect(plan.title).toMatch(/^Sync the first 60 of \d+ alert rules$/);
    await many.apply('r-1', plan);
    const next = await many.plan(syncAlertRules, 'r-2', {});
    expect(changes(next).some(({ resource }) => many.azure.alertRules.has(resource.id))).toBe(false);
  });

  it('is refused when the action group is not there', async () => {
    const world = createFakeWorld();
    const plan = await world.plan(syncAlertRules, 'r-1', {});
    expect(await world.ask(plan)).toEqual({
      'action-group-exists': { ok: true, says: 'The action group ag-stamps-critical exists.' },
    });
    const inventory = { list: async () => [] };
    Object.assign(world.azure.ports, { inventory });
    expect((await world.ask(plan))['action-group-exists']).toMatchObject({ ok: false });
  });

  it('throws what Azure throws', async () => {
    const world = createFakeWorld();
    world.azure.failures.set('alertRules.list', new OpsError('throttled', 'Too many.'));
    await expect(world.plan(syncAlertRules, 'r-1', {})).rejects.toMatchObject({ code: 'throttled' });
  });
});
