import { unreadAlert, unreadAlertsList } from '../blocks/unread-alerts.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { anyMember } from './may.ts';

const usage = 'alerts unread [<number>]';

export const alertsUnread: Command = {
  name: 'alerts unread',
  usage,
  summary: 'Show what was posted as an alert and could not be read, and why',
  examples: ['alerts unread', 'alerts unread 12'],
  acts: false,
  may: anyMember,

  async run(text, { unreadAlerts }) {
    const [word, extra] = parseArguments(text).words;
    if (word === undefined) return unreadAlertsList(await unreadAlerts.groups());
    if (extra !== undefined || !/^\d{1,9}$/.test(word)) {
      throw new OpsError('bad-input', 'That is not the number of an unread alert.', {
        hint: `Type \`/stamps ${usage}\`.`,
      });
    }
    return unreadAlert(await unreadAlerts.one(Number(word)));
  },
};
