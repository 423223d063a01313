import type { InputBlock, ModalView as Modal } from '@slack/types';
import { type FormEvent, useCallback, useId, useRef, useState } from 'react';
import type { SlackView } from '../../slack/contract.ts';
import { ActContext } from '../blocks/act.ts';
import { Blocks } from '../blocks/blocks.tsx';
import type { Hands } from '../state/use-hands.ts';
import { plainWords } from '../text/plain-words.ts';
import { Dialog } from './dialog.tsx';

type Errors = Readonly<Record<string, string>>;

/** A modal that the app opened for this person. */
export function ModalView({ open, hands }: { open: SlackView; hands: Hands }) {
  const view = open.view as unknown as Modal;
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const [closed, setClosed] = useState(false);
  // It goes at once; the workspace follows.
  const close = () => {
    setClosed(true);
    void hands({ do: 'close-view', view: open.id });
  };
  const act = useCallback(
    async (actionId: string, value?: string) => {
      await hands({ do: 'act-in-view', view: open.id, actionId, ...(value !== undefined && { value }) });
    },
    [hands, open.id],
  );
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const { values, faults } = read(view, new FormData(event.currentTarget));
    setMissing(faults);
    if (Object.keys(faults).length > 0) return focusFirstFault(form.current);
    setBusy(true);
    await hands({ do: 'submit', view: open.id, values });
    setBusy(false);
    focusFirstFault(form.current);
  };
  if (closed) return null;
  return (
    <Dialog labelledBy={titleId} onClose={close}>
      <form ref={form} noValidate onSubmit={submit}>
        <div className="dialog-title">
          <img className="avatar avatar-medium" src="/icon.svg" alt="" />
          <h2 id={titleId}>{plainWords(view.title.text)}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={close}>
            ✕
          </button>
        </div>
        <div className="dialog-body">
          <ActContext value={act}>
            <Blocks blocks={view.blocks} errors={{ ...open.errors, ...missing }} />
          </ActContext>
          {open.errors?.[''] !== undefined && (
            <p className="field-error" role="alert">
              {open.errors['']}
            </p>
          )}
        </div>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={close}>
            {plainWords(view.close?.text ?? 'Cancel')}
          </button>
          {view.submit && (
            <button type="submit" className="button primary" aria-disabled={busy}>
              {plainWords(view.submit.text)}
              {busy && <span className="spinner" />}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** What the fields hold, by block id, and what Slack itself asks for before it sends anything. */
function read(view: Modal, data: FormData): { values: Record<string, string>; faults: Record<string, string> } {
  const values: Record<string, string> = {};
  const faults: Record<string, string> = {};
  for (const block of view.blocks) {
    if (block.type !== 'input') continue;
    const input = block as InputBlock;
    const id = input.block_id ?? '';
    const value = String(data.get(id) ?? '').trim();
    values[id] = value;
    const least = input.element.type === 'plain_text_input' ? (input.element.min_length ?? 0) : 0;
    if (value === '' && !input.optional) faults[id] = 'Please complete this required field.';
    else if (value !== '' && value.length < least) faults[id] = `Write at least ${least} characters.`;
  }
  return { values, faults };
}

/** After React has drawn the errors. */
function focusFirstFault(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
