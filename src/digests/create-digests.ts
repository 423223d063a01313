import { dailyDigest, dayIn, type ReportMessages, type ShownPicture } from '../blocks/daily-digest.ts';
import { type DigestSetting, digestPattern } from '../domain/digest-policy.ts';
import type { WantedMessage } from '../engine/messages.ts';
import { wantMessage } from '../engine/messages.ts';
import type { Occurrence, Schedule } from '../engine/schedules.ts';
import type { Picture } from '../pictures/picture.ts';
import { drawBoard } from '../pictures/tile-board.ts';
import type { ReportKind, Reports } from '../ports/reports.ts';
import { kpiTiles } from './boards.ts';
import { readDaily } from './daily.ts';
import type { DigestContext } from './digest-context.ts';

export interface Digests extends Reports {
  /** What the policy wants by the calendar. */
  readonly schedules: readonly Schedule[];
}

interface Moment {
  readonly at: number;
  readonly zone: string;
  readonly lateMs: number;
  readonly missed: number;
}

/** Reports, on schedule and when asked for. */
export function createDigests(context: DigestContext, settings: readonly DigestSetting[]): Digests {
  const { database, chat, clock, logger } = context;

  async function report(kind: ReportKind, moment: Moment): Promise<ReportMessages> {
    void kind;
    return daily(moment);
  }

  async function daily(moment: Moment): Promise<ReportMessages> {
    const digest = await readDaily(context, moment);
    const board = await drawn('kpis.png', 'Indicators', async () =>
      drawBoard({
        title: 'Indicators',
        subtitle: `The estate, ${dayIn(digest.at, moment.zone)}`,
        tiles: await kpiTiles(context, digest.figures, digest.trends, moment.at),
      }),
    );
    return dailyDigest(digest, board);
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

  const zone = settings[0]?.zone ?? 'UTC';
  return {
    async post({ kind, requestKey, channel }) {
      const messages = await report(kind, { at: clock.now(), zone, lateMs: 0, missed: 0 });
      await database.transaction(async (tx) => {
        for (const message of wanted(`report:${kind}:${requestKey}`, channel, messages)) await wantMessage(tx, message);
      });
    },
    schedules: settings.flatMap(({ channel, at, zone: timeZone, kinds }) =>
      kinds.map(
        (kind): Schedule => ({
          name: `${kind}/${channel}`,
          pattern: digestPattern(kind, at),
          timeZone,
          work: async ({ dueAt, lateMs, missed }: Occurrence) =>
            wanted(
              `report:${kind}:${channel}:${dueAt}`,
              channel,
              await report(kind, { at: Date.parse(dueAt) + lateMs, zone: timeZone, lateMs, missed }),
            ),
        }),
      ),
    ),
  };
}

function wanted(key: string, channel: string, { first, thread }: ReportMessages): WantedMessage[] {
  return [
    { key, channel, priority: 2, content: first },
    ...thread.map(
      (content, index): WantedMessage => ({ key: `${key}:${index + 1}`, channel, threadOf: key, priority: 2, content }),
    ),
  ];
}
