import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../src/domain/json.ts';
import { playbooks } from '../../src/playbooks/index.ts';
import { isolateCell } from '../../src/playbooks/isolate-cell.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const inputs: Record<string, Json> = {
  'isolate-cell': { cell: 'cell-banking', reason: 'something is wrong' },
  'restore-cell': { cell: 'cell-retail' },
  'extend-lease': { cell: 'cell-retail', for: '1h' },
  'undo-run': { run: 'r-0' },
};

/** Headings that are step ids stand in backquotes: ## `hold-lease`. */
function stepHeadings(playbook: string): string[] {
  const text = readFileSync(join(__dirname, '../../docs/runbooks', `${playbook}.md`), 'utf8');
  return [...text.matchAll(/^## `(.+)`$/gm)].map(([, id]) => id as string);
}

/** The runbook has one heading for all revisions. */
const asHeading = (id: string) => id.replace(/deactivate-.*$/, 'deactivate-<revision>');

describe('runbooks', () => {
  it.each(playbooks.map(({ name }) => name))('%s has the steps of its playbook as headings, in order', async (name) => {
    const world = createFakeWorld();
    await world.apply('r-0', await world.plan(isolateCell, 'r-0', { cell: 'retail', reason: 'something is wrong' }));
    const playbook = playbooks.find((it) => it.name === name);
    const plan = await world.plan(playbook as (typeof playbooks)[number], 'r-5', inputs[name] as Json);
    expect(stepHeadings(name)).toEqual([...new Set(plan.steps.map(({ id }) => asHeading(id)))]);
  });
});
