import type { ModalView } from '@slack/types';
import { plain, section } from './elements.ts';
import { code } from './escape-text.ts';
import { choice, textInput } from './inputs.ts';
import { limits } from './limits.ts';
import { viewIds } from './view-ids.ts';

const frame = (callbackId: string, title: string, submit: string, id: string, channel: string) =>
  ({
    type: 'modal',
    callback_id: callbackId,
    private_metadata: JSON.stringify({ channel, proposal: id.slice(0, 40) }),
    title: plain(title, limits.modalTitle),
    submit: plain(submit, limits.modalTitle),
    close: plain('Close', limits.modalTitle),
  }) as const;

/** For how long a proposal is put aside. */
export function snoozeProposalModal(id: string, channel: string): ModalView {
  const times = ['1h', '4h', '12h', '1d'].map((value) => ({
    value,
    text: value.replace('h', ' hours').replace('1 hours', '1 hour').replace('d', ' day'),
  }));
  return {
    ...frame(viewIds.snoozeProposal, 'Snooze', 'Snooze', id, channel),
    blocks: [
      section(`${code(id)} comes back then, if the load is still so. It goes by itself when the load does.`),
      choice('for', 'For how long', times, '4h'),
    ],
  };
}

/** Why a proposal is turned down. */
export function dismissProposalModal(id: string, channel: string): ModalView {
  return {
    ...frame(viewIds.dismissProposal, 'Dismiss', 'Dismiss', id, channel),
    blocks: [
      section(`${code(id)} goes, and the cell is left alone for the policy’s cool-down.`),
      textInput('reason', 'Why', {
        hint: 'Shown on the card, and kept in the audit.',
        placeholder: 'A load test, it ends at noon',
        multiline: true,
        minLength: 10,
        maxLength: 500,
      }),
    ],
  };
}
