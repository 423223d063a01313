import { OpsError } from '../../src/errors.ts';
import { ana, ben, type EngineHarness, startEngine } from '../support/engine-harness.ts';

const estate = { region: undefined };
const eastus = { region: 'eastus' };
const banking = { region: 'eastus', cell: 'cell-banking' };

describe('a run beside one that is open', () => {
  let world: EngineHarness;
  beforeAll(async () => {
    world = await startEngine();
  });
  afterAll(() => world.stop());
  afterEach(async () => {
    const { operations } = world.engine;
    for (const { id } of await operations.runs({ states: ['waiting', 'stopped'] })) await operations.cancel(id, ana);
  });

  it.each([
    ['the whole estate beside one for the whole estate', estate, estate],
    ['a cell beside one for the whole estate', estate, banking],
    ['a region beside one for the whole estate', estate, eastus],
    ['the whole estate beside one on a cell', banking, estate],
    ['the whole estate beside one on a region', eastus, estate],
    ['the same region', eastus, eastus],
    ['the same cell', banking, banking],
  ])('is refused on %s', async (_, first, second) => {
    const open = await world.turn(['a'], 1, first);
    await expect(world.turn(['b'], 2, second)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`${open.id} is open on`),
      hint: `See \`/stamps run ${open.id}\`.`,
    });
    await world.engine.operations.cancel(open.id, ana);
    expect((await world.turn(['b'], 2, second)).state).toBe('waiting');
  });

  it.each([
    ['another region', eastus, { region: 'westus' }],
    ['another cell', banking, { ...banking, cell: 'cell-retail' }],
    ['a cell of its region', eastus, banking],
    ['the region of its cell', banking, eastus],
  ])('waits for its approval as well on %s', async (_, first, second) => {
    await world.turn(['a'], 1, first);
    expect((await world.turn(['b'], 2, second)).state).toBe('waiting');
  });

  it.each([
    ['the whole estate', estate],
    ['a region', eastus],
    ['a cell', banking],
  ])('is one of many that are asked for at the same moment, on %s', async (_, place) => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, (__, n) => world.turn(['a'], n, place)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' });
    expect(await world.engine.operations.runs({ states: ['waiting'] })).toHaveLength(1);
  });

  it.each([
    ['the whole estate', {}],
    ['a cell', banking],
  ])('is that one for the same request, however often it comes at the same moment, on %s', async (name, place) => {
    const wanted = {
      requestKey: `same on ${name}`,
      playbook: 'turn',
      input: { dials: ['a'], to: 1, ...place },
      requester: ana,
      channel: 'C0',
    };
    const runs = await Promise.all(Array.from({ length: 8 }, () => world.engine.operations.request(wanted)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    ['a region', eastus],
    ['the whole estate', estate],
  ])('that takes the same run back is refused, unless it comes by itself, on %s', async (name, place) => {
    const { operations } = world.engine;
    const run = await world.turn([name], 5, place);
    await operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    const asked = await Promise.allSettled(
      Array.from({ length: 4 }, (_, n) => operations.undo(run.id, ana, `undo-${run.id}-${n}`, 'C0')),
    );
    const [undo, ...others] = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect([undo?.state, others]).toEqual(['waiting', []]);
    const declared = { playbook: 'undo-run', input: { run: run.id }, requester: ana, channel: 'C0' };
    await operations.requestAsDeclared({ ...declared, requestKey: `declared-${run.id}` }, run.id);
    await world.reaches(run.id, 'undone');
    expect(world.dials.state.get(name)).toBeNull();
  });

  it('that takes the same run back is refused while that one is stopped too, and is planned anew once it is cancelled', async () => {
    const { operations } = world.engine;
    const run = await world.turn(['s1', 's2'], 5, eastus);
    await operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    const undo = await operations.undo(run.id, ana, 'undo-first', 'C0');
    world.dials.faults.push(() => {
      throw new OpsError('not-allowed', 'Azure says no.', { service: 'Azure' });
    });
    await operations.decide(undo.id, undefined, ben, 'approve');
    await world.reaches(undo.id, 'stopped');
    await expect(operations.undo(run.id, ana, 'undo-second', 'C0')).rejects.toMatchObject({
      code: 'conflict',
      hint: `Retry ${undo.id}, or \`/stamps cancel ${undo.id}\` and ask again: then what is left is planned anew.`,
    });
    await operations.cancel(undo.id, ana);
    expect((await operations.undo(run.id, ana, 'undo-third', 'C0')).state).toBe('waiting');
  });

  it('is refused when glass is broken for it, and the other has opened meanwhile', async () => {
    world.dials.refusing.add('guarded');
    const refused = await world.turn(['guarded'], 1, estate);
    expect(refused.state).toBe('refused');
    const open = await world.turn(['a'], 1, estate);
    await expect(world.engine.operations.breakGlass(refused.id, ana, 'nobody else is awake now')).rejects.toMatchObject(
      { code: 'conflict', message: expect.stringContaining(open.id) },
    );
  });
});
