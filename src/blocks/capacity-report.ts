import {
  type CellCapacity,
  capacityPlan,
  nextStage,
  type PlanStage,
  type StageOutlook,
  type Throughput,
  usedShare,
} from '../domain/capacity-plan.ts';
import { type CellLimit, comingLimits, type DataVolume } from '../domain/cell-limits.ts';
import type { OutlookLine } from '../domain/digest.ts';
import { dayMs, formatDuration, hourMs } from '../domain/duration.ts';
import { whenReached } from '../domain/growth.ts';
import { list, missingNote, type ReportMessages, type ShownPicture } from './daily-digest.ts';
import { date } from './date.ts';
import { actions, context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { outlookLine } from './kpi-lines.ts';
import { limitLine, regionLimitLine, unforeseenLines, whenWords } from './limit-lines.ts';
import { message } from './message.ts';
import { scaleButton } from './scale-modal.ts';

/** What the report is drawn from. */
export interface CapacityParts {
  readonly at: string;
  readonly throughput?: Throughput;
  readonly daysKnown: number;
  readonly stages: readonly StageOutlook[];
  readonly cells: readonly CellCapacity[];
  readonly outlook?: readonly OutlookLine[];
  /** What the cells may run out of, and the estate's data; absent: it could not be read. */
  readonly limits?: { readonly limits: readonly CellLimit[]; readonly data: DataVolume };
  readonly missing: readonly string[];
}

/** As full as that, replicas are what comes first. */
const crowdedShare = 0.8;
const mostButtons = 5;
/** So soon somebody has to do something about a database. */
const soonDays = 30;
const yearDays = 365;

/** Where the estate stands against its plan: the estate first, cells and their limits in the thread. */
export function capacityReport(
  report: CapacityParts,
  shown: ShownPicture | undefined,
  limitShown?: ShownPicture,
): ReportMessages {
  const { at, cells, limits, outlook, missing, throughput, stages, daysKnown } = report;
  const requestsPerSecond = throughput?.requestsPerSecond;
  const regions = new Set(cells.map(({ region }) => region));
  const summary = [
    `*Cells:* ${planned(cells.length, ({ cells: wanted }) => wanted)}`,
    `*Regions:* ${planned(regions.size, ({ regions: wanted }) => wanted)}`,
    `*Requests a second:* ${planned(requestsPerSecond === undefined ? undefined : Math.round(requestsPerSecond), (stage) => stage.requestsPerSecond, throughput && meanOf(throughput))}`,
    `*Data in GB:* ${dataWords(limits?.data)}`,
    `*First limit:* ${firstLimit(limits?.limits, at)}`,
  ];
  return {
    first: message(`Capacity. ${summary.join('. ')}`, [
      header('Capacity'),
      ...(shown ? [picture(shown.fileId, shown.altText)] : []),
      section(...summary),
      ...list(
        '*Growth against the plan*',
        [
          ...stages
            .filter(({ stage }) => stage.months > 0)
            .map((one) => stageLine(one, requestsPerSecond, daysKnown, at)),
          ...capacityPlan.filter(({ months }) => months > 0).map((stage) => dataLine(stage, limits?.data, at)),
        ],
        '',
      ),
      ...adjustments(requestsPerSecond, limits?.data.gigabytes),
      ...missingNote(missing),
      context(`As of ${date(at, 'day')}`, 'cells and their limits in the thread', code('/stamps capacity')),
    ]),
    thread: [
      message('Cells', [
        ...list('*Cells*, the fullest first', byUse(cells).map(cellLine), 'Not known.'),
        ...list(
          '*Regions*',
          [...regions].map((region) => regionLine(region, cells)),
          'Not known.',
        ),
        ...(outlook
          ? list('*Limits that come within two weeks*, the first first', outlook.map(outlookLine), 'None is foreseen.')
          : [section('*Limits that come within two weeks*', 'Not known.')]),
        ...actions(...crowded(cells).map(({ cell, replicas }) => scaleButton(cell, Math.ceil((replicas ?? 0) + 1)))),
        context('Full is: all the replicas that the app may have, each with the requests a second of the estate file'),
      ]),
      limitsMessage(report, [...regions], limitShown),
    ],
  };
}

/** `mean of the last 24 hours`, `mean of the 5h that are known of the last 24 hours`. */
function meanOf({ of }: Throughput): string {
  if ('day' in of) return `mean of ${date(of.day, 'date')}, nothing is known since`;
  // An hour is missing at the edges where the day began within one.
  return of.knownMs >= dayMs - 2 * hourMs
    ? 'mean of the last 24 hours'
    : `mean of the ${formatDuration(of.knownMs)} that are known of the last 24 hours`;
}

function planned(now: number | undefined, of: (stage: PlanStage) => number, note?: string): string {
  const [baseline, half, whole] = capacityPlan.map((stage) => of(stage).toLocaleString('en-GB'));
  return `${now === undefined ? 'not known' : now.toLocaleString('en-GB')} now${note === undefined ? '' : ` (${note})`}; plan ${baseline}, ${half} in 6 months, ${whole} in 12`;
}

function stageLine(
  { stage, inDays, earliestDays }: StageOutlook,
  now: number | undefined,
  daysKnown: number,
  at: string,
): string {
  const wanted = `${stage.requestsPerSecond.toLocaleString('en-GB')} requests a second (plan of ${stage.months} months)`;
  if (now !== undefined && now >= stage.requestsPerSecond) return `${wanted}: is reached`;
  if (daysKnown === 0) return `${wanted}: when is not known`;
  const on = (days: number) => date(new Date(Date.parse(at) + days * dayMs).toISOString(), 'date');
  const early = earliestDays === undefined ? '' : `, at the earliest ${on(earliestDays)}`;
  if (inDays === undefined) return `${wanted}: not within a year by the growth of ${daysKnown} days${early}`;
  return `${wanted}: about ${on(inDays)} by the growth of ${daysKnown} days${early}`;
}

function limitsMessage({ at, limits }: CapacityParts, regions: readonly string[], shown: ShownPicture | undefined) {
  if (!limits) return message('Limits', [section('*Limits within a year*', 'Not known.')]);
  const coming = comingLimits(limits.limits, yearDays)?.map((one) => limitLine(one, at));
  return message('Limits', [
    ...(shown ? [picture(shown.fileId, shown.altText)] : []),
    ...list('*Limits within a year*, the first first', coming ?? [], coming ? 'None is foreseen.' : 'Not known.'),
    ...list(
      '*First in each region*',
      regions.map((region) => regionLimitLine(region, limits.limits, at)),
      'Not known.',
    ),
    ...actions(...sqlSoonFull(limits.limits).map(({ cell }) => scaleButton(cell, 'up'))),
    ...(unforeseenLines(limits.limits).length > 0 ? list('*Not foreseen*', unforeseenLines(limits.limits), '') : []),
    context('By the growth of up to 13 weeks, the last whole day’s figures; loads by the busiest hour of a week'),
  ]);
}

/** Cells whose database will have more to do than it can, the first first. */
function sqlSoonFull(limits: readonly CellLimit[]): CellLimit[] {
  return (comingLimits(limits, soonDays) ?? []).filter(({ kind }) => kind === 'sqlLoad').slice(0, mostButtons);
}

function firstLimit(limits: readonly CellLimit[] | undefined, at: string): string {
  const coming = comingLimits(limits ?? [], yearDays);
  if (!coming) return 'not known';
  const [first] = coming;
  return first ? limitLine(first, at) : 'none is foreseen within a year';
}

function dataWords(data: DataVolume | undefined): string {
  const words = planned(
    data?.gigabytes === undefined ? undefined : Math.round(data.gigabytes),
    (stage) => stage.gigabytes,
  );
  return data && data.knownCells > 0 && data.knownCells < data.cells
    ? `${words} (of ${data.knownCells} of ${data.cells} cells; the others are not known)`
    : words;
}

function dataLine({ gigabytes, months }: PlanStage, data: DataVolume | undefined, at: string): string {
  const wanted = `${gigabytes.toLocaleString('en-GB')} GB of data (plan of ${months} months)`;
  // Of some cells alone it may be more than that already.
  if (data?.gigabytes !== undefined && data.gigabytes >= gigabytes) return `${wanted}: is reached`;
  return `${wanted}: ${data?.growth ? whenWords(whenReached(data.growth, gigabytes), at) : 'when is not known'}`;
}

function adjustments(requestsPerSecond: number | undefined, gigabytes: number | undefined) {
  const stage = nextStage({
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(gigabytes !== undefined && { gigabytes }),
  });
  const words = (stage?.adjustments ?? []).map(escapeText);
  return words.length === 0
    ? []
    : [
        section(
          `*Before ${stage?.requestsPerSecond.toLocaleString('en-GB')} requests a second or ${stage?.gigabytes.toLocaleString('en-GB')} GB the plan foresees:* ${words.join(', ')}`,
        ),
      ];
}

function byUse(cells: readonly CellCapacity[]): CellCapacity[] {
  return cells.toSorted((a, b) => (usedShare(b) ?? -1) - (usedShare(a) ?? -1));
}

function cellLine(cell: CellCapacity): string {
  const { requestsPerSecond, replicas, maxReplicas, capacity } = cell;
  const share = usedShare(cell);
  const name = `*${escapeText(cell.cell)}*`;
  if (requestsPerSecond === undefined || capacity === undefined || share === undefined) return `${name}: not known`;
  const of = `${Math.round(requestsPerSecond)} of ${Math.round(capacity).toLocaleString('en-GB')} requests a second`;
  return `${name}: ${Math.round(share * 100)} % full, ${of}, ${(replicas ?? 0).toFixed(0)} of ${maxReplicas} replicas`;
}

/** Cells whose replicas are their first limit: the fullest of those that are over the share at which scaling is proposed. */
function crowded(cells: readonly CellCapacity[]): CellCapacity[] {
  return byUse(cells)
    .filter((cell) => cell.replicas !== undefined && (usedShare(cell) ?? 0) > crowdedShare)
    .slice(0, mostButtons);
}

function regionLine(region: string, cells: readonly CellCapacity[]): string {
  const own = cells.filter((cell) => cell.region === region);
  const known = own.filter((cell) => usedShare(cell) !== undefined);
  const sum = (of: (cell: CellCapacity) => number | undefined) =>
    known.reduce((total, cell) => total + (of(cell) ?? 0), 0);
  const [used, room] = [sum(({ requestsPerSecond }) => requestsPerSecond), sum(({ capacity }) => capacity)];
  const unknown = own.length - known.length;
  const rest = unknown > 0 ? `, ${unknown} of its cells not known` : '';
  return room === 0
    ? `*${escapeText(region)}*: not known`
    : `*${escapeText(region)}*: ${Math.round((100 * used) / room)} % full, ${Math.round(used)} of ${Math.round(room).toLocaleString('en-GB')} requests a second${rest}`;
}
