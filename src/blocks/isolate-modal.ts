import type { ModalView } from '@slack/types';
import type { Estate } from '../domain/estate.ts';
import { plain, section } from './elements.ts';
import { oneLine } from './escape-text.ts';
import { cellPicker, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

/** Which cell, for how long, why. `channel` is where the run's card will stand; `filled`: what is known already. */
export function isolateModal(
  estate: Estate,
  channel: string,
  filled: { readonly cell?: string; readonly reason?: string } = {},
): ModalView {
  const picker = cellPicker('cell', 'Cell', estate, filled.cell);
  const frame = {
    type: 'modal',
    callback_id: viewIds.isolate,
    private_metadata: JSON.stringify({ channel }),
    title: plain('Isolate a cell', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
  } as const;
  if (picker === undefined)
    return { ...frame, blocks: [section('The estate file has no cell that may be taken out of service.')] };
  return {
    ...frame,
    submit: plain('Plan it', limits.modalTitle),
    blocks: [
      picker,
      textInput('for', 'For how long', {
        initial: '4h',
        hint: 'Such as 30m, 4h or 1d. Before it ends the channel is asked to restore or extend.',
        maxLength: 40,
      }),
      textInput('reason', 'Why', {
        hint: 'Whoever approves reads this, and so does the audit.',
        placeholder: 'Card payments time out since 03:05',
        ...(filled.reason !== undefined && { initial: oneLine(filled.reason) }),
        multiline: true,
        minLength: 10,
        maxLength: 500,
      }),
      section('Nothing is changed yet: the plan is shown in the channel, and somebody else approves it.'),
    ],
  };
}
