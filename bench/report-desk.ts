import { createDigests, type Digests } from '../src/digests/create-digests.ts';
import type { Estate } from '../src/domain/estate.ts';
import { defaultIncidentPolicy } from '../src/domain/incident-policy.ts';
import type { Database } from '../src/engine/database.ts';
import { createOutbox, type Outbox } from '../src/engine/outbox.ts';
import { createChat } from '../src/integrations/slack/create-chat.ts';
import { kpiDefinitions } from '../src/kpis/definitions.ts';
import { systemClock } from '../src/ports/clock.ts';
import type { Logger } from '../src/ports/logger.ts';
import { Secret } from '../src/secret.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => console.error(message, fields),
  error: (fields, message) => console.error(message, fields),
  child: () => quiet,
};

/** What makes reports from the stored history, without Azure, and shows them in Slack. */
export function reportDesk(
  database: Database,
  estate: Estate,
  slack: { readonly apiUrl: string; readonly botToken: string },
): { readonly digests: Digests; readonly outbox: Outbox } {
  const chat = createChat({ botToken: new Secret(slack.botToken), apiUrl: slack.apiUrl });
  const digests = createDigests(
    {
      ...{ database, estate, definitions: kpiDefinitions, azure: undefined, chat },
      ...{ incidentPolicy: defaultIncidentPolicy, clock: systemClock, logger: quiet },
    },
    {},
  );
  return { digests, outbox: createOutbox(database, chat, quiet) };
}
