import type { InputBlock, PlainTextInput, StaticSelect, UsersSelect } from '@slack/types';
import type { Cell, Estate } from '../domain/estate.ts';
import { cellsOf } from '../domain/estate.ts';
import { plain } from './elements.ts';
import { limits } from './limits.ts';

/** A line or a paragraph to fill in. Its block id is the name under which its value comes back. */
export function textInput(
  name: string,
  label: string,
  options: {
    hint?: string;
    placeholder?: string;
    initial?: string;
    multiline?: boolean;
    optional?: boolean;
    minLength?: number;
    maxLength?: number;
  } = {},
): InputBlock {
  const element: PlainTextInput = {
    type: 'plain_text_input',
    action_id: name,
    multiline: options.multiline ?? false,
    max_length: options.maxLength ?? limits.inputValue,
    ...(options.minLength !== undefined && { min_length: options.minLength }),
    ...(options.initial !== undefined && {
      initial_value: options.initial.slice(0, options.maxLength ?? limits.inputValue),
    }),
    ...(options.placeholder !== undefined && { placeholder: plain(options.placeholder, limits.placeholder) }),
  };
  return {
    type: 'input',
    block_id: name,
    label: plain(label, limits.inputLabel),
    element,
    ...(options.optional && { optional: true }),
    ...(options.hint !== undefined && { hint: plain(options.hint, limits.inputHint) }),
  };
}

/**
 * The cells to choose from, by region; those that may be taken out of service, unless it is told which others.
 * Undefined when there are none: Slack refuses an empty list.
 */
export function cellPicker(
  name: string,
  label: string,
  estate: Estate,
  initial?: string,
  offers: (cell: Cell) => boolean = (cell) => cell.protected === undefined,
): InputBlock | undefined {
  const groups = estate.regions
    .map((region) => ({
      label: plain(region.name, limits.optionText),
      options: cellsOf(estate, region.name)
        .filter((cell) => offers(cell) && cell.name.length <= limits.optionValue)
        .slice(0, limits.options)
        .map((cell) => ({
          text: plain(cell.role === 'standby' ? `${cell.name} (standby)` : cell.name, limits.optionText),
          value: cell.name,
        })),
    }))
    .filter(({ options }) => options.length > 0)
    .slice(0, limits.optionGroups);
  if (groups.length === 0) return undefined;
  const chosen = groups.flatMap(({ options }) => options).find(({ value }) => value === initial);
  const element: StaticSelect = {
    type: 'static_select',
    action_id: name,
    option_groups: groups,
    placeholder: plain('Choose a cell', limits.placeholder),
    ...(chosen && { initial_option: chosen }),
  };
  return { type: 'input', block_id: name, label: plain(label, limits.inputLabel), element };
}

/** One of a few things, chosen already. */
export function choice(
  name: string,
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  initial: string,
  hint?: string,
): InputBlock {
  const choices = options.map(({ value, text }) => ({ text: plain(text, limits.optionText), value }));
  const chosen = choices.find(({ value }) => value === initial);
  const element: StaticSelect = {
    type: 'static_select',
    action_id: name,
    options: choices,
    ...(chosen && { initial_option: chosen }),
  };
  return {
    type: 'input',
    block_id: name,
    label: plain(label, limits.inputLabel),
    element,
    ...(hint !== undefined && { hint: plain(hint, limits.inputHint) }),
  };
}

/** Somebody of the workspace, or nobody. */
export function personPicker(name: string, label: string, initial: string | undefined): InputBlock {
  const element: UsersSelect = {
    type: 'users_select',
    action_id: name,
    placeholder: plain('Nobody yet', limits.placeholder),
    ...(initial !== undefined && { initial_user: initial }),
  };
  return { type: 'input', block_id: name, label: plain(label, limits.inputLabel), element, optional: true };
}
