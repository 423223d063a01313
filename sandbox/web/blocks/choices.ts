import type {
  ChannelsSelect,
  ConversationsSelect,
  Option,
  OptionGroup,
  RadioButtons,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import type { Directory } from '../state/directory.tsx';
import { plainWords } from '../text/plain-words.ts';

export type Choosable = StaticSelect | UsersSelect | ConversationsSelect | ChannelsSelect | RadioButtons;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Choices {
  readonly groups: readonly { readonly label: string; readonly choices: readonly Choice[] }[];
  readonly initial: string;
  readonly placeholder: string;
}

/** What may be chosen, in groups; the one group of a plain list has no label. */
export function choicesOf(element: Choosable, directory: Directory): Choices {
  switch (element.type) {
    case 'static_select': {
      const groups = element.option_groups ?? [
        { label: { type: 'plain_text', text: '' }, options: element.options ?? [] },
      ];
      return {
        groups: (groups as OptionGroup[]).map((group) => ({
          label: plainWords(group.label.text),
          choices: group.options.map(choice),
        })),
        initial: element.initial_option?.value ?? '',
        placeholder: plainWords(element.placeholder?.text ?? 'Choose…'),
      };
    }
    case 'radio_buttons':
      return {
        groups: [{ label: '', choices: element.options.map(choice) }],
        initial: element.initial_option?.value ?? '',
        placeholder: '',
      };
    case 'users_select': {
      const people = directory.users.filter((user) => !user.isBot && !user.deleted);
      return {
        groups: [{ label: '', choices: people.map((user) => ({ value: user.id, label: user.realName })) }],
        initial: element.initial_user ?? '',
        placeholder: plainWords(element.placeholder?.text ?? 'Choose a person…'),
      };
    }
    default:
      return { groups: [], initial: '', placeholder: plainWords(element.placeholder?.text ?? 'Choose…') };
  }
}

function choice(option: Option): Choice {
  return { value: option.value ?? '', label: plainWords(option.text.text) };
}
