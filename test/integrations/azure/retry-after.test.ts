import { retryAfterMs } from '../../../src/integrations/azure/retry-after.ts';

const now = Date.parse('2026-05-04T10:00:00Z');

describe('retryAfterMs', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['zero', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': 'Mon, 04 May 2026 10:00:30 GMT' }, 30_000],
    ['a date in the past', { 'retry-after': 'Mon, 04 May 2026 09:00:00 GMT' }, 0],
    ['more than an hour', { 'retry-after': '86400' }, 3_600_000],
    ['milliseconds, which win', { 'x-ms-retry-after-ms': '250', 'retry-after': '1' }, 250],
    ['something negative', { 'x-ms-retry-after-ms': '-5' }, 0],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['an empty value', { 'retry-after': '' }, undefined],
    ['nothing', {}, undefined],
  ])('reads %s', (_name, headers, ms) => {
    expect(retryAfterMs((name) => headers[name], now)).toBe(ms);
  });
});
