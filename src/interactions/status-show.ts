import { statusButtonIds } from '../blocks/status-buttons.ts';
import { showStatus } from '../commands/status.ts';
import type { ActionHandler } from './interaction.ts';

/** The layer below or above, for whoever pressed it. */
export const statusShow: readonly ActionHandler[] = statusButtonIds.map((actionId) => ({
  actionId,
  acts: false,
  run: ({ incoming, ...services }) => showStatus(incoming.value, services),
}));
