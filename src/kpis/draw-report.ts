import { formatDuration } from '../domain/duration.ts';
import { cellOfScope, type KpiState } from '../domain/kpi.ts';
import { direction, type KpiLine, type KpiReport } from '../domain/kpi-report.ts';
import { boundsInWords, kpiValue } from '../domain/kpi-words.ts';
import { momentIn } from '../pictures/axis-time.ts';
import { drawBoard, type Picture } from '../pictures/draw.ts';
import type { Standing } from '../pictures/theme.ts';
import type { Tile } from '../pictures/tile-board.ts';

const standings: Readonly<Record<KpiState, Standing>> = {
  ok: 'good',
  warning: 'close',
  alert: 'over',
  unknown: 'unknown',
};
const arrows = { better: '↗ better', worse: '↘ worse', steady: '→ steady' } as const;

/** A report as one picture: a tile for each indicator. `timeZone`: IANA name. */
export function drawReport(report: KpiReport, timeZone: string): Promise<Picture> {
  const at = report.at === undefined ? 'no snapshot yet' : momentIn(Date.parse(report.at), timeZone);
  const over = report.windowMs === undefined ? '' : `, over ${formatDuration(report.windowMs)}`;
  // A tile has no room for it.
  const against = [...new Set(report.lines.flatMap(({ move }) => move?.against ?? []))].join(' or ');
  return drawBoard({
    title: `Indicators of ${report.called}`,
    subtitle: `${at}${over}${against === '' ? '' : `; arrows against ${against}`}`,
    tiles: report.lines.map((line) => tileOf(line, report.windowMs)),
  });
}

function tileOf(line: KpiLine, windowMs: number | undefined): Tile {
  const { definition, scope, state, value, move, cells, hours } = line;
  const cell = cellOfScope(scope);
  const whose = cell === undefined ? '' : `, ${cells > 1 ? 'worst ' : ''}${cell}`;
  return {
    label: definition.title,
    value: value === undefined ? undefined : kpiValue(definition.unit, value),
    standing: standings[state],
    notes: [
      ...boundsInWords(definition),
      `${definition.statistic}, ${formatDuration(windowMs ?? definition.judgedOverMs)}${whose}`,
    ],
    ...(move && { change: arrows[direction(definition, move)] }),
    trend: hours,
  };
}
