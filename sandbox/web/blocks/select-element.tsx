import { useDirectory } from '../state/directory.tsx';
import { type Choosable, choicesOf } from './choices.ts';
import { SelectOptions } from './select-options.tsx';
import { useConfirmed } from './use-confirmed.tsx';

/** A select in a message: picking tells the app. */
export function SelectElement({ select }: { select: Choosable }) {
  const { act, busy, dialog } = useConfirmed(select.confirm);
  const choices = choicesOf(select, useDirectory());
  return (
    <>
      <select
        className="select"
        aria-label={choices.placeholder}
        aria-busy={busy}
        value={choices.initial}
        onChange={(event) => act(select.action_id ?? '', event.target.value)}
      >
        <SelectOptions choices={choices} />
      </select>
      {dialog}
    </>
  );
}
