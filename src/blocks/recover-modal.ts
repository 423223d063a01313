import type { ModalView } from '@slack/types';
import { cut } from './cut.ts';
import { plain, section } from './elements.ts';
import { escapeText } from './escape-text.ts';
import { choice, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

const why = textInput('reason', 'Why', {
  hint: 'Whoever approves reads this, and so does the audit.',
  placeholder: 'A release deleted accounts at 10:41',
  multiline: true,
  minLength: 10,
  maxLength: 500,
});

function frame(callbackId: string, title: string, where: { readonly channel: string; readonly cell: string }) {
  return {
    type: 'modal',
    callback_id: callbackId,
    // A name is shorter by far; Slack takes no more than 3,000 characters.
    private_metadata: JSON.stringify({ channel: where.channel, cell: where.cell.slice(0, 400) }),
    title: plain(title, limits.modalTitle),
    close: plain('Close', limits.modalTitle),
    submit: plain('Plan it', limits.modalTitle),
  } as const;
}

/** To which moment a cell's data is restored, beside the original. `channel` is where the run's card will stand. */
export function recoverModal(cell: string, channel: string): ModalView {
  return {
    ...frame(viewIds.recover, 'Recover data', { channel, cell }),
    blocks: [
      section(`*${cut(escapeText(cell), 100)}*: its stores are restored beside the originals, all to one moment.`),
      textInput('at', 'To which moment', {
        initial: 'latest',
        hint: 'With its zone, such as 2026-01-15T10:30Z; or latest.',
        maxLength: 40,
      }),
      textInput('for', 'Keep copies and originals for', {
        initial: '7d',
        hint: 'Then the channel is asked; nothing is deleted by itself.',
        maxLength: 40,
      }),
      why,
      section('Nothing is changed yet: the plan is shown in the channel, and others approve it.'),
    ],
  };
}

/** What becomes of the blobs at a swap, as the form says it; they have no copy beside them. */
const blobChoices = { back: 'Back to the same moment', stay: 'Leave them as they are' } as const;
export type BlobChoice = keyof typeof blobChoices;

/** Why a cell shall work on its copies, and whether its blobs go back too. */
export function swapModal(cell: string, channel: string): ModalView {
  return {
    ...frame(viewIds.swap, 'Swap to the copies', { channel, cell }),
    blocks: [
      section(
        `*${cut(escapeText(cell), 100)}* will work on its copies. What was written after their moment is only in the originals, which stay.`,
      ),
      choice(
        'blobs',
        'Its blobs',
        Object.entries(blobChoices).map(([value, text]) => ({ value, text })),
        'back',
        'They have no copy: they go back over what is there, where Azure can, and nobody reads or writes them meanwhile. Undo brings back what they were.',
      ),
      why,
      section('Nothing is changed yet: the plan is shown in the channel, and others approve it.'),
    ],
  };
}
