import { parseEstate } from '../src/domain/estate-file.ts';
import { openDatabase } from '../src/engine/database.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { ReportKind } from '../src/ports/reports.ts';
import { estateOf } from './kpi-estate.ts';
import { reportDesk } from './report-desk.ts';

/** What the parent reads of this process's standard output, as one line of JSON; in milliseconds. */
export interface ReportFigures {
  readonly madeMs: number;
  /** All of its messages are in Slack. */
  readonly shownMs: number;
  readonly mostMegabytes: number;
}

// A process of its own, so that its memory is the product's: `digest-estate.ts <kind> <Slack> <token> <database> <cells>`.
const [kind = '', slackUrl = '', token = '', databaseUrl = '', cells = ''] = process.argv.slice(2);
const database = await openDatabase(databaseUrl);
const estate = parseEstate(estateOf(Number(cells)));
const { digests, outbox } = reportDesk(database, estate, { apiUrl: slackUrl, botToken: token });
const began = performance.now();
await digests.post({ kind: kind as ReportKind, requestKey: 'bench', channel: 'C0OPERATIONS' });
const madeMs = performance.now() - began;
const waiting = async () => (await database.query('select 1 from stamps.messages where ts is null limit 1')).length > 0;
while (await waiting()) {
  await outbox.pump();
  await systemClock.sleep(20);
}
const shownMs = performance.now() - began;
console.log(
  JSON.stringify({ madeMs, shownMs, mostMegabytes: process.resourceUsage().maxRSS / 1024 } satisfies ReportFigures),
);
process.exit(0);
