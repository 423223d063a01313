import type { ModalView } from '@slack/types';
import type { Incident } from '../domain/incident.ts';
import { severities } from '../domain/severity.ts';
import { cut } from './cut.ts';
import { plain, section } from './elements.ts';
import { code, escapeText } from './escape-text.ts';
import { severityWords } from './incident-words.ts';
import { choice, personPicker, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

/** Who has it, how severe it is, and what should be remembered. `channel` is where it was opened. */
export function incidentUpdateModal(incident: Incident, channel: string): ModalView {
  const { id, title, severity, assigneeId } = incident;
  return {
    type: 'modal',
    callback_id: viewIds.incidentUpdate,
    private_metadata: JSON.stringify({ channel, incident: id }),
    title: plain(`Incident ${id}`, limits.modalTitle),
    submit: plain('Save', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    blocks: [
      section(`${code(id)} *${cut(escapeText(title), 300)}*`),
      personPicker('assignee', 'Who has it', assigneeId),
      choice(
        'severity',
        'Severity',
        severities.map((each) => ({ value: each, text: `${severityWords[each]}: ${meanings[each]}` })),
        severity,
      ),
      textInput('note', 'Note for the timeline', {
        placeholder: 'The bank restarted its side at 03:20',
        multiline: true,
        maxLength: 1_000,
        optional: true,
      }),
    ],
  };
}

const meanings = { P0: 'global outage', P1: 'a region, several cells', P2: 'one cell', P3: 'can wait a day' } as const;
