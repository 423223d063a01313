import { ben, quiet, startEngine } from '../support/engine-harness.ts';

describe('the log of a run', () => {
  it('has a line of each state and of the end of each step, with the run’s id', async () => {
    const lines: object[] = [];
    const world = await startEngine({ logger: { ...quiet, info: (fields) => lines.push(fields) } });
    try {
      const { id: run, planHash } = await world.turn(['a'], 7);
      await world.engine.operations.decide(run, planHash, ben, 'approve');
      await world.says(`${run} succeeded `);
      const playbook = 'turn';
      const expected = [
        { run, playbook, state: 'waiting' },
        { run, playbook, state: 'queued' },
        { run, playbook, state: 'running' },
        { run, step: 'a-may-turn', state: 'done' },
        { run, step: 'turn-a', state: 'done' },
        { run, playbook, state: 'succeeded' },
      ];
      expect(lines).toHaveLength(expected.length);
      expect(lines).toEqual(expect.arrayContaining(expected));
    } finally {
      await world.stop();
    }
  });
});
