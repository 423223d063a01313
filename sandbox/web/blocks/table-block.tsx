import type { TableBlock as Table } from '@slack/types';
import { RichText } from './rich-text.tsx';

export function TableBlock({ block }: { block: Table }) {
  const [head = [], ...rows] = block.rows;
  const cell = (content: Table['rows'][number][number]) =>
    content.type === 'rich_text' ? <RichText elements={content.elements} /> : 'text' in content ? content.text : '';
  return (
    <div className="table-scroll">
      <table>
        <thead>
          <tr>
            {head.map((content, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
              <th key={index}>{cell(content)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <tr key={index}>
              {row.map((content, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column}>{cell(content)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
