import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRuleState } from '../../src/domain/alert-rule.ts';
import type { Json } from '../../src/domain/json.ts';
import { failoverRegion } from '../../src/playbooks/failover-region.ts';
import { playbooks } from '../../src/playbooks/index.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { recoverCell } from '../../src/playbooks/recover-cell.ts';
import { fakeAccount } from '../support/fake-storage.ts';
import { createFakeWorld, estateText } from '../support/playbook-world.ts';

const inputs: Record<string, Json> = {
  'isolate-cell': { cell: 'cell-banking', reason: 'something is wrong' },
  'restore-cell': { cell: 'cell-retail' },
  'extend-lease': { cell: 'cell-retail', for: '1h' },
  'undo-run': { run: 'r-0' },
  'failover-region': { from: 'eastus', to: 'westus', reason: 'the power is out there' },
  'failback-region': { region: 'eastus' },
  'sync-alert-rules': {},
  'scale-cell': { cell: 'cell-banking', by: -1 },
  'scale-sql': { cell: 'cell-banking', to: 'down' },
  'recover-cell': { cell: 'cell-banking', at: '2026-11-23T10:30Z', reason: 'a release deleted accounts' },
  'swap-data': { cell: 'cell-banking', reason: 'the copy has every account' },
  'release-recovery': { cell: 'cell-banking' },
  'drill-region': { region: 'eastus', to: 'westus', withData: true },
};

const folder = join(__dirname, '../../docs/runbooks');

/** Headings that are step ids stand in backquotes: ## `hold-lease`. */
function stepHeadings(playbook: string): string[] {
  const text = readFileSync(join(folder, `${playbook}.md`), 'utf8');
  return [...text.matchAll(/^## `(.+)`$/gm)].map(([, id]) => id as string);
}

/** The runbook has one heading for all revisions, one for all cells, one for all rules. */
const asHeading = (id: string, name: string) =>
  id
    .replace(/deactivate-.*$/, 'deactivate-<revision>')
    .replace(/scale-cell-.*$/, 'scale-<cell>')
    .replace(/storage-cell-.*$/, 'storage-<cell>')
    .replace(/scale-secondary-.*$/, 'scale-secondary-<server>')
    .replace(/^(make|change)-.*$/, (whole, how) => (name === 'sync-alert-rules' ? `${how}-<rule>` : whole));

/** A world in which every step of a failover is needed: three regions, the other one too small and behind a third. */
async function disasterWorld(name: string) {
  if (name === 'drill-region') return withStorage(createFakeWorld());
  const world = createFakeWorld(`${estateText}  - name: northeurope\n    resourceGroup: rg-stamps-eu\n    cells: []\n`);
  withStorage(world);
  const { endpoints } = world.azure.disaster;
  endpoints.set('westus', { ...(endpoints.get('westus') as never as object), priority: 3 } as never);
  endpoints.set('northeurope', { ...(endpoints.get('northeurope') as never as object), priority: 2 } as never);
  if (name === 'failback-region') {
    // Forced, so that the account has no copy to come back to.
    for (const [id, account] of world.azure.disaster.storage)
      world.azure.disaster.storage.set(id, { ...account, canFailOverPlanned: false });
    const input = { ...(inputs['failover-region'] as object), acceptLoss: true };
    await world.apply('r-1', await world.plan(failoverRegion, 'r-1', input as Json));
  }
  return world;
}

/** An account of one cell, with its copy in the other region. */
function withStorage(world: ReturnType<typeof createFakeWorld>) {
  const [cell] = world.estate.cells;
  if (cell) world.azure.disaster.storage.set(cell.storageId, fakeAccount('stcellbanking', 'eastus', 'westus', 0));
  return world;
}

describe('runbooks', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));

  it('are there for what has no playbook too, each with what the bot would do', () => {
    for (const command of ['assess', 'global-outage'])
      expect(readFileSync(join(folder, `${command}.md`), 'utf8')).toContain(`\`/stamps ${command}`);
  });

  it.each(names)('%s leads only to files and headings that are there', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, file = '', anchor = ''] of text.matchAll(/\]\(([^)#:]*)#?([^):]*)\)/g)) {
      const target = file === '' ? join(folder, name) : join(folder, file);
      expect([target, existsSync(target)]).toEqual([target, true]);
      const headings = readFileSync(target, 'utf8').match(/^#+ .+$/gm) ?? [];
      const anchors = headings.map((heading) =>
        heading
          .toLowerCase()
          .replace(/^#+ /, '')
          .replace(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
      if (anchor !== '') expect(anchors).toContain(anchor);
    }
  });

  it.each(playbooks.map(({ name }) => name))('%s has the steps of its playbook as headings, in order', async (name) => {
    const world = name.endsWith('-region') ? await disasterWorld(name) : createFakeWorld();
    if (!name.endsWith('-region'))
      await world.apply('r-0', await world.plan(isolateCell, 'r-0', { cell: 'retail', reason: 'something is wrong' }));
    if (['swap-data', 'release-recovery'].includes(name))
      await world.apply('r-1', await world.plan(recoverCell, 'r-1', inputs['recover-cell'] as Json));
    const [, changed] = world.declared.rules;
    if (name === 'scale-cell')
      for (const [id, app] of world.azure.apps) world.azure.apps.set(id, { ...app, minReplicas: 4 });
    if (name === 'scale-sql') world.azure.sqlTiers.replicate(world.estate.cells[0]?.sqlDatabaseId ?? '', 'westus');
    // One that differs, so that the plan has both sorts of step: changed and made.
    if (changed) world.azure.alertRules.set(changed.id, { ...changed.wanted, enabled: false } as AlertRuleState);
    const playbook = playbooks.find((it) => it.name === name);
    const plan = await world.plan(playbook as (typeof playbooks)[number], 'r-5', inputs[name] as Json);
    expect(stepHeadings(name)).toEqual([...new Set(plan.steps.map(({ id }) => asHeading(id, name)))]);
  });
});
