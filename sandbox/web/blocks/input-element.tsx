import type { InputBlockElement } from '@slack/types';
import { useDirectory } from '../state/directory.tsx';
import { plainWords } from '../text/plain-words.ts';
import { choicesOf } from './choices.ts';
import { SelectOptions } from './select-options.tsx';

export interface FieldAttributes {
  readonly id: string;
  readonly name: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-required': boolean;
}

interface Props {
  readonly element: InputBlockElement;
  readonly field: FieldAttributes;
  readonly optional: boolean;
}

/** The field itself. It keeps what was typed by itself; the form reads it on submission. */
export function InputElement({ element, field, optional }: Props) {
  const directory = useDirectory();
  switch (element.type) {
    case 'plain_text_input': {
      const attributes = {
        ...field,
        defaultValue: element.initial_value,
        placeholder: element.placeholder && plainWords(element.placeholder.text),
        minLength: element.min_length,
        maxLength: element.max_length ?? 3_000,
      };
      return element.multiline ? (
        <textarea rows={3} {...attributes} />
      ) : (
        <input type="text" autoComplete="off" {...attributes} />
      );
    }
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select': {
      const choices = choicesOf(element, directory);
      return (
        <select {...field} defaultValue={choices.initial}>
          <SelectOptions choices={choices} optional={optional} />
        </select>
      );
    }
    case 'radio_buttons': {
      const choices = choicesOf(element, directory);
      return (
        <div role="radiogroup" id={field.id} aria-describedby={field['aria-describedby']}>
          {choices.groups[0]?.choices.map(({ value, label }) => (
            <label key={value} className="radio">
              <input type="radio" name={field.name} value={value} defaultChecked={value === choices.initial} /> {label}
            </label>
          ))}
        </div>
      );
    }
    case 'number_input':
      return (
        <input
          {...field}
          type="number"
          step={element.is_decimal_allowed ? 'any' : 1}
          min={element.min_value}
          max={element.max_value}
          defaultValue={element.initial_value}
        />
      );
    case 'datepicker':
      return <input {...field} type="date" defaultValue={element.initial_date} />;
    case 'timepicker':
      return <input {...field} type="time" defaultValue={element.initial_time} />;
    case 'email_text_input':
      return <input {...field} type="email" defaultValue={element.initial_value} />;
    case 'url_text_input':
      return <input {...field} type="url" defaultValue={element.initial_value} />;
    default:
      return <p className="block-unknown">The sandbox has no field of the kind “{element.type}” yet.</p>;
  }
}
