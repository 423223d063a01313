import { readFileSync } from 'node:fs';
import { formatDuration } from '../../src/domain/duration.ts';
import { boundsInWords } from '../../src/domain/kpi-words.ts';
import { definitionsOf, kpiDefinitions } from '../../src/kpis/definitions.ts';

describe('the indicators', () => {
  it('stand in docs/indicators.md as they are', () => {
    const page = readFileSync('docs/indicators.md', 'utf8');
    const rows = page
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 7 && /^target/.test(cells[4] ?? ''))
      .map(([, title, , how, target, alert]) => [title, how, target, alert]);
    expect(rows.filter(([title]) => title !== 'Indicator')).toEqual(
      kpiDefinitions.map((definition) => [
        definition.title,
        `${definition.statistic}, ${formatDuration(definition.judgedOverMs)}`,
        ...boundsInWords(definition),
      ]),
    );
  });

  it('take an estate’s own targets, and leave the others as they are', () => {
    const own = definitionsOf({ kpiBounds: { apiThroughput: { target: 600, alert: 100 } } });
    expect(own.find(({ id }) => id === 'apiThroughput')).toMatchObject({ target: 600, alert: 100 });
    expect(own.find(({ id }) => id === 'latency')).toEqual(kpiDefinitions.find(({ id }) => id === 'latency'));
  });

  it.each([
    ['apiThroughput', { target: 100, alert: 600 }],
    ['latency', { target: 150, alert: 100 }],
    ['latency', { target: 100, alert: 100 }],
  ])('refuse for %s %j, where the alert is not beyond the target', (id, bounds) => {
    expect(() => definitionsOf({ kpiBounds: { [id]: bounds } })).toThrow('not beyond its target');
  });
});
