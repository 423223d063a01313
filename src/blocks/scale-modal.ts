import type { ModalView } from '@slack/types';
import type { Estate } from '../domain/estate.ts';
import { button, plain, section } from './elements.ts';
import { oneLine } from './escape-text.ts';
import { cellPicker, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

export const openScaleId = 'scale_open';

/** Opens the form filled in: `cell-banking:8`. */
export function scaleButton(cell: string, to: number) {
  return button({ text: `Scale ${cell}…`, actionId: openScaleId, value: `${cell}:${to}` });
}

/** Which cell, how many replicas, why. `channel` is where the run's card will stand; `filled`: what is known already. */
export function scaleModal(
  estate: Estate,
  channel: string,
  filled: { readonly cell?: string; readonly to?: number; readonly reason?: string } = {},
): ModalView {
  const picker = cellPicker('cell', 'Cell', estate, filled.cell, () => true);
  const frame = {
    type: 'modal',
    callback_id: viewIds.scale,
    private_metadata: JSON.stringify({ channel }),
    title: plain('Scale a cell', limits.modalTitle),
    close: plain('Close', limits.modalTitle),
  } as const;
  if (picker === undefined) return { ...frame, blocks: [section('The estate file has no cell.')] };
  return {
    ...frame,
    submit: plain('Plan it', limits.modalTitle),
    blocks: [
      picker,
      textInput('to', 'Replicas, at least', {
        hint: 'So many run all the time. What the app may have at most is raised where that is less.',
        placeholder: '6',
        maxLength: 4,
        ...(filled.to !== undefined && { initial: String(filled.to) }),
      }),
      textInput('most', 'Replicas, at most', {
        hint: 'Empty: as it is now.',
        placeholder: '12',
        maxLength: 4,
        optional: true,
      }),
      textInput('reason', 'Why', {
        hint: 'Whoever approves reads this, and so does the audit.',
        ...(filled.reason !== undefined && { initial: oneLine(filled.reason) }),
        multiline: true,
        minLength: 10,
        maxLength: 500,
      }),
      section(
        'Nothing is changed yet: the plan is shown in the channel and approved as the policy says. What you set here is also the floor: no scale-in is proposed below it.',
      ),
    ],
  };
}
