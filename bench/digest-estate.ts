import { createDigests } from '../src/digests/create-digests.ts';
import { parseEstate } from '../src/domain/estate-file.ts';
import { defaultIncidentPolicy } from '../src/domain/incident-policy.ts';
import { openDatabase } from '../src/engine/database.ts';
import { createOutbox } from '../src/engine/outbox.ts';
import { createChat } from '../src/integrations/slack/create-chat.ts';
import { kpiDefinitions } from '../src/kpis/definitions.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { Logger } from '../src/ports/logger.ts';
import type { ReportKind } from '../src/ports/reports.ts';
import { Secret } from '../src/secret.ts';
import { estateOf } from './kpi-estate.ts';

/** What the parent reads of this process's standard output, as one line of JSON; in milliseconds. */
export interface ReportFigures {
  readonly madeMs: number;
  /** All of its messages are in Slack. */
  readonly shownMs: number;
  readonly mostMegabytes: number;
}

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
  child: () => quiet,
};

// A process of its own, so that its memory is the product's: `digest-estate.ts <kind> <Slack> <token> <database> <cells>`.
const [kind = '', slackUrl = '', token = '', databaseUrl = '', cells = ''] = process.argv.slice(2);
const database = await openDatabase(databaseUrl);
const chat = createChat({ botToken: new Secret(token), apiUrl: slackUrl });
const outbox = createOutbox(database, chat, quiet);
const digests = createDigests(
  {
    database,
    estate: parseEstate(estateOf(Number(cells))),
    definitions: kpiDefinitions,
    azure: undefined,
    chat,
    incidentPolicy: defaultIncidentPolicy,
    clock: systemClock,
    logger: quiet,
  },
  {},
);
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
