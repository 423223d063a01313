import { type LogTable, runKql } from '../../../../sandbox/azure/logs/kql-run.ts';

const rows = [
  { at: '2026-05-04T10:00:10Z', status: '200', ms: 10, app: 'app-a', tenant: 'northwind', count: 90 },
  { at: '2026-05-04T10:00:40Z', status: '502', ms: 200, app: 'app-a', tenant: 'northwind', count: 10 },
  { at: '2026-05-04T10:01:05Z', status: '200', ms: 50, app: 'app-b', tenant: 'fabrikam', count: 100 },
];
const table: LogTable = {
  columns: {
    TimeGenerated: 'datetime',
    status_s: 'string',
    DurationMs: 'real',
    AppRoleName: 'string',
    Properties: 'dynamic',
    ItemCount: 'int',
  },
  rows: () =>
    rows.map(({ at, status, ms, app, tenant, count }) => ({
      columns: {
        TimeGenerated: new Date(at),
        status_s: status,
        DurationMs: ms,
        AppRoleName: app,
        Properties: { tenantId: tenant },
        ItemCount: 2,
      },
      count,
    })),
};
const run = (query: string) => {
  const { columns, rows: found } = runKql(query, new Map([['Log', table]]));
  return found.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
};

describe('the emulator’s KQL', () => {
  it.each<[string, unknown[]]>([
    ['Log | count', [{ Count: 200 }]],
    ['Log | where AppRoleName == "nobody" | summarize n = count()', [{ n: 0 }]],
    ['Log | where AppRoleName == "nobody" | summarize n = count() by AppRoleName', []],
    ['Log | summarize failed = countif(toint(status_s) >= 500), all = count()', [{ failed: 10, all: 200 }]],
    [
      'Log | summarize n = count() by minute = bin(TimeGenerated, 1m)',
      [
        { minute: new Date('2026-05-04T10:00:00Z'), n: 100 },
        { minute: new Date('2026-05-04T10:01:00Z'), n: 100 },
      ],
    ],
    ['Log | summarize p = percentile(DurationMs, 95), median = percentile(DurationMs, 50)', [{ p: 50, median: 50 }]],
    ['Log | summarize n = sum(ItemCount), p = percentilew(DurationMs, ItemCount, 99)', [{ n: 400, p: 200 }]],
    ['Log | where DurationMs > 10_0 | count'.replace('_', ''), [{ Count: 10 }]],
    ['Log | where AppRoleName in~ ("APP-A") and not(status_s == "200") | count', [{ Count: 10 }]],
    [
      'Log | extend tenant = tostring(Properties.tenantId) | summarize worst = max(DurationMs) by tenant | top 1 by worst',
      [{ tenant: 'northwind', worst: 200 }],
    ],
    [
      'Log | extend t = tostring(Properties.tenantId) | summarize arg_max(DurationMs, t) by app = AppRoleName | project app, t',
      [
        { app: 'app-a', t: 'northwind' },
        { app: 'app-b', t: 'fabrikam' },
      ],
    ],
    ['let who = "APP-B"; Log | where AppRoleName =~ who | summarize ms = avg(DurationMs)', [{ ms: 50 }]],
    [
      'Log | summarize n = count() by gone = coalesce(toint(column_ifexists("status_d", real(null))), 7)',
      [{ gone: 7, n: 200 }],
    ],
    [
      'Log | summarize good = countif(DurationMs < 1), all = countif(false) | extend v = 1.0 * good / all',
      [{ good: 0, all: 0, v: Number.NaN }],
    ],
    ['Log | summarize p = percentile(DurationMs, 95), n = count() by x = "none" | where n > 1000', []],
  ])('%s', (query, answer) => {
    expect(run(query)).toEqual(answer);
  });

  it('gives each of many rows that are alike', () => {
    expect(run('Log | where AppRoleName == "app-b"')).toHaveLength(100);
    expect(run('Log | take 2')).toHaveLength(2);
  });

  it.each([
    ['Nothing | count', 'Nothing'],
    ['Log | where Nowhere == 1', 'Nowhere'],
    ['Log | project app = AppRoleName | where AppRoleName == "a"', 'AppRoleName'],
  ])('does not know the names of %s', (query, name) => {
    expect(() => run(query)).toThrow(`named '${name}'`);
  });

  it.each(['Log |', 'Log | where', 'Log | summarize count() by', 'Log | render timechart', 'Log | where "open', ')'])(
    'refuses %s',
    (query) => {
      expect(() => run(query)).toThrow(SyntaxError);
    },
  );
});
