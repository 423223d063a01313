import type { Confirm, ConfirmationDialog } from '@slack/types';
import { useId } from 'react';
import { plainWords } from '../text/plain-words.ts';
import { Dialog } from '../workspace/dialog.tsx';
import { TextObject } from './text-object.tsx';

/** Slack's “are you sure”, for buttons that have one. */
export function ConfirmDialog(props: { confirm: Confirm | ConfirmationDialog; onAnswer: (yes: boolean) => void }) {
  const { confirm, onAnswer } = props;
  const titleId = useId();
  return (
    <Dialog labelledBy={titleId} onClose={() => onAnswer(false)} small>
      <h2 id={titleId}>{plainWords(confirm.title?.text ?? 'Are you sure?')}</h2>
      <div className="dialog-body">
        <TextObject text={confirm.text} />
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {plainWords(confirm.deny?.text ?? 'Cancel')}
        </button>
        <button type="button" className={`button ${confirm.style ?? 'primary'}`} onClick={() => onAnswer(true)}>
          {plainWords(confirm.confirm?.text ?? 'Yes')}
        </button>
      </div>
    </Dialog>
  );
}
