import {
  dayMs,
  formatDuration,
  hourMs,
  minuteMs,
  parseDuration,
  personLimits,
  roughDuration,
  secondMs,
} from '../../src/domain/duration.ts';
import { OpsError } from '../../src/errors.ts';
import { fc } from '../support/properties.ts';

const any = { leastMs: 0, mostMs: Number.MAX_SAFE_INTEGER };

describe('parseDuration', () => {
  it.each([
    ['4h', 4 * hourMs],
    ['90m', 90 * minuteMs],
    ['1h30m', 90 * minuteMs],
    ['1h 30m', 90 * minuteMs],
    ['2d', 2 * dayMs],
    ['1d12h', 36 * hourMs],
    [' 2 Hours ', 2 * hourMs],
    ['1 day 2 hrs 3 min', 26 * hourMs + 3 * minuteMs],
    ['120s', 2 * minuteMs],
    ['1m', minuteMs],
    ['7d', 7 * dayMs],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    ' ',
    '4',
    'h',
    '1.5h',
    '-4h',
    '4h4h',
    '30m1h',
    '4 fortnights',
    '٤h',
    '4h; drop',
    '9'.repeat(10_000),
    `${'1h'.repeat(5_000)}`,
  ])('refuses %j and says how it is written', (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining('`4h`') }),
    );
  });

  it.each([
    ['0m', 'short'],
    ['59s', 'short'],
    ['7d1m', 'long'],
    ['999999d', 'long'],
  ])('refuses %s as too %s, with the limits', (text, bound) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`too ${bound}`), hint: 'Choose from 1m to 7d.' }),
    );
  });

  it('reads back what formatDuration wrote', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: personLimits.leastMs / secondMs, max: personLimits.mostMs / secondMs }),
        (seconds) => {
          const ms = seconds * secondMs;
          expect(parseDuration(formatDuration(ms))).toBe(ms);
          expect(parseDuration(formatDuration(ms).replaceAll(' ', ''))).toBe(ms);
        },
      ),
    );
  });

  it('answers any text with a duration within the limits or with bad-input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9dhms ]{0,12}$/)), (text) => {
        try {
          const ms = parseDuration(text);
          expect(ms).toBeGreaterThanOrEqual(personLimits.leastMs);
          expect(ms).toBeLessThanOrEqual(personLimits.mostMs);
        } catch (error) {
          expect(error).toBeInstanceOf(OpsError);
          expect(error).toMatchObject({ code: 'bad-input' });
        }
      }),
    );
  });
});

it.each([
  [27 * dayMs + 17 * hourMs + 44 * minuteMs + 33 * secondMs, '27d 18h'],
  [5 * hourMs + 10 * minuteMs + 40 * secondMs, '5h 11m'],
  [90 * secondMs, '1m 30s'],
  [4_400, '4s'],
])('says %i ms as people do: %s', (ms, text) => expect(roughDuration(ms)).toBe(text));

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [5 * secondMs, '5s'],
    [4 * hourMs, '4h'],
    [90 * minuteMs, '1h 30m'],
    [36 * hourMs, '1d 12h'],
    [59_999, '1m'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
    expect(parseDuration(text, any)).toBe(Math.round(ms / secondMs) * secondMs);
  });
});
