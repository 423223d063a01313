import { capacityReport } from '../blocks/capacity-report.ts';
import { dailyDigest, dayIn, type ReportMessages, type ShownPicture } from '../blocks/daily-digest.ts';
import { dashboardMessage } from '../blocks/dashboard-message.ts';
import { findingKeysOf, findingsMessage } from '../blocks/findings-message.ts';
import { maintenanceReport } from '../blocks/maintenance-report.ts';
import { maturityReport } from '../blocks/maturity-report.ts';
import { reportBeingMade, reportFailed } from '../blocks/report-state.ts';
import { defaultAnomalyPolicy } from '../domain/anomaly.ts';
import type { Policy } from '../domain/approval.ts';
import { digestPattern, zoneOf } from '../domain/digest-policy.ts';
import { dayMs } from '../domain/duration.ts';
import { scopesOf } from '../domain/kpi.ts';
import { type Maturity, maturityOf } from '../domain/maturity.ts';
import type { Queries } from '../engine/database.ts';
import type { Loop } from '../engine/loops.ts';
import { type WantedMessage, wantMessage } from '../engine/messages.ts';
import type { Occurrence, Schedule } from '../engine/schedules.ts';
import { drawBoard, drawMetric, drawPanels, type Picture } from '../pictures/draw.ts';
import type { MessageContent } from '../ports/chat.ts';
import type { ReportKind, ReportPlace, Reports } from '../ports/reports.ts';
import { createAnomalyCards } from './anomaly-cards.ts';
import { kpiTiles, maintenanceTiles } from './boards.ts';
import { readCapacity } from './capacity.ts';
import { readDaily } from './daily.ts';
import { cellDashboard, globalDashboard } from './dashboards.ts';
import type { DigestContext } from './digest-context.ts';
import { drawBand } from './draw-band.ts';
import { createExpectations, hasSeason } from './expectations.ts';
import { assign, knownFindings, snooze } from './finding-store.ts';
import { createForecaster } from './forecaster.ts';
import { createGathering } from './gather.ts';
import { readMaintenance } from './maintenance.ts';
import { maturityEvidence } from './maturity-evidence.ts';

export interface Digests extends Reports {
  /** What the policy wants by the calendar. */
  readonly schedules: readonly Schedule[];
  readonly loops: readonly Loop[];
}

interface Moment {
  readonly at: number;
  readonly zone: string;
  readonly lateMs: number;
  readonly missed: number;
  /** When the one before it was due; absent: it was asked for. */
  readonly since?: number;
}

const forecastEveryMs = 1_000;
const anomaliesEveryMs = 60_000;

