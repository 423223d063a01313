import { assigned, mitigatedNow, noted, severitySet, tookIt } from '../blocks/incident-answers.ts';
import { findResponder } from '../commands/find-responder.ts';
import { asIncidentId, noteText, parseIncident, parseSeverity } from '../commands/incident-arguments.ts';
import { resolveIncident } from '../commands/resolve-incident.ts';
import { words } from '../domain/command-line.ts';
import { OpsError } from '../errors.ts';
import type { IncomingMention } from '../ports/incoming.ts';
import type { Context, MentionHandler } from './interaction.ts';

type Mentioned = Context<IncomingMention>;

/** The incident that somebody speaks of: the one they name, else the one of the thread or of the channel. Undefined: none. */
export async function incidentInQuestion(
  about: readonly string[],
  { incoming, threadIncident, incidents }: Mentioned,
): Promise<string | undefined> {
  const named = asIncidentId(about[0] ?? '');
  if (named !== undefined) return named;
  const { channel, threadTs } = incoming;
  const ofThread = threadTs === undefined ? undefined : await threadIncident(channel, threadTs);
  if (ofThread !== undefined) return ofThread;
  return (await incidents.incidents({})).find(({ ownChannel }) => ownChannel === channel)?.id;
}

/** `rest` stands behind the verb and the incident, as it was written. */
function spoken(
  verb: string,
  run: (id: string, rest: string, context: Mentioned) => ReturnType<MentionHandler['run']>,
): MentionHandler {
  return {
    verb,
    acts: true,
    async run(about, context) {
      const id = await incidentInQuestion(about, context);
      if (id === undefined) {
        throw new OpsError('bad-input', 'Which incident?', {
          hint: `Write it in the incident’s thread, or name it: \`@stamps ${verb} i-17\`.`,
        });
      }
      return run(id, restBehind(context.incoming.text), context);
    },
  };
}

function restBehind(text: string): string {
  for (const verb of words(text)) return parseIncident(text.slice(verb.end)).rest;
  return '';
}

const take = async (id: string, _rest: string, { incidents, member }: Mentioned) =>
  tookIt(await incidents.acknowledge(id, member), member.id);

/** What can be said to `@stamps` of an incident; Slack does not take slash commands in threads. */
export const incidentMentions: readonly MentionHandler[] = [
  spoken('ack', take),
  spoken('acknowledge', take),
  spoken('note', async (id, rest, { incidents, member, incoming }) =>
    noted(await incidents.note(id, noteText(rest), member, incoming.key)),
  ),
  spoken('severity', async (id, rest, { incidents, member }) =>
    severitySet(await incidents.setSeverity(id, parseSeverity(rest), member)),
  ),
  spoken('assign', async (id, rest, { incidents, member, people, policy }) => {
    const assignee = await findResponder({ people, policy, member }, rest);
    return assigned(await incidents.assign(id, assignee.id, member));
  }),
  spoken('mitigate', async (id, _rest, { incidents, member }) => mitigatedNow(await incidents.mitigate(id, member))),
  spoken('resolve', (id, _rest, context) => resolveIncident(context, id)),
];
