import { silenceActionIds, silenceMade, silenceOver } from '../blocks/silence-card.ts';
import { silenceId } from '../commands/silence-arguments.ts';
import { hourMs } from '../domain/duration.ts';
import type { ActionHandler } from './interaction.ts';

export const silenceEnd: ActionHandler = {
  actionId: silenceActionIds.end,
  acts: true,
  run: async ({ incoming, silences, member }) => silenceOver(await silences.end(silenceId(incoming.value), member)),
};

export const silenceExtend: ActionHandler = {
  actionId: silenceActionIds.extend,
  acts: true,
  run: async ({ incoming, silences, member }) =>
    silenceMade(await silences.extend(silenceId(incoming.value), hourMs, member, incoming.key)),
};
