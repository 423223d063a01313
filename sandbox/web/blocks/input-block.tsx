import type { InputBlock as Input } from '@slack/types';
import { useId } from 'react';
import { plainWords } from '../text/plain-words.ts';
import { InputElement } from './input-element.tsx';

/** A labelled field of a modal. Its form name is its block id. */
export function InputBlock({ block, error }: { block: Input; error: string | undefined }) {
  const id = useId();
  const hint = block.hint?.text;
  const describedBy = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className={error === undefined ? 'block-input' : 'block-input has-error'}>
      <label htmlFor={id}>
        {plainWords(block.label.text)}
        {block.optional && <span className="quiet"> (optional)</span>}
      </label>
      <InputElement
        element={block.element}
        field={{
          id,
          name: block.block_id ?? '',
          'aria-invalid': error !== undefined,
          'aria-describedby': describedBy === '' ? undefined : describedBy,
          'aria-required': !block.optional,
        }}
        optional={block.optional === true}
      />
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p className="quiet" id={`${id}-hint`}>
          {plainWords(hint)}
        </p>
      )}
    </div>
  );
}
