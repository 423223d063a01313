import { readWithin } from '../../src/commands/reading.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

describe('reading within a deadline', () => {
  it('goes on without what is late, and names it', async () => {
    const time = createFakeClock();
    const reading = readWithin(time.clock, 5_000, async ({ attempt, troubles }) => {
      const [fast, never] = await Promise.all([
        attempt('fast', async () => 1),
        attempt('slow', () => new Promise<number>(() => undefined)),
      ]);
      return { fast, never, troubles: [...troubles] };
    });
    time.advance(5_000);
    expect(await reading).toEqual({ fast: 1, never: undefined, troubles: ['slow: no answer within 5s'] });
    expect(time.sleeping()).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const time = createFakeClock();
    await readWithin(time.clock, 5_000, async () => undefined);
    expect(time.sleeping()).toBe(0);
  });

  it('does not show what a bug says', async () => {
    const troubles = await readWithin(createFakeClock().clock, 5_000, async (reading) => {
      await reading.attempt('pool', () => Promise.reject(new Error('secret=1')));
      return [...reading.troubles];
    });
    expect(troubles).toEqual(['pool: the reading failed']);
  });
});
