import type { ActionsBlockElement, SectionBlockAccessory } from '@slack/types';
import { ButtonElement } from './button-element.tsx';
import { ImageBlock } from './image-block.tsx';
import { OverflowElement } from './overflow-element.tsx';
import { SelectElement } from './select-element.tsx';

/** An interactive element outside of a form: it tells the app at once. */
export function Element({ element }: { element: ActionsBlockElement | SectionBlockAccessory }) {
  switch (element.type) {
    case 'button':
      return <ButtonElement button={element} />;
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'radio_buttons':
      return <SelectElement select={element} />;
    case 'overflow':
      return <OverflowElement overflow={element} />;
    case 'image':
      return <ImageBlock image={element} small />;
    default:
      return <span className="block-unknown">({element.type} is not shown here)</span>;
  }
}
