import type { ContextBlock as Context } from '@slack/types';
import { ImageBlock } from './image-block.tsx';
import { TextObject } from './text-object.tsx';

export function ContextBlock({ block }: { block: Context }) {
  return (
    <div className="block-context">
      {block.elements.map((element, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements have no identity but their place
        <span key={index}>
          {element.type === 'image' ? <ImageBlock image={element} small /> : <TextObject text={element} />}
        </span>
      ))}
    </div>
  );
}
