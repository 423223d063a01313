import type { Overflow } from '@slack/types';
import { plainWords } from '../text/plain-words.ts';
import { Menu } from '../workspace/menu.tsx';
import { useConfirmed } from './use-confirmed.tsx';

/** The “more” button with its short list. */
export function OverflowElement({ overflow }: { overflow: Overflow }) {
  const { act, dialog } = useConfirmed(overflow.confirm);
  return (
    <>
      <Menu
        label="More actions"
        buttonClass="button"
        button="⋯"
        items={overflow.options.map((option) => ({ id: option.value ?? '', label: plainWords(option.text.text) }))}
        onPick={(value) => act(overflow.action_id ?? '', value)}
      />
      {dialog}
    </>
  );
}
