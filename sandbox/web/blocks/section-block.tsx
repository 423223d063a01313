import type { SectionBlock as Section } from '@slack/types';
import { Element } from './element.tsx';
import { TextObject } from './text-object.tsx';

export function SectionBlock({ block }: { block: Section }) {
  return (
    <div className="block-section">
      <div className="section-text">
        {block.text && (
          <div>
            <TextObject text={block.text} />
          </div>
        )}
        {block.fields && (
          <div className="section-fields">
            {block.fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no identity but their place
              <div key={index}>
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div className="section-accessory">
          <Element element={block.accessory} />
        </div>
      )}
    </div>
  );
}
