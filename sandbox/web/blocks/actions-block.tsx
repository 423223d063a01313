import type { ActionsBlock as Actions } from '@slack/types';
import { Element } from './element.tsx';

export function ActionsBlock({ block }: { block: Actions }) {
  return (
    <div className="block-actions">
      {block.elements.map((element, index) => (
        <Element key={'action_id' in element && element.action_id ? element.action_id : index} element={element} />
      ))}
    </div>
  );
}
