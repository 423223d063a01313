import { ana, ben, dana, type EngineHarness, policy, startEngine } from '../support/engine-harness.ts';

const wanted = (key: string) => ({
  requestKey: key,
  playbook: 'turn',
  input: { dials: [key], to: 1, locks: [] },
  channel: 'C0',
});
const [rule] = policy.rules;

describe('a run that the calendar asks for', () => {
  let world: EngineHarness;
  beforeAll(async () => {
    world = await startEngine({
      policy: { ...policy, rules: [{ ...(rule as NonNullable<typeof rule>), approvals: 2 }] },
    });
  });
  afterAll(() => world.stop());

  it('waits for two people, whoever they are, and as long as it is given', async () => {
    const { operations } = world.engine;
    const run = await operations.requestByCalendar(wanted('one'), 7_200_000);
    expect(run).toMatchObject({ state: 'waiting', requesterId: 'stamps' });
    expect(Date.parse(run.expiresAt) - Date.parse(run.requestedAt)).toBe(7_200_000);
    await operations.decide(run.id, undefined, ana, 'approve');
    expect((await operations.run(run.id)).state).toBe('waiting');
    expect(world.dials.writes).toEqual([]);
    await operations.decide(run.id, undefined, ben, 'approve');
    await world.reaches(run.id, 'succeeded');
    expect(world.dials.writes).toEqual([{ id: 'one', to: 1 }]);
  });

  it('is one run however often it is asked for, and nobody’s to approve twice', async () => {
    const { operations } = world.engine;
    const [run, same] = await Promise.all([
      operations.requestByCalendar(wanted('two'), 60_000),
      operations.requestByCalendar(wanted('two'), 60_000),
    ]);
    expect(same?.id).toBe(run?.id);
    await operations.decide(run?.id ?? '', undefined, dana, 'approve');
    await operations.decide(run?.id ?? '', undefined, dana, 'approve');
    expect((await operations.run(run?.id ?? '')).state).toBe('waiting');
  });
});

describe('a policy that wants fewer than two approvals', () => {
  it.each([0, 1])('of %i is refused, so that no drill is one person’s alone', async (approvals) => {
    const world = await startEngine({
      policy: { ...policy, rules: [{ ...(rule as NonNullable<typeof rule>), approvals }] },
    });
    try {
      await expect(world.engine.operations.requestByCalendar(wanted('three'), 60_000)).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('needs two'),
      });
      expect(world.dials.writes).toEqual([]);
    } finally {
      await world.stop();
    }
  });
});
