import { findCell } from '../../src/domain/estate.ts';
import { OpsError } from '../../src/errors.ts';
import { createCompareCopies } from '../../src/playbooks/compare-copies.ts';
import type { NoticePart } from '../../src/ports/presenter.ts';
import { createFakeWorld } from '../support/playbook-world.ts';

const at = '2026-11-23T10:30:00.000Z';
const { signal } = new AbortController();

type World = ReturnType<typeof createFakeWorld>;
const original = findCell(createFakeWorld().estate, 'cell-banking').sqlDatabaseId;
const copy = `${original}-r1`;

async function told(change: (world: World, appId: string) => void = () => undefined) {
  return (await compared(change)).said;
}

async function compared(change: (world: World, appId: string) => void = () => undefined) {
  const world = createFakeWorld();
  const { containerAppId, sqlDatabaseId: from } = findCell(world.estate, 'cell-banking');
  change(world, containerAppId);
  const said: { runId: string; parts: readonly NoticePart[] }[] = [];
  const act = createCompareCopies({ estate: world.estate, azure: world.azure.ports }, async (runId, parts) => {
    said.push({ runId, parts });
  });
  const args = { cell: 'cell-banking', copies: [{ store: 'SQL', id: `${from}-r1`, from, at }] };
  const says = await act(args, 'r-7:compare', signal);
  return { said, says };
}

describe('compare-copies', () => {
  it('tells what is in copy and original, and how to go on, in the thread of its run', async () => {
    const [facts, rows, next] = await told();
    expect(facts).toEqual({
      runId: 'r-7',
      parts: [
        expect.stringMatching(/^SQL sql-cell-banking-r1, as of 2026-11-23 10:30:00 UTC: 4\.1 kB; the original now/),
      ],
    });
    expect(rows).toEqual({
      runId: 'r-7',
      parts: [
        expect.stringMatching(/^Rows of SQL sql-cell-banking-r1\. By the catalogs.*the copy has 7 rows in 1 table/),
      ],
    });
    expect(next).toEqual({
      runId: 'r-7',
      parts: [{ sentence: expect.stringContaining('`/stamps recover swap cell-banking because …`') }],
    });
  });

  it('offers no swap that would be refused, and says why and what to do instead', async () => {
    const [, , next] = await told((world, appId) =>
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

  it('tells the rows of copy and original with their differences, at length in the thread and in short on the card', async () => {
    const { said, says } = await compared(({ azure: { recovery } }) => {
      recovery.rows.set(copy, [{ schema: 'dbo', name: 'accounts', rows: 95_400 }]);
      recovery.rows.set(original, [{ schema: 'dbo', name: 'accounts', rows: 0 }]);
    });
    expect(said[1]?.parts).toEqual([
      expect.stringContaining('Empty in the original alone: dbo.accounts (95,400 rows in the copy).'),
    ]);
    expect(says).toMatch(/Rows: 95,400 rows in 1 table; the original now: 0 rows in 1 table\.$/);
  });

  const shutOut = (where: string) =>
    new OpsError('not-allowed', `${where} does not let Stamps in (error 18456).`, { hint: 'Run there `GRANT …`.' });

  it('goes on where nobody is let in: says why, and what to grant once', async () => {
    const { said, says } = await compared(({ azure: { recovery } }) => {
      recovery.rows.set(copy, shutOut('the copy'));
      recovery.rows.set(original, shutOut('the original'));
    });
    expect(said[1]?.parts).toEqual([
      'Rows of SQL sql-cell-banking-r1 could not be compared. the copy does not let Stamps in (error 18456). the original does not let Stamps in (error 18456).',
      {
        sentence: 'Run there `GRANT …`. The recovery is done all the same: look into the copy before you swap.',
      },
    ]);
    expect(said[2]?.parts).toEqual([{ sentence: expect.stringContaining('`/stamps recover swap') }]);
    expect(says).toMatch(/Rows of SQL are not compared\. .*18456/);
    expect(says).not.toMatch(/the original now: 0|has 0/);
  });

  it('tells the one that it could count, and never takes the other for none', async () => {
    const { said, says } = await compared(({ azure: { recovery } }) =>
      recovery.rows.set(copy, new OpsError('unavailable', 'It is not available.', { hint: 'Later.' })),
    );
    expect(said[1]?.parts).toEqual([
      expect.stringMatching(/The original has 7 rows in 1 table now\. It is not available\.$/),
      { sentence: 'Later. The recovery is done all the same: look into the copy before you swap.' },
    ]);
    expect(says).toContain('The original has 7 rows in 1 table now.');
  });

  it('does not hide a fault of its own', async () => {
    await expect(
      compared(({ azure: { recovery } }) => recovery.rows.set(copy, new TypeError('a bug'))),
    ).rejects.toThrow('a bug');
  });
});
