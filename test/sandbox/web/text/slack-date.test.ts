import { ago, formatSlackDate } from '../../../../sandbox/web/text/slack-date.ts';

const now = Date.UTC(2026, 10, 24, 3, 0, 0);
const setting = { now, timeZone: 'UTC', locale: 'en-GB' };
const at = (ms: number) => (now + ms) / 1_000;
const hour = 3_600_000;

describe('a Slack date', () => {
  it.each([
    ['{date_num}', 0, /^2026-11-24$/],
    ['{date}', 0, /^24 November 2026$/],
    ['{date_short}', 0, /^24 Nov 2026$/],
    ['{date_short_pretty} at {time}', 4 * hour, /^today at 0?7:00$/],
    ['{date_pretty}', -24 * hour, /^yesterday$/],
    ['{date_long_pretty}', 24 * hour, /^tomorrow$/],
    ['{date_long}', 72 * hour, /^Friday,? 27 November 2026$/],
    ['{time_secs}', 61_000, /^0?3:01:01$/],
    ['{ago}', -5 * 60_000, /^5 minutes ago$/],
    ['{unheard_of}', 0, /^\{unheard_of\}$/],
  ])('shows %s', (format, offset, shown) => {
    expect(formatSlackDate(at(offset), format, setting)).toMatch(shown);
  });

  it.each([
    [26 * hour, 'tomorrow'],
    [3 * hour, 'in 3 hours'],
    [-120_000, '2 minutes ago'],
    [4_000, 'in 4 seconds'],
  ])('says how far %d ms are', (ms, words) => {
    expect(ago(ms, 'en-GB')).toBe(words);
  });
});
