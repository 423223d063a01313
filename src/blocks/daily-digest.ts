import type { KnownBlock } from '@slack/types';
import { clockShiftMs } from '../domain/clock-shift.ts';
import { type CostLine, changeOf, type DailyDigest, type KpiTrend, shareOfWayToAlert } from '../domain/digest.ts';
import { dayMs, formatDuration, hourMs, roughDuration } from '../domain/duration.ts';
import { leastKnownShare } from '../domain/kpi.ts';
import type { MessageContent } from '../ports/chat.ts';
import { cut, moreThan } from './cut.ts';
import { date } from './date.ts';
import { context, header, picture, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { anomalyLine, budgetLine, figureLine, outlookLine, trendLine } from './kpi-lines.ts';
import { limitLine } from './limit-lines.ts';
import { message } from './message.ts';
import { proposalLine, proposalSummary } from './proposal-line.ts';
import { badCounts, findingLines } from './resource-health.ts';
import { leaseLine } from './run-lines.ts';
import { stateWords } from './run-state.ts';

/** A report as messages: the first in the channel, the others in its thread. */
export interface ReportMessages {
  readonly first: MessageContent;
  readonly thread: readonly MessageContent[];
}

/** An uploaded picture. */
export interface ShownPicture {
  readonly fileId: string;
  readonly altText: string;
}

const mostLines = 12;

/** A day's report: the picture and what matters first, the details in the thread. `band`: of the first that is unusual. */
export function dailyDigest(digest: DailyDigest, shown: ShownPicture | undefined, band?: ShownPicture): ReportMessages {
  const title = `Daily digest, ${dayIn(digest.at, digest.zone)}`;
  const changes = changesOf(digest);
  return {
    first: message(`${title}. ${summary(digest).join('. ')}`, [
      header(title),
      ...lateNote(digest),
      ...clocksNote(digest),
      ...(shown ? [picture(shown.fileId, shown.altText)] : []),
      section(...summary(digest)),
      ...missingNote(digest.missing),
      context(`As of ${date(digest.at, 'day')}`, 'details in the thread', code('/stamps digest')),
    ]),
    thread: [
      message('Indicators', [
        ...list('*Over the limit or close to it*', closest(digest).map(figureLine), 'Nothing is.'),
        ...known('*Worse than yesterday*', changes.worse?.map(trendLine), 'Nothing is.'),
        ...known('*Better than yesterday*', changes.better?.map(trendLine), 'Nothing is.'),
        ...known('*Worse than a week ago*', changes.worseThanWeek?.map(trendLine), 'Nothing is.'),
        ...(digest.anomalies
          ? list('*Out of what was to be expected*', digest.anomalies.map(anomalyLine), 'Nothing is.')
          : []),
        ...(band ? [picture(band.fileId, band.altText)] : []),
        ...list(
          '*Error budgets of 30 days*, the least first',
          digest.budgets
            .filter(({ knownShare }) => knownShare >= leastKnownShare)
            .toSorted((a, b) => a.leftShare - b.leftShare)
            .map(budgetLine),
          'Not known yet.',
        ),
        context('Means of the last 24 hours; a change below a tenth is not told'),
      ]),
      message('Leases, incidents, runs, scaling and Azure’s own word', [
        ...known('*Open leases*', digest.leases?.map(leaseLine), 'None.'),
        ...known(
          '*Incidents*, open ones and those of the day',
          digest.incidents?.map(
            ({ id, title: called, severity, state, detectedAt }) =>
              `*${severity}* ${code(id)} ${cut(escapeText(called), 120)} — ${state}, since ${date(detectedAt, 'day')}`,
          ),
          'None.',
        ),
        ...known(
          '*Runs of the day*',
          digest.runs?.map(
            ({ id, title: called, state }) => `${stateWords[state]} — ${code(id)} ${cut(escapeText(called), 120)}`,
          ),
          'None.',
        ),
        ...known('*Scaling proposals*, open ones and those of the day', digest.proposals?.map(proposalLine), 'None.'),
        ...known(
          '*Unavailable or degraded in Azure’s own word* (Resource Health), minutes behind',
          digest.health && findingLines(digest.health.bad),
          `None of the ${digest.health?.available ?? 0} resources that Azure says something of.`,
        ),
      ]),
      message('Capacity and cost', [
        ...known('*Capacity outlook*', digest.outlook?.map(outlookLine), 'No indicator is foreseen to reach a limit.'),
        ...known(
          '*Limits of cells within 90 days*, the first first',
          digest.limits?.map((one) => limitLine(one, digest.at)),
          'None is foreseen, of those that are known.',
        ),
        ...(digest.cost ? costBlocks(digest.cost) : [section('*Cost of the week*', 'Not known.')]),
      ]),
    ],
  };
}

/** `Wed 25 Nov 2026`, in the zone of the schedule. */
export function dayIn(iso: string, timeZone: string): string {
  const shape = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...shape, timeZone }).format(new Date(iso)).replace(',', '');
}

