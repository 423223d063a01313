import { createCachedAnswers } from '../../src/engine/cached-answers.ts';
import { OpsError } from '../../src/errors.ts';
import { createFakeClock } from '../support/fakes/fake-clock.ts';

const throttled = (retryAfterMs: number) => new OpsError('throttled', 'Slack asks to call later.', { retryAfterMs });
const settled = () => new Promise<void>((done) => setImmediate(done));

/** Questions are answered by hand, in the order in which they were asked. */
function world() {
  const clock = createFakeClock();
  const open: { resolve(value: string): void; reject(error: Error): void }[] = [];
  let asked = 0;
  const answers = createCachedAnswers<string>(() => {
    asked += 1;
    return new Promise((resolve, reject) => open.push({ resolve, reject }));
  }, clock.clock);
  return {
    answers,
    clock,
    asked: () => asked,
    async answer(outcome: string | Error): Promise<void> {
      const question = open.shift();
      if (!question) throw new Error('nothing is asked');
      if (typeof outcome === 'string') question.resolve(outcome);
      else question.reject(outcome);
      await settled();
    },
  };
}

describe('answers that decide', () => {
  it('are never older than the click: whoever asks meanwhile shares the next question', async () => {
    const { answers, asked, answer } = world();
    const first = answers('sre', true);
    const others = [answers('sre', true), answers('sre', true), answers('sre', true)];
    await answer('with Ben');
    await answer('without Ben');
    expect(await first).toBe('with Ben');
    expect(await Promise.all(others)).toEqual(['without Ben', 'without Ben', 'without Ben']);
    expect(asked()).toBe(2);
  });

  it('wait for their turn when there were too many, all for one question', async () => {
    const { answers, asked, answer, clock } = world();
    const wanted = [answers('sre', true)];
    await answer(throttled(3_000));
    clock.advance(1_000);
    wanted.push(answers('sre', true));
    await answer(throttled(2_000));
    clock.advance(2_000);
    await settled();
    await answer('with Ben');
    expect(await Promise.all(wanted)).toEqual(['with Ben', 'with Ben']);
    expect(asked()).toBe(3);
  });

  it('are refused when it would take too long, and when it is no matter of waiting', async () => {
    const { answers, answer } = world();
    const slow = expect(answers('sre', true)).rejects.toMatchObject({ code: 'throttled' });
    await answer(throttled(60_000));
    await slow;
    const away = expect(answers('sre', true)).rejects.toMatchObject({ code: 'unavailable' });
    await answer(new OpsError('unavailable', 'Slack is away.'));
    await away;
  });
});

describe('answers that decide nothing', () => {
  it('are kept for half a minute, and longer when there is no new one', async () => {
    const { answers, asked, answer, clock } = world();
    const first = answers('sre', false);
    await answer('with Ben');
    expect(await first).toBe('with Ben');
    expect(await answers('sre', false)).toBe('with Ben');
    expect(asked()).toBe(1);
    clock.advance(31_000);
    const later = answers('sre', false);
    await answer(throttled(60_000));
    expect(await later).toBe('with Ben');
  });

  it('are refused when there never was one', async () => {
    const { answers, answer } = world();
    const wanted = expect(answers('sre', false)).rejects.toMatchObject({ code: 'throttled' });
    await answer(throttled(1_000));
    await wanted;
  });
});
