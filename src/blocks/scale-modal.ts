import type { ModalView } from '@slack/types';
import type { Estate } from '../domain/estate.ts';
import type { Scaled } from '../domain/scaling-proposal.ts';
import { button, plain, section } from './elements.ts';
import { oneLine } from './escape-text.ts';
import { cellPicker, choice, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

export const openScaleId = 'scale_open';

/** Opens the form filled in: `cell-banking:8` for so many replicas, `cell-banking:up` for a larger SQL database. */
export function scaleButton(cell: string, to: number | 'up') {
  const what = to === 'up' ? `SQL of ${cell}` : cell;
  return button({ text: `Scale ${what}…`, actionId: openScaleId, value: `${cell}:${to}` });
}

/** Which cell, what of it, how much, why. `channel` is where the run's card will stand; `filled`: what is known already. */
export function scaleModal(
  estate: Estate,
  channel: string,
  filled: {
    readonly cell?: string;
    readonly what?: Scaled;
    readonly to?: number | 'up';
    readonly reason?: string;
  } = {},
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
      choice(
        'what',
        'What of it',
        [
          { value: 'replicas', text: 'Replicas' },
          { value: 'sql', text: 'SQL database' },
        ],
        filled.what ?? 'replicas',
      ),
      textInput('to', 'To, at least', {
        hint: 'Replicas: how many run all the time, such as 6. SQL: up, down, or a service objective such as S4.',
        placeholder: '6, up, down or S4',
        maxLength: 40,
        ...(filled.to !== undefined && { initial: String(filled.to) }),
      }),
      textInput('most', 'Replicas, at most', {
        hint: 'Of replicas only. Empty: as it is now, or as many as at least where that is more.',
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
        'Nothing is changed yet: the plan is shown in the channel and approved as the policy says. What you set here is also the floor: nothing less is proposed from then on. A database stays online while it is scaled; at the end its connections are dropped once.',
      ),
    ],
  };
}