function summary(digest: DailyDigest): string[] {
  const { figures, leases, incidents, runs, proposals, anomalies, outlook, cost, health } = digest;
  const count = (state: string) => figures.filter((figure) => figure.state === state).length;
  const changes = changesOf(digest);
  const open = incidents?.filter(({ state }) => state === 'open' || state === 'acknowledged').length;
  const said = (value: number | undefined, one: string, many: string) =>
    value === undefined ? `${many}: not known` : `${value} ${value === 1 ? one : many}`;
  return [
    figures.length === 0
      ? 'Indicators: not known'
      : `*Indicators:* ${count('alert')} past the limit, ${count('warning')} close, ${count('ok')} on target, ${count('unknown')} not known`,
    sinceYesterday(changes),
    `*Now:* ${said(leases?.length, 'lease', 'leases')} open, ${said(open, 'incident', 'incidents')} open, ${said(runs?.length, 'run', 'runs')} in ${hours(digest)}`,
    ...(proposals === undefined
      ? ['*Scaling:* not known']
      : proposals.length > 0
        ? [`*Scaling:* ${proposalSummary(proposals)}`]
        : []),
    ...(health && health.bad.length > 0 ? [`*Azure Resource Health:* ${badCounts(health.bad)}`] : []),
    ...(anomalies?.length ? [`*Unusual:* ${anomalyLine(anomalies[0] as (typeof anomalies)[number])}`] : []),
    ...(outlook?.length ? [`*Ahead:* ${outlookLine(outlook[0] as (typeof outlook)[number])}`] : []),
    ...(cost ? [`*Cost of 7 days:* ${costWords(cost)}`] : []),
  ];
}

/** Undefined: of no indicator both days are known. */
interface Changes {
  readonly worse?: KpiTrend[];
  readonly better?: KpiTrend[];
  readonly worseThanWeek?: KpiTrend[];
  /** Of what is known now, how many have no yesterday. */
  readonly notCompared: number;
}

function sinceYesterday({ worse, better, notCompared }: Changes): string {
  if (worse === undefined || better === undefined) return '*Since yesterday:* not known, for want of the day before';
  const rest = notCompared > 0 ? `, ${notCompared} not known` : '';
  return `*Since yesterday:* ${worse.length} worse, ${better.length} better${rest}`;
}

function changesOf({ trends }: DailyDigest): Changes {
  const now = trends.filter((trend) => trend.now !== undefined);
  const notCompared = now.filter(({ yesterday }) => yesterday === undefined).length;
  const hasWeek = now.some(({ lastWeek }) => lastWeek !== undefined);
  const since = (trend: KpiTrend) => changeOf(trend.definition, trend.yesterday, trend.now);
  const sinceWeek = (trend: KpiTrend) => changeOf(trend.definition, trend.lastWeek, trend.now);
  return {
    ...(notCompared < now.length && {
      worse: trends.filter((trend) => since(trend) === 'worse'),
      better: trends.filter((trend) => since(trend) === 'better'),
    }),
    ...(hasWeek && { worseThanWeek: trends.filter((trend) => sinceWeek(trend) === 'worse') }),
    notCompared,
  };
}

function closest({ figures }: DailyDigest): DailyDigest['figures'] {
  const distance = ({ definition, value }: DailyDigest['figures'][number]) => shareOfWayToAlert(definition, value ?? 0);
  return figures
    .filter(({ state, value }) => value !== undefined && (state === 'alert' || state === 'warning'))
    .toSorted((a, b) => distance(b) - distance(a));
}

/** A day on which the clocks change has another length. */
function clocksNote({ at, from, zone, lateMs }: DailyDigest): KnownBlock[] {
  const shift = clockShiftMs(zone, Date.parse(from), Date.parse(at));
  if (shift === 0 || Date.parse(at) - Date.parse(from) - lateMs === dayMs) return [];
  const how = `${shift > 0 ? 'forward' : 'back'} by ${formatDuration(Math.abs(shift))}`;
  return [section(`🕒 The clocks were put ${how}: this report covers ${hours({ at, from })}.`)];
}

/** How long the report's day was: `24 hours`, `26.5 hours`. */
function hours({ at, from }: Pick<DailyDigest, 'at' | 'from'>): string {
  const count = (Date.parse(at) - Date.parse(from)) / hourMs;
  return `${count.toLocaleString('en-GB', { maximumFractionDigits: 1 })} hours`;
}

export function lateNote({ lateMs, missed }: { readonly lateMs: number; readonly missed: number }): KnownBlock[] {
  if (lateMs === 0) return [];
  const others =
    missed > 0
      ? ` ${missed} earlier ${missed === 1 ? 'one was' : 'ones were'} missed and ${missed === 1 ? 'is' : 'are'} not made up for.`
      : '';
  return [section(`🕒 This report is ${roughDuration(lateMs)} late: Stamps was not running when it was due.${others}`)];
}

export function missingNote(missing: readonly string[]): KnownBlock[] {
  return missing.length === 0 ? [] : list('*Missing from this report*', missing.map(escapeText), '');
}

export function costWords({ currency, total, before }: CostLine): string {
  const sum = `${money(total)} ${escapeText(currency)}`;
  if (before === undefined || before <= 0) return sum;
  const change = Math.round((total / before - 1) * 100);
  if (change === 0) return `${sum}, as in the 7 days before`;
  return `${sum}, ${change > 0 ? '+' : ''}${change} % against the 7 days before`;
}

export function costBlocks(cost: CostLine): KnownBlock[] {
  const lines = cost.byGroup.map(
    ({ group, cost: each }) => `${cut(escapeText(group), 100)}: ${money(each)} ${escapeText(cost.currency)}`,
  );
  return list(`*Cost of 7 days:* ${costWords(cost)}`, lines, '');
}

function money(value: number): string {
  return value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A heading with as many lines as a person reads; `none` when there are none. */
export function list(heading: string, lines: readonly string[], none: string): KnownBlock[] {
  const left = lines.length - mostLines;
  const shown = lines.slice(0, mostLines).map((line) => `• ${line}`);
  if (shown.length === 0) return [section(heading, ...(none === '' ? [] : [none]))];
  return [section(heading, ...shown, ...(left > 0 ? [moreThan(left)] : []))];
}

/** The same, for what may not be known. */
export function known(heading: string, lines: readonly string[] | undefined, none: string): KnownBlock[] {
  return lines === undefined ? [section(heading, 'Not known.')] : list(heading, lines, none);
}
