import type { SlackMessage } from '../../contract.ts';

type SlackFile = NonNullable<SlackMessage['files']>[number];

const previewLength = 4_000;

/** A text file in a message: its beginning on demand, the whole as a download. */
export function FileCard({ file }: { file: SlackFile }) {
  const size = new TextEncoder().encode(file.text).length;
  return (
    <div className="file">
      <div className="file-head">
        <span className="file-icon" aria-hidden="true">
          📄
        </span>
        <span className="person">
          <span className="person-name">{file.title || file.name}</span>
          <span className="quiet">
            {file.name}, {size < 1_000 ? `${size} bytes` : `${(size / 1_000).toFixed(1)} kB`}
          </span>
        </span>
        <a className="button" href={`/api/files/${encodeURIComponent(file.id)}`} download={file.name}>
          Download<span className="hidden"> {file.name}</span>
        </a>
      </div>
      <details>
        <summary>Preview</summary>
        <pre>
          {file.text.slice(0, previewLength)}
          {file.text.length > previewLength && '\n…'}
        </pre>
      </details>
    </div>
  );
}
