import type { Button } from '@slack/types';
import { plainWords } from '../text/plain-words.ts';
import { SafeLink } from '../text/safe-link.tsx';
import { useConfirmed } from './use-confirmed.tsx';

export function ButtonElement({ button }: { button: Button }) {
  const { act, busy, dialog } = useConfirmed(button.confirm);
  const label = plainWords(button.text.text);
  if (button.url !== undefined) {
    return (
      <span className="button">
        <SafeLink url={button.url}>{label}</SafeLink>
      </span>
    );
  }
  const press = () => act(button.action_id ?? '', button.value);
  return (
    <>
      <button
        type="button"
        className={`button ${button.style ?? ''}`}
        aria-disabled={busy}
        aria-label={button.accessibility_label}
        onClick={busy ? undefined : press}
      >
        {label}
        {busy && <span className="spinner" />}
      </button>
      {dialog}
    </>
  );
}
