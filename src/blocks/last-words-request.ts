import type { MessageContent } from '../ports/chat.ts';
import { actions, button, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { message } from './message.ts';
import { statusActionIds } from './status-update-modal.ts';

/** An incident is over, and the status page says something else. */
export function lastWordsRequest(incidentId: string, status: string): MessageContent {
  const text = `This is over, and customers still read “${escapeText(status)}” on the status page. Tell them that it is over.`;
  return message(text, [
    section(`📣 ${text}`),
    ...actions(
      button({
        text: 'Tell customers…',
        actionId: statusActionIds.resolve,
        value: incidentId,
        style: 'primary',
      }),
    ),
  ]);
}
