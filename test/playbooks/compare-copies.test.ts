import { findCell } from '../../src/domain/estate.ts';
import { createCompareCopies } from '../../src/playbooks/compare-copies.ts';
import type { NoticePart } from '../../src/ports/presenter.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const at = '2026-11-23T10:30:00.000Z';
const { signal } = new AbortController();

async function told(change: (world: ReturnType<typeof createFakeWorld>, appId: string) => void = () => undefined) {
  const world = createFakeWorld();
  const { containerAppId, sqlDatabaseId: from } = findCell(world.estate, 'cell-banking');
  change(world, containerAppId);
  const said: { runId: string; parts: readonly NoticePart[] }[] = [];
  const act = createCompareCopies({ estate: world.estate, azure: world.azure.ports }, async (runId, parts) => {
    said.push({ runId, parts });
  });
  await act({ cell: 'cell-banking', copies: [{ store: 'SQL', id: `${from}-r1`, from, at }] }, 'r-7:compare', signal);
  return said;
}

describe('compare-copies', () => {
  it('tells what is in copy and original, and how to go on, in the thread of its run', async () => {
    const [facts, next] = await told();
    expect(facts).toEqual({
      runId: 'r-7',
      parts: [
        expect.stringMatching(/^SQL sql-cell-banking-r1, as of 2026-11-23 10:30:00 UTC: 4\.1 kB; the original now/),
      ],
    });
    expect(next).toEqual({
      runId: 'r-7',
      parts: [{ sentence: expect.stringContaining('`/stamps recover swap cell-banking because …`') }],
    });
  });

  it('offers no swap that would be refused, and says why and what to do instead', async () => {
    const [, next] = await told((world, appId) =>
      world.azure.recovery.routes.set(appId, { single: true, weights: [{ revision: 'x--blue', weight: 100 }] }),
    );
    expect(next?.parts).toEqual([
      {
        sentence: expect.stringMatching(
          /^Stamps cannot swap it: The app of cell-banking keeps one revision at a time.*Swap it by hand: docs\/runbooks\/swap-data\.md\. To drop it: `\/stamps recover release cell-banking`\.$/,
        ),
      },
    ]);
  });
});
