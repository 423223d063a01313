import { attentiveDeadline } from '../../src/domain/attentive-deadline.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

function begin(ms: number) {
  const time = createFakeClock();
  return { time, deadline: attentiveDeadline(ms, time.clock) };
}

describe('a deadline in the process’s own time', () => {
  it.each([20, 50, 100, 333, 1_000, 8_000, 60_000])('of %i ms is over after as many', async (ms) => {
    const { time, deadline } = begin(ms);
    await time.pass(ms - 1);
    expect(deadline.signal.aborted).toBe(false);
    await time.pass(Math.ceil(ms / 10) + 50);
    expect([deadline.signal.aborted, deadline.starved(), time.sleeping()]).toEqual([true, false, 0]);
  });

  it('does not count what passes while nothing runs', async () => {
    const { time, deadline } = begin(8_000);
    await time.pass(7_900);
    time.advance(7_000);
    await time.pass(150);
    expect(deadline.signal.aborted).toBe(false);
    // All but the slice in which it happened.
    expect(deadline.lostMs()).toBeGreaterThan(6_750);
    expect(deadline.lostMs()).toBeLessThanOrEqual(7_000);
    await time.pass(300);
    expect([deadline.signal.aborted, deadline.starved()]).toEqual([true, false]);
  });

  it('is over after three times as long, and says why', async () => {
    const { time, deadline } = begin(1_000);
    for (let waited = 0; waited < 3_000; waited += 500) {
      expect(deadline.signal.aborted).toBe(false);
      time.advance(500);
      await time.pass(1);
    }
    expect([deadline.signal.aborted, deadline.starved()]).toEqual([true, true]);
    expect(deadline.tookMs()).toBeGreaterThanOrEqual(3_000);
  });

  it('is never over once it was ended, and leaves no timer', async () => {
    const { time, deadline } = begin(1_000);
    deadline.end();
    await time.pass(2_000);
    expect([deadline.signal.aborted, time.sleeping()]).toEqual([false, 0]);
  });
});
