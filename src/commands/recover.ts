import { recoveryCard } from '../blocks/recovery-card.ts';
import { parseDuration } from '../domain/duration.ts';
import { findCell } from '../domain/estate.ts';
import { OpsError } from '../errors.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { mayAskFor } from './may.ts';
import { needed, requestRecovery, restorePoints } from './request-recovery.ts';

const usage = 'recover <cell> [to <moment> [for <duration>] because <reason>]';

/** Without a moment it only looks: whoever may ask for a recovery may. The run is authorised like any other. */
export const recover: Command = {
  name: 'recover',
  usage,
  summary: 'Show to when a cell’s data can be restored, and restore it beside the original',
  examples: [
    'recover cell-banking',
    'recover cell-banking to 2026-01-15T10:30Z because a release deleted accounts',
    'recover cell-banking to latest for 2d because we compare before we repair',
  ],
  acts: true,
  may: mayAskFor('recover-cell'),

  async run(text, { incoming, member, operations, estate, azure, clock }) {
    const { words, because, to, ...given } = parseArguments(text, ['to', 'for']);
    const [named, ...rest] = words;
    if (named === undefined || rest.length > 0) {
      throw new OpsError('bad-input', 'Say which cell, and to when.', { hint: `Type \`/stamps ${usage}\`.` });
    }
    const cell = findCell(estate, named);
    if (to === undefined) {
      const { findings, stores } = await restorePoints(needed(azure), cell);
      return recoveryCard(cell.name, findings, stores, new Date(clock.now()).toISOString());
    }
    if (because === undefined)
      throw new OpsError('bad-input', 'Say why, for whoever approves.', { hint: `Type \`/stamps ${usage}\`.` });
    if (given.for !== undefined) parseDuration(given.for);
    const asking = { operations, member, channel: incoming.channel, key: incoming.key };
    return requestRecovery(asking, azure, cell, { at: to, reason: because, ...given });
  },
};
