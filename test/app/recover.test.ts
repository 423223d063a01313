import { incidents, startWorld, type World } from '../support/start-world.ts';

jest.setTimeout(120_000);

describe('a recovery of a cell’s data', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const ana = () => world.slack.as('U0ANA');
  const data = () => world.cell('cell-healthcare')?.data;
  const moment = () => `${new Date(Date.now() - 60 * 60_000).toISOString().slice(0, 16)}Z`;
  async function approved(text: string): Promise<string> {
    const asked = await world.ask('U0ANA', text);
    await approveTwice(asked);
    return asked.runId;
  }

  async function approveTwice({ ts, runId }: { ts: string; runId: string }): Promise<void> {
    await world.press('U0BEN', ts, 'run_approve');
    expect(await world.state(runId)).toBe('waiting');
    await world.press('U0DANA', ts, 'run_approve');
  }

  it('shows to when each store can be restored, and the way by hand for what cannot', async () => {
    await ana().command(incidents, 'recover cell-banking');
    await world.sees(/✅ \*SQL\* sql-cell-banking on sql-stamps-eastus: from/, { to: 'U0ANA' });
    await world.sees(/⚠️ \*blobs\* stcellbanking: from .*with the swap/, { to: 'U0ANA' });
    await world.sees(/The app works on these stores\./, { to: 'U0ANA' });
    await ana().command(incidents, 'recover cell-retail');
    await world.sees(/⛔ \*Cosmos\* cosmos-cell-retail: cannot be restored/, { to: 'U0ANA' });
    await world.sees(/Its backups are periodic/, { to: 'U0ANA' });
  });

  it('says which setting is off when somebody has switched the restore of blobs off', async () => {
    world.azure.faults.blobRestore('cell-banking', false);
    await ana().command(incidents, 'recover cell-banking');
    await world.sees(/⛔ \*blobs\* stcellbanking: cannot be restored/, { to: 'U0ANA' });
    world.azure.faults.blobRestore('cell-banking', true);
  });

  it('refuses a moment outside, with the range, and writes nothing', async () => {
    await ana().command(incidents, 'recover cell-healthcare to 2020-01-15T10:30Z because a release deleted accounts');
    await world.sees(/2020-01-15 10:30:00 UTC is outside of what can be restored\..*All of it together: /s, {
      to: 'U0ANA',
    });
    expect(world.azure.accepted).toEqual([]);
  });

  it('goes on where it is not let into SQL, and says what to grant', async () => {
    world.azure.faults.sqlUser('cell-banking', 'none');
    const restore = await approved(`recover cell-banking to ${moment()} for 2d because a release deleted accounts`);
    await world.until(async () => (await world.state(restore)) === 'succeeded', 'a recovery');
    await world.sees(
      /The copy has [\d,]+ rows in 3 tables\. sql-cell-banking does not let Stamps in \(error 18456\)\..*`CREATE USER \[stamps-bot\] FROM EXTERNAL PROVIDER;`.*The recovery is done all the same/,
    );
    await world.sees(/To drop it: `\/stamps recover release cell-banking`/);
    world.azure.faults.sqlUser('cell-banking', 'all');
    const end = await approved('recover release cell-banking because it was a rehearsal');
    await world.until(async () => (await world.state(end)) === 'succeeded', 'the end of it');
  });

  it('restores beside, swaps by an approval of its own, goes back, and ends', async () => {
    world.azure.faults.loseData('cell-healthcare');
    const before = world.azure.configuration();
    expect(data()).toMatchObject({ database: 'sql-cell-healthcare', lost: true, blobsLost: true, copies: [] });

    const restore = await approved(`recover cell-healthcare to ${moment()} for 2d because a release deleted accounts`);
    await world.until(async () => (await world.state(restore)) === 'succeeded', 'a recovery');
    await world.sees(/SQL sql-cell-healthcare-r\d{8}t\d{6}, as of .*the original now: /);
    await world.sees(
      /Rows of SQL sql-cell-healthcare-r\w+\. By the catalogs.*Empty in the original alone: dbo\.accounts \([\d,]+ rows in the copy\)/,
    );
    await world.sees(/To work on it: `\/stamps recover swap cell-healthcare because/);
    // Nothing that serves is touched, blobs neither.
    await world.sees(/It also puts the cell’s blobs back to that moment, over what is there/);
    expect(data()).toMatchObject({ database: 'sql-cell-healthcare', lost: true, blobsLost: true });
    expect(data()?.copies).toHaveLength(2);

    // The copies are needed for longer; one approval is enough for it.
    const longer = await world.ask('U0ANA', 'lease extend recovery/cell-healthcare 1h because it is being compared');
    await world.sees(/Keep the copies of cell-healthcare until/);
    await world.press('U0BEN', longer.ts, 'run_approve');
    await world.until(async () => (await world.state(longer.runId)) === 'succeeded', 'a longer lease');

    // Azure restores no roles: nobody is sent to an account that the app may not use.
    const refused = await ana().command(incidents, 'recover swap cell-healthcare because the copy has every account');
    expect(refused.status).toBe(200);
    await world.sees(/may not use cosmos-cell-healthcare-r/);
    world.azure.faults.grantCopies('cell-healthcare');

    const asked = await world.ask('U0ANA', 'recover swap cell-healthcare because the copy has every account');
    await world.sees(/Put all block blobs of stcellhealthcare back to .*what was written since is undone/);
    await world.press('U0BEN', asked.ts, 'run_approve');
    await world.press('U0DANA', asked.ts, 'run_approve');
    const swap = asked.runId;
    await world.until(async () => (await world.state(swap)) === 'succeeded', 'a swap');
    expect(data()).toMatchObject({
      lost: false,
      blobsLost: false,
      database: expect.stringContaining('sql-cell-healthcare-r'),
    });

    // The estate file names the originals, and Stamps says what to write there.
    await world.sees(
      /In the estate file, at `- name: cell-healthcare`, write `sqlDatabase: sql-stamps-eastus\/databases\/sql-cell-healthcare-r\w+`, and under its `data:` `cosmosAccount: cosmos-cell-healthcare-r\w+`; then start Stamps again\./,
    );

    // What can be restored now is what serves, whatever the estate file names.
    await ana().command(incidents, 'recover cell-healthcare');
    await world.sees(/⚠️ The app works on these stores, not on sql-cell-healthcare and cosmos-cell-healthcare, which/, {
      to: 'U0ANA',
    });
    await world.sees(/Before anything can be recovered: In the estate file, at `- name: cell-healthcare`, write/, {
      to: 'U0ANA',
    });
    await world.sees(/\*SQL\* sql-cell-healthcare-r\w+ on sql-stamps-eastus/, { to: 'U0ANA' });
    await ana().command(incidents, `recover cell-healthcare to latest because a release deleted accounts`);
    await world.sees(/The app of cell-healthcare works on sql-cell-healthcare-r\w+, not on/, { to: 'U0ANA' });

    const release = await world.ask('U0ANA', 'recover release cell-healthcare');
    await world.sees(/it keeps sql-cell-healthcare-r/);
    await world.press('U0ANA', release.ts, 'run_cancel');

    const undo = await world.ask('U0ANA', `undo ${swap}`);
    await world.sees(/Put back stcellhealthcare: blobs: as of .* → as they were/);
    await approveTwice(undo);
    await world.until(async () => (await world.state(undo.runId)) === 'succeeded', 'the way back');
    expect(data()).toMatchObject({ database: 'sql-cell-healthcare', lost: true, blobsLost: true });
    expect(world.azure.accepted.filter(({ path }) => path.endsWith('/restoreBlobRanges'))).toHaveLength(2);

    const end = await approved('recover release cell-healthcare because it was a rehearsal');
    await world.until(async () => (await world.state(end)) === 'succeeded', 'the end of it');
    expect(world.azure.configuration()).toEqual(before);
  });
});
