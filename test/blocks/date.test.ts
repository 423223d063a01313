import { date, lasted } from '../../src/blocks/date.ts';

describe('moments', () => {
  it.each([
    ['time', '2026-11-24T03:41:00.412Z', '<!date^1795491660^{time}|03:41 UTC>'],
    ['day', '2026-11-24T03:41:00.412Z', '<!date^1795491660^{date_short_pretty} {time}|2026-11-24 03:41 UTC>'],
    ['day', '2026-11-24T04:41:00+01:00', '<!date^1795491660^{date_short_pretty} {time}|2026-11-24 03:41 UTC>'],
    ['date', '2026-11-24T03:41:00.412Z', '<!date^1795491660^{date_short_pretty}|2026-11-24>'],
    ['time', 'soon <!here>', '`soon &lt;!here&gt;`'],
  ] as const)('are shown by %s in the reader’s own zone: %s', (detail, iso, shown) =>
    expect(date(iso, detail)).toBe(shown),
  );

  it.each([
    ['03:00:00.000Z', '03:00:00.040Z', '0.0 s'],
    ['03:00:00.000Z', '03:00:09.940Z', '9.9 s'],
    ['03:00:00.000Z', '03:00:59.400Z', '59 s'],
    ['03:00:00.000Z', '03:03:00.000Z', '3 min'],
    ['03:00:00.000Z', '03:03:20.000Z', '3 min 20 s'],
    ['03:00:00.000Z', '05:05:00.000Z', '2 h 5 min'],
    ['03:00:01.000Z', '03:00:00.000Z', '0.0 s'],
    ['never', '03:00:00.000Z', 'not known'],
  ])('from %s to %s it lasted %s', (from, to, shown) => {
    expect(lasted(`2026-11-24T${from}`, `2026-11-24T${to}`)).toBe(shown);
  });
});
