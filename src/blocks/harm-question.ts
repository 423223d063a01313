import type { MessageContent } from '../ports/chat.ts';
import { button } from './elements.ts';
import { incidentActionIds } from './incident-buttons.ts';
import { notice } from './notice.ts';

/** Asks whether the harm is over since a run: by button, or in words for who reads it on a watch. */
export function harmQuestion(
  incident: string,
  { says, run }: { readonly says: string; readonly run: string },
): MessageContent {
  const { text, blocks = [] } = notice([`${says} If so, press the button or say @stamps mitigate here.`]);
  const value = `${incident} ${run}`;
  const yes = button({ text: 'The harm is over', actionId: incidentActionIds.mitigated, value });
  return { text, blocks: [...blocks, { type: 'actions', elements: [yes] }] };
}