/** Reports, on schedule and when asked for. */
export function createDigests(
  parts: Omit<DigestContext, 'forecast'>,
  policy: Pick<Policy, 'zone' | 'digests' | 'anomalies'>,
): Digests {
  const { database, chat, clock, logger, definitions, estate } = parts;
  const { digests: settings = [], anomalies = defaultAnomalyPolicy } = policy;
  /** Of reports that somebody asks for. */
  const zone = zoneOf(policy);
  const forecast = createForecaster();
  const context = { ...parts, forecast };
  const seasonal = definitions
    .filter(hasSeason)
    .flatMap((definition) => scopesOf(definition, estate).map((scope) => ({ definition, scope })));
  const expectations = createExpectations({ database, clock }, forecast, seasonal);
  const cards = createAnomalyCards({
    ...{ database, definitions, clock, policy: anomalies },
    channel: anomalies.channel ?? settings.find(({ kinds }) => kinds.includes('daily'))?.channel,
    picture: (series) =>
      drawn('anomaly.png', series.definition.title, () => drawBand(database, series, clock.now(), zone)),
  });

  async function report(kind: ReportKind, moment: Moment, cell?: string): Promise<ReportMessages> {
    if (kind === 'dashboard') return dashboard(moment, cell);
    if (kind === 'capacity') return capacity(moment);
    if (kind === 'maturity') return maturity(moment);
    return kind === 'daily' ? daily(moment) : maintenance(kind, moment);
  }

  async function daily(moment: Moment): Promise<ReportMessages> {
    const digest = await readDaily(context, moment);
    const board = await drawn('kpis.png', 'Indicators', async () =>
      drawBoard({
        title: 'Indicators',
        subtitle: `The estate, ${dayIn(digest.at, moment.zone)}; arrows against the day before`,
        tiles: await kpiTiles(context, digest.figures, digest.trends, moment.at),
      }),
    );
    const [unusual] = digest.anomalies ?? [];
    const band =
      unusual && (await drawn('anomaly.png', 'Unusual', () => drawBand(database, unusual, moment.at, moment.zone)));
    return dailyDigest(digest, board, band);
  }

  async function maintenance(kind: 'weekly' | 'monthly', moment: Moment): Promise<ReportMessages> {
    const report = await readMaintenance(context, kind, moment);
    const board = await drawn('maintenance.png', 'Maintenance', () =>
      drawBoard({
        title: kind === 'weekly' ? 'Weekly maintenance' : 'Monthly maintenance',
        subtitle: `The estate, ${dayIn(report.at, moment.zone)}`,
        tiles: maintenanceTiles(report),
      }),
    );
    const { first, thread } = maintenanceReport(report, board);
    if (kind === 'weekly') return { first, thread };
    const level = await maturity(moment);
    return { first, thread: [...thread, level.first, ...level.thread] };
  }

  async function dashboard({ at, zone }: Moment, cell: string | undefined): Promise<ReportMessages> {
    const board = await (cell === undefined
      ? globalDashboard(context, at, zone)
      : cellDashboard(context, cell, at, zone));
    const shown = await drawn('dashboard.png', board.title, () => drawPanels(board.panels));
    const command = cell === undefined ? 'dashboard global' : `dashboard cell ${cell}`;
    return dashboardMessage(board, new Date(at).toISOString(), shown, command);
  }

  async function capacity({ at, zone }: Moment): Promise<ReportMessages> {
    const report = await readCapacity(context, at, zone);
    const { chart } = report;
    const shown = chart && (await drawn('capacity.png', 'Capacity', () => drawMetric(chart)));
    const { limitChart } = report;
    const limit = limitChart && (await drawn('limit.png', 'First limit', () => drawMetric(limitChart)));
    return capacityReport(report, shown, limit);
  }

  async function maturity({ at }: Moment): Promise<ReportMessages> {
    const { missing, get } = createGathering(logger);
    const [from, to] = [new Date(at - 30 * dayMs).toISOString(), new Date(at).toISOString()];
    const cpuAlert = definitions.find(({ id }) => id === 'containerCpu')?.alert ?? 100;
    const evidence = await get('Evidence', () =>
      maturityEvidence(database, context.incidentPolicy, cpuAlert, from, to),
    );
    const found: Maturity = evidence ? maturityOf(evidence) : { level: undefined, criteria: [] };
    return maturityReport(found, evidence, { from, to, missing });
  }

  /** Draws a findings message anew, from what its buttons are about. */
  async function redraw(tx: Queries, { channel, ts }: ReportPlace): Promise<void> {
    const [row] = await tx.query<{ key: string; content: MessageContent }>(
      'select key, content from stamps.messages where channel = $1 and ts = $2',
      [channel, ts],
    );
    if (!row) return;
    const findings = await knownFindings(tx, findingKeysOf(row.content.blocks));
    await wantMessage(tx, { key: row.key, channel, content: findingsMessage(findings, 0) });
  }

  /** A report without its picture is still a report. */
  async function drawn(name: string, title: string, draw: () => Promise<Picture>): Promise<ShownPicture | undefined> {
    try {
      const { png, altText } = await draw();
      return { fileId: await chat.uploadPicture({ name, title, altText, png }), altText };
    } catch (error) {
      logger.warn({ err: error, picture: name }, 'a report goes without its picture');
      return undefined;
    }
  }

  return {
    async post({ kind, requestKey, channel, cell }) {
      const key = `report:${kind}:${requestKey}`;
      const show = (messages: ReportMessages) =>
        database.transaction(async (tx) => {
          for (const message of wanted(key, channel, messages)) await wantMessage(tx, message);
        });
      await show({ first: reportBeingMade(kind), thread: [] });
      try {
        await show(await report(kind, { at: clock.now(), zone, lateMs: 0, missed: 0 }, cell));
      } catch (error) {
        await show({ first: reportFailed(kind), thread: [] });
        throw error;
      }
    },
    snoozeFinding: (key, days, member, place) =>
      database.transaction(async (tx) => {
        await snooze(tx, key, days, member);
        await redraw(tx, place);
      }),
    assignFinding: (key, member, place) =>
      database.transaction(async (tx) => {
        await assign(tx, key, member);
        await redraw(tx, place);
      }),
    snoozeAnomaly: (id, member) => cards.snooze(id, member),
    loops: [
      { name: 'forecasts', everyMs: forecastEveryMs, work: () => expectations.renewNext() },
      { name: 'anomalies', everyMs: anomaliesEveryMs, work: () => cards.look() },
    ],
    schedules: settings.flatMap(({ channel, at, zone: timeZone, kinds }) =>
      kinds.map(
        (kind): Schedule => ({
          name: `${kind}/${channel}`,
          pattern: digestPattern(kind, at),
          timeZone,
          work: async ({ dueAt, previousAt, lateMs, missed }: Occurrence) =>
            wanted(
              `report:${kind}:${channel}:${dueAt}`,
              channel,
              await report(kind, {
                at: Date.parse(dueAt) + lateMs,
                since: Date.parse(previousAt),
                zone: timeZone,
                lateMs,
                missed,
              }),
            ),
        }),
      ),
    ),
  };
}

function wanted(key: string, channel: string, { first, thread }: ReportMessages): WantedMessage[] {
  return [
    // New messages go before edits of the same priority: the head would say “is being made” until its thread is there.
    { key, channel, priority: 2, content: first },
    ...thread.map(
      (content, index): WantedMessage => ({ key: `${key}:${index + 1}`, channel, threadOf: key, priority: 3, content }),
    ),
  ];
}
