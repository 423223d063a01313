import { OpsError } from '../errors.ts';
import type { IncomingAction } from '../ports/incoming.ts';

/** The message whose button was pressed. Throws `bad-input` where there is none. */
export function findingPlace({ channel, messageTs }: IncomingAction): { channel: string; ts: string } {
  if (channel === undefined || messageTs === undefined) {
    throw new OpsError('bad-input', 'This button works in a report only.', {
      hint: '`/stamps maintenance weekly` makes one.',
    });
  }
  return { channel, ts: messageTs };
}
