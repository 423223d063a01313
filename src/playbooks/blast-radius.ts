import { type Cell, cellsOf } from '../domain/estate.ts';
import { type Impact, impactOf } from '../domain/impact.ts';
import type { Step } from '../domain/plan.ts';
import type { PlanContext } from '../ports/playbook.ts';

/** Who is concerned by steps on a cell, and what of the estate is in service once they are applied. */
export async function blastRadius(context: PlanContext, cell: Cell, steps: readonly Step[]): Promise<Impact> {
  const [leases, tenants] = await Promise.all([
    context.leases(),
    context.azure.tenants.onCell(cell.name, context.signal),
  ]);
  const known = new Set(context.estate.cells.map(({ name }) => name));
  const out = new Set(leases.map(({ subject }) => subject).filter((subject) => known.has(subject)));
  for (const step of steps) {
    if (step.kind !== 'change' || step.resource.kind !== 'lease') continue;
    const subject = step.resource.id.slice('lease/'.length);
    // A lease on a cell's data takes no cell out of service.
    if (!known.has(subject)) continue;
    if (step.after === null) out.delete(subject);
    else out.add(subject);
  }
  return impactOf(tenants, {
    healthyCellsLeft: cellsOf(context.estate, cell.region)
      .map(({ name }) => name)
      .filter((name) => !out.has(name)),
    cellsOut: out.size,
  });
}
