import { incidents, startWorld, type World, wordsOf } from '../support/start-world.ts';

jest.setTimeout(120_000);

const forbidden = [403, 'AuthorizationFailed'] as const;

/**
 * What was promised to come back by itself, while Azure refuses it step by step: each write of the undo once, and then,
 * when a person has put that right and tries again, not any more.
 */
describe('an undo that begins by itself, refused at each of its steps', () => {
  let world: World;
  afterEach(() => world.stop());

  async function approved(text: string): Promise<string> {
    const { ts, runId } = await world.ask('U0ANA', text);
    await world.press('U0BEN', ts, 'run_approve');
    await world.press('U0DANA', ts, 'run_approve');
    return runId;
  }

  /** Refuses the next write, and after each that is taken the one that comes next. */
  const refuse = () => world.azure.faults.refuseWrites(1, ...forbidden);
  function refuseEach(): void {
    world.azure.watchWrites((phase) => phase === 'accepted' && refuse());
    refuse();
  }

  /** Tries again as often as it is stopped, reading what people read; answers with how often that was. */
  async function triedUntilUndone(runId: string): Promise<number> {
    const card = await world.sees(new RegExp(`Take back ${runId}, .*\\(r-\\d+\\)`));
    const { ts } = card;
    const undo = /\((r-\d+)\)/.exec(card.text)?.[1] ?? '';
    const stopped = () => world.messages().filter((one) => one.threadTs === ts && one.text.startsWith('Stopped: '));
    for (let tries = 0; ; tries += 1) {
      await world.until(
        async () => stopped().length > tries || (await world.state(undo)) === 'succeeded',
        'the end of a try',
        40_000,
      );
      if (stopped().length === tries) return tries;
      const says = wordsOf(stopped().at(-1) as never);
      expect(says).toMatch(/Stopped: \S+: Azure .*Not put back yet, in this order: .*does nothing twice\. By hand: /);
      // What stopped it is the first of what is left, and each try leaves less.
      expect(await world.state(undo)).toBe('stopped');
      expect(await world.state(runId)).toBe('stopped');
      await world.press('U0BEN', ts, 'run_retry');
    }
  }

  const pages = () => world.pager.incidents.map(({ summary, status }) => [summary, status]);

  it('of a drill: people read what is left and are woken, and in the end all is as it was', async () => {
    world = await startWorld();
    const before = world.azure.configuration();
    const drill = await approved('drill eastus with data for 10m because it is the monthly test');
    await world.sees(/▶️ Serve from westus for 10m/, { withinMs: 40_000 });
    const there = world.azure.accepted.length;
    refuseEach();
    const westus = world.azure.snapshot().regions.find(({ name }) => name === 'westus')?.cells ?? [];
    for (const { name } of westus) world.azure.faults.failCell(name);
    await world.sees(/Stopped: window: /);
    for (const { name } of westus) world.azure.faults.healCell(name);

    const tries = await triedUntilUndone(drill);
    expect(tries).toBe(there);
    expect(await world.state(drill)).toBe('undone');
    expect(world.azure.configuration()).toEqual(before);
    // There and back, each once.
    expect(world.azure.accepted).toHaveLength(2 * there);
    expect(world.azure.accepted.every(({ changed }) => changed)).toBe(true);
    await world.until(() => pages().some(([, status]) => status === 'resolved'), 'the page is over');
    expect(pages()).toEqual([[expect.stringMatching(/is taken back in part only: r-\d+ stopped/), 'resolved']]);
  });

  it('of a swap: the cell is on its originals again, and its blobs are what they were', async () => {
    world = await startWorld();
    world.azure.faults.loseData('cell-healthcare');
    const moment = `${new Date(Date.now() - 60 * 60_000).toISOString().slice(0, 16)}Z`;
    const restore = await approved(`recover cell-healthcare to ${moment} because a release deleted accounts`);
    await world.until(async () => (await world.state(restore)) === 'succeeded', 'a recovery');
    world.azure.faults.grantCopies('cell-healthcare');
    const before = world.azure.configuration();

    // Once traffic is on the copies nothing is taken any more: neither what is left of the swap, nor its undo.
    let patches = 0;
    world.azure.watchWrites((phase, { method, path }) => {
      if (phase !== 'accepted' || method !== 'PATCH' || !path.endsWith('/app-cell-healthcare')) return;
      patches += 1;
      if (patches < 2) return;
      world.azure.faults.refuseWrites(2, ...forbidden);
      world.azure.watchWrites((later) => later === 'accepted' && refuse());
    });
    const swap = await approved('recover swap cell-healthcare because the copy has every account');
    await world.sees(/Stopped: deactivate-/, { withinMs: 40_000 });
    expect(await triedUntilUndone(swap)).toBe(3);
    expect(await world.state(swap)).toBe('undone');
    expect(withoutMarks(world.azure.configuration())).toEqual(withoutMarks(before));
    expect(world.cell('cell-healthcare')?.data).toMatchObject({ database: 'sql-cell-healthcare', blobsLost: true });
    expect(world.azure.accepted.filter(({ path }) => path.endsWith('/restoreBlobRanges'))).toHaveLength(2);
    await world.slack.as('U0ANA').command(incidents, 'recover release cell-healthcare because it was a rehearsal');
    await world.card('End the recovery of cell-healthcare, and delete its copies');
  });
});

/** What was noted on the way stays as a note. */
function withoutMarks(configuration: unknown): unknown {
  return JSON.parse(JSON.stringify(configuration, (key, value) => (key === 'tags' ? undefined : value)));
}
