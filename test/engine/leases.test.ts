import { ana, ben, type EngineHarness, startEngine } from '../support/engine-harness.ts';

describe('a lease', () => {
  let world: EngineHarness;
  const query = (sql: string, params: unknown[] = []) => world.context.database.query(sql, params);
  beforeAll(async () => {
    world = await startEngine();
  });
  afterAll(() => world.stop());

  async function held(subject: string, onExpiry: 'remind' | 'page' | 'undo', endsIn: string): Promise<string> {
    const run = await world.turn([subject], 5);
    await world.engine.operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    await query(
      `insert into stamps.leases (subject, until, on_expiry, run_id, reason) values ($1, now() + $2::interval, $3, $4, 'test')`,
      [subject, endsIn, onExpiry, run.id],
    );
    return run.id;
  }

  it('asks before its end, once', async () => {
    await held('soon', 'page', '10 minutes');
    await world.engine.look();
    await world.engine.look();
    expect((await world.texts()).filter((text) => text.includes('lease of soon'))).toEqual(['lease of soon ends soon']);
    expect(await world.pages()).toEqual([]);
  });

  it('leaves a lease alone whose end is far', async () => {
    await held('far', 'page', '3 hours');
    await world.engine.look();
    expect((await world.texts()).filter((text) => text.includes('lease of far'))).toEqual([]);
  });

  it('pages at its end when the plan said so, and stays until it is given back', async () => {
    await held('paged', 'page', '-1 second');
    await world.engine.look();
    await world.engine.look();
    expect((await world.texts()).filter((text) => text.includes('lease of paged'))).toEqual(['lease of paged ended']);
    expect(await world.pages()).toMatchObject([{ key: expect.stringContaining('stamps/lease/paged/') }]);
    expect(await world.engine.operations.leases()).toEqual(
      expect.arrayContaining([expect.objectContaining({ subject: 'paged' })]),
    );
  });

  it('takes the run back at its end when the plan said so', async () => {
    const id = await held('undone', 'undo', '-1 second');
    await world.engine.look();
    await world.reaches(id, 'undone');
    expect(world.dials.state.get('undone')).toBeNull();
  });

  it('does not take a run back while it is on its way, of which only a part is recorded', async () => {
    const [reached, going] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    world.dials.faults.push(async () => {
      reached.resolve();
      await going.promise;
    });
    const { id } = await world.turn(['slow-a', 'slow-b'], 5);
    await query(
      `insert into stamps.leases (subject, until, on_expiry, run_id, reason) values ('slow', now(), 'undo', $1, 'test')`,
      [id],
    );
    await world.engine.operations.decide(id, undefined, ben, 'approve');
    await reached.promise;
    await world.engine.look();
    expect(await query('select 1 from stamps.runs where undoes = $1', [id])).toEqual([]);
    going.resolve();
    await world.reaches(id, 'succeeded');
    await world.engine.look();
    await world.reaches(id, 'undone');
    expect([world.dials.state.get('slow-a'), world.dials.state.get('slow-b')]).toEqual([null, null]);
  });

  it('is not taken when it would have ended by then, and may be given an end that is past', async () => {
    const lease = world.context.kinds.lease;
    if (!lease) throw new Error('no lease kind');
    const run = await world.turn(['late'], 1);
    const ref = { kind: 'lease', id: 'lease/cell-late' };
    const options = { signal: new AbortController().signal, runId: run.id };
    const past = { until: '2026-01-01T10:00:00.000Z', onExpiry: 'page', reason: 'r' };
    await expect(lease.write(ref, past, options)).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('anew'),
    });
    await lease.write(ref, { ...past, until: '2126-01-01T10:00:00.000Z' }, options);
    await lease.write(ref, past, options);
    expect((await lease.read(ref, options.signal)).state).toMatchObject({ until: past.until });
    await lease.write(ref, null, options);
  });

  it('is a resource like any other: taken, extended and given back', async () => {
    const lease = world.context.kinds.lease;
    if (!lease) throw new Error('no lease kind');
    const run = await world.turn(['owner'], 1);
    const ref = { kind: 'lease', id: 'lease/cell-x' };
    const options = { signal: new AbortController().signal, runId: run.id };
    const first = { until: '2126-12-01T10:00:00.000Z', onExpiry: 'page', reason: 'r' };
    expect((await lease.read(ref, options.signal)).state).toBeNull();
    await lease.write(ref, first, options);
    await lease.write(ref, { ...first, until: '2126-12-01T12:00:00Z' }, { ...options, runId: 'another' });
    expect(
      lease.equals((await lease.read(ref, options.signal)).state, { ...first, until: '2126-12-01T12:00:00Z' }),
    ).toBe(true);
    expect(await world.engine.operations.leases()).toContainEqual(
      expect.objectContaining({ subject: 'cell-x', of: 'cell', runId: run.id }),
    );
    await lease.write(ref, null, options);
    expect((await lease.read(ref, options.signal)).state).toBeNull();
    expect(ana.id).toBe(run.requesterId);
  });
});
