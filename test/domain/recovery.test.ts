import {
  blobsAt,
  chooseMoment,
  commonRange,
  momentTag,
  parseMoment,
  type StoreFinding,
} from '../../src/domain/recovery.ts';
import { fc } from '../support/properties.ts';

const beside = (store: 'SQL' | 'Cosmos', earliest: string, latest: string): StoreFinding => ({
  ...{ store, name: 'x', how: 'beside', earliest, latest },
});
const sql = beside('SQL', '2026-01-10T00:00:00.400Z', '2026-01-15T10:40:00.900Z');
const cosmos = beside('Cosmos', '2026-01-12T00:00:00Z', '2026-01-15T10:44:00Z');
const blobs: StoreFinding = { store: 'blobs', name: 'st', how: 'no', why: 'Its kind is BlobStorage.', byHand: 'Ask.' };

describe('the moment of a recovery', () => {
  it.each([
    ['2026-01-15T10:30Z', '2026-01-15T10:30:00.000Z'],
    ['2026-01-15 10:30:05Z', '2026-01-15T10:30:05.000Z'],
    ['2026-01-15t10:30z', '2026-01-15T10:30:00.000Z'],
    // As our own words write it.
    ['2026-01-15 10:40:00 UTC', '2026-01-15T10:40:00.000Z'],
    ['2026-01-15 10:30 +0200', '2026-01-15T08:30:00.000Z'],
    ['2026-01-15T10:30+02:00', '2026-01-15T08:30:00.000Z'],
    ['LATEST', 'latest'],
  ])('reads %s', (typed, moment) => expect(parseMoment(typed)).toBe(moment));

  it.each([
    '2026-01-15T10:30',
    '2026-01-15',
    '10:30Z',
    'yesterday',
    '2026-02-31T10:30Z',
    '2026-01-15T25:30Z',
    '',
    '2026-01-15T10:30Z; drop',
  ])('does not take “%s”, and says how to write it', (typed) => {
    expect(() => parseMoment(typed)).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: expect.stringContaining('2026-01-15T10:30Z') }),
    );
  });

  it('is one for all stores: within every range, in whole seconds', () => {
    expect(commonRange([sql, blobs, cosmos])).toEqual({
      earliest: '2026-01-12T00:00:00.000Z',
      latest: '2026-01-15T10:40:00.000Z',
    });
    expect(chooseMoment([sql, blobs, cosmos], 'latest')).toBe('2026-01-15T10:40:00.000Z');
    expect(chooseMoment([sql, blobs, cosmos], '2026-01-15T10:30:00.700Z')).toBe('2026-01-15T10:30:00.000Z');
  });

  it.each(['2026-01-11T00:00Z', '2026-01-15T10:41Z', '2027-01-01T00:00Z'])('refuses %s with the ranges', (at) => {
    expect(() => chooseMoment([sql, cosmos], at)).toThrow(
      expect.objectContaining({
        code: 'refused',
        hint: expect.stringMatching(
          /together: 2026-01-12 00:00:00 UTC to 2026-01-15 10:40:00 UTC\. SQL from .*; Cosmos from/,
        ),
      }),
    );
  });

  it('refuses when no store can be copied, and says why for each', () => {
    expect(() => chooseMoment([blobs], 'latest')).toThrow(
      expect.objectContaining({ code: 'refused', hint: expect.stringContaining('Its kind is BlobStorage.') }),
    );
  });

  it('refuses when the ranges do not meet', () => {
    const later = beside('Cosmos', '2026-01-16T00:00:00Z', '2026-01-17T00:00:00Z');
    expect(commonRange([sql, later])).toBeUndefined();
    expect(() => chooseMoment([sql, later], 'latest')).toThrow(expect.objectContaining({ code: 'refused' }));
  });

  it('is inside of every range, whatever they are, or refused', () => {
    const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((ms) => new Date(ms * 400).toISOString());
    const range = fc.tuple(moment, moment).map(([a, b]) => (a < b ? beside('SQL', a, b) : beside('Cosmos', b, a)));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), fc.option(moment), (ranges, wanted) => {
        let at: string;
        try {
          at = chooseMoment(ranges, wanted ?? 'latest');
        } catch {
          return;
        }
        for (const it of ranges) {
          if (it.how !== 'beside') continue;
          expect(Date.parse(at)).toBeGreaterThanOrEqual(Math.floor(Date.parse(it.earliest) / 1000) * 1000);
          expect(Date.parse(at)).toBeLessThanOrEqual(Date.parse(it.latest));
        }
      }),
    );
  });

  it('stands in names in a form that Azure takes', () =>
    expect(momentTag('2026-01-15T10:30:00Z')).toBe('20260115T103000'));
});

describe('blobs at a moment', () => {
  const inPlace: StoreFinding = {
    ...{ store: 'blobs', name: 'st', how: 'in place', why: 'x', byHand: 'By hand.' },
    ...{ earliest: '2026-01-10T00:00:00Z', latest: '2026-01-15T10:40:00Z' },
  };

  it.each(['2026-01-10T00:00:00Z', '2026-01-12T00:00:00Z', '2026-01-15T10:40:00Z'])('go back to %s', (at) =>
    expect(blobsAt(inPlace, at)).toEqual({ name: 'st' }),
  );

  it.each(['2026-01-09T23:59:59Z', '2026-01-15T10:40:01Z', 'no moment'])('are left at %s, with the window', (at) =>
    expect(blobsAt(inPlace, at).left).toBe(
      'The blobs of st are left as they are: they can be restored from 2026-01-10 00:00:00 UTC to 2026-01-15 10:40:00 UTC only. By hand.',
    ),
  );

  it('are left where Azure cannot, with the reason', () =>
    expect(blobsAt(blobs, '2026-01-12T00:00:00Z').left).toMatch(/Its kind is BlobStorage\. Ask\./));
});
