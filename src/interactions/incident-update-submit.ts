import { z } from 'zod';
import { updated } from '../blocks/incident-answers.ts';
import { mention } from '../blocks/mentions.ts';
import { viewIds } from '../blocks/view-ids.ts';
import { findResponder } from '../commands/find-responder.ts';
import { noteText, parseSeverity } from '../commands/incident-arguments.ts';
import { faultsOf, metadata } from './form.ts';
import { incidentValue } from './incident-value.ts';
import type { SubmissionHandler } from './interaction.ts';

const Opened = z.object({ channel: z.string().min(1), incident: z.string() });
const isEmpty = (text: string | undefined) => (text ?? '').trim() === '';

/** Does what differs from what the incident is now; an assignee that was taken out stays. */
export const incidentUpdateSubmit: SubmissionHandler = {
  callbackId: viewIds.incidentUpdate,
  acts: true,

  validate: (values) =>
    faultsOf({
      severity: () => parseSeverity(values.severity ?? ''),
      note: () => isEmpty(values.note) || noteText(values.note ?? ''),
    }),

  async run({ incoming, incidents, member, people, policy }) {
    const id = incidentValue(metadata(incoming.privateMetadata, Opened).incident);
    const { values, key } = incoming;
    const before = await incidents.incident(id);
    const changed: string[] = [];
    if (!isEmpty(values.assignee) && values.assignee !== before.assigneeId) {
      const assignee = await findResponder({ people, policy, member }, values.assignee ?? '');
      await incidents.assign(id, assignee.id, member);
      changed.push(`${mention(assignee.id)} has it`);
    }
    const severity = parseSeverity(values.severity ?? '');
    if (severity !== before.severity) {
      await incidents.setSeverity(id, severity, member);
      changed.push(`${severity} now`);
    }
    if (!isEmpty(values.note)) {
      await incidents.note(id, noteText(values.note ?? ''), member, key);
      changed.push('noted');
    }
    return updated(await incidents.incident(id), changed);
  },
};
