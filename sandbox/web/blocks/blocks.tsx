import type { KnownBlock } from '@slack/types';
import { ActionsBlock } from './actions-block.tsx';
import { BlockBoundary } from './block-boundary.tsx';
import { ContextBlock } from './context-block.tsx';
import { ImageBlock } from './image-block.tsx';
import { InputBlock } from './input-block.tsx';
import { RichText } from './rich-text.tsx';
import { SectionBlock } from './section-block.tsx';
import { TableBlock } from './table-block.tsx';
import { TextObject } from './text-object.tsx';

/** Block Kit as people see it. A block that cannot be shown says so and leaves the others alone. */
export function Blocks({
  blocks,
  errors = {},
}: {
  blocks: readonly object[];
  errors?: Readonly<Record<string, string>>;
}) {
  return (
    <div className="blocks">
      {(blocks as readonly KnownBlock[]).map((block, index) => (
        <BlockBoundary key={block.block_id ?? index} kind={block.type}>
          <OneBlock block={block} error={errors[block.block_id ?? '']} />
        </BlockBoundary>
      ))}
    </div>
  );
}

function OneBlock({ block, error }: { block: KnownBlock; error: string | undefined }) {
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'header':
      return (
        <h3 className="block-header">
          <TextObject text={block.text} />
        </h3>
      );
    case 'context':
      return <ContextBlock block={block} />;
    case 'divider':
      return <hr className="block-divider" />;
    case 'actions':
      return <ActionsBlock block={block} />;
    case 'input':
      return <InputBlock block={block} error={error} />;
    case 'image':
      return <ImageBlock image={block} />;
    case 'rich_text':
      return <RichText elements={block.elements} />;
    case 'table':
      return <TableBlock block={block} />;
    case 'markdown':
      return <p className="block-markdown">{block.text}</p>;
    default:
      return <p className="block-unknown">The sandbox does not show blocks of the kind “{block.type}” yet.</p>;
  }
}
