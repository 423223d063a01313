import { axisLabel, axisTicks, momentIn } from '../../src/pictures/axis-time.ts';
import { metricSvg } from '../../src/pictures/metric-line.ts';

const hourMs = 3_600_000;
const at = (iso: string) => Date.parse(`2026-${iso}Z`);
const labels = (from: string, to: string, zone: string) => {
  const label = axisLabel(at(to) - at(from), zone);
  return axisTicks(at(from), at(to), zone).map((tick) => `${label(tick)} ${new Date(tick).toISOString().slice(8, 16)}`);
};

describe('the times below a chart', () => {
  it.each([
    [
      'a day',
      'UTC',
      '11-25T00:00',
      '11-26T00:00',
      ['00:00 25T00:00', '06:00 25T06:00', '12:00 25T12:00', '18:00 25T18:00', '00:00 26T00:00'],
    ],
    [
      'an hour',
      'UTC',
      '11-25T09:02',
      '11-25T10:02',
      ['09:10 25T09:10', '09:20 25T09:20', '09:30 25T09:30', '09:40 25T09:40', '09:50 25T09:50', '10:00 25T10:00'],
    ],
    [
      'the day of 25 hours',
      'Europe/Berlin',
      '10-24T22:00',
      '10-25T23:00',
      ['00:00 24T22:00', '06:00 25T05:00', '12:00 25T11:00', '18:00 25T17:00', '00:00 25T23:00'],
    ],
    [
      'the day of 23 hours',
      'Europe/Berlin',
      '03-28T23:00',
      '03-29T22:00',
      ['00:00 28T23:00', '06:00 29T04:00', '12:00 29T10:00', '18:00 29T16:00', '00:00 29T22:00'],
    ],
    [
      'an hour that comes twice',
      'Europe/Berlin',
      '10-25T00:00',
      '10-25T05:00',
      ['02:00 25T00:00', '03:00 25T02:00', '04:00 25T03:00', '05:00 25T04:00', '06:00 25T05:00'],
    ],
    [
      'an hour that is left out',
      'Europe/Berlin',
      '03-29T00:00',
      '03-29T04:00',
      ['01:00 29T00:00', '03:00 29T01:00', '04:00 29T02:00', '05:00 29T03:00', '06:00 29T04:00'],
    ],
    [
      'days west of Greenwich over the change',
      'America/New_York',
      '10-29T12:00',
      '11-03T12:00',
      ['Fri 30 30T04:00', 'Sat 31 31T04:00', 'Sun 1 01T04:00', 'Mon 2 02T05:00', 'Tue 3 03T05:00'],
    ],
    [
      'a day without a midnight',
      'Asia/Beirut',
      '03-27T12:00',
      '03-31T12:00',
      ['Sat 28 27T22:00', 'Sun 29 28T22:00', 'Mon 30 29T21:00', 'Tue 31 30T21:00'],
    ],
    [
      'a zone of quarters',
      'Asia/Kathmandu',
      '11-25T00:00',
      '11-25T06:00',
      ['06:00 25T00:15', '07:00 25T01:15', '08:00 25T02:15', '09:00 25T03:15', '10:00 25T04:15', '11:00 25T05:15'],
    ],
    [
      'a quarter of a year',
      'UTC',
      '10-01T00:00',
      '12-30T00:00',
      ['1 Oct 01T00:00', '29 Oct 29T00:00', '26 Nov 26T00:00', '24 Dec 24T00:00'],
    ],
  ])('of %s are round in %s', (_, zone, from, to, expected) => {
    expect(labels(from, to, zone)).toEqual(expected);
  });

  it.each(['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Chatham'])(
    'are a few, in order and within the time, however long it is, in %s',
    (zone) => {
      for (let hours = 0.5; hours < 24 * 400; hours *= 1.7) {
        const from = at('03-27T17:43');
        const ticks = axisTicks(from, from + hours * hourMs, zone);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
        expect(ticks.every((tick) => tick >= from && tick <= from + hours * hourMs)).toBe(true);
      }
    },
  );

  it('tell an hour that comes twice apart in words', () => {
    const said = ['10-25T00:30', '10-25T01:30'].map((moment) => momentIn(at(moment), 'Europe/Berlin'));
    expect(said).toEqual(['25 Oct 02:30 CEST', '25 Oct 02:30 CET']);
  });

  it('stand in the picture where they belong: the night of 25 hours is seven hours wide', () => {
    const [from, to] = [at('10-24T22:00'), at('10-25T23:00')];
    const readings = Array.from({ length: 26 }, (_, hour) => ({ at: from + hour * hourMs, value: 40 + hour }));
    const svg = metricSvg({
      ...{ title: 'Latency', subtitle: 'p95', unit: 'ms', from, to, everyMs: hourMs, timeZone: 'Europe/Berlin' },
      lines: [{ label: 'p95', readings }],
    });
    const places = [...svg.matchAll(/translate\(([\d.]+) [\d.]+\)"[^>]*>(\d\d:\d\d)</g)].map(
      ([, x, label]) => [label, Number(x)] as const,
    );
    expect(places.map(([label]) => label)).toEqual(['00:00', '06:00', '12:00', '18:00', '00:00']);
    const apart = places.slice(1).map(([, x], index) => (x as number) - (places[index]?.[1] as number));
    const perHour = apart.reduce((sum, each) => sum + each, 0) / 25;
    expect(apart.map((each) => Math.round((10 * each) / perHour) / 10)).toEqual([7, 6, 6, 6]);
  });
});
