import type { SlackMessage } from '../../slack/contract.ts';

type SlackFile = NonNullable<SlackMessage['files']>[number];

const previewLength = 4_000;

/** A file in a message: a picture as it is, a text's beginning on demand, the whole as a download. */
export function FileCard({ file }: { file: SlackFile }) {
  const { size } = file;
  const isPicture = file.type.startsWith('image/');
  const address = `/api/files/${encodeURIComponent(file.id)}`;
  return (
    <div className="file">
      <div className="file-head">
        <span className="file-icon" aria-hidden="true">
          {isPicture ? '🖼' : '📄'}
        </span>
        <span className="person">
          <span className="person-name">{file.title || file.name}</span>
          <span className="quiet">
            {file.name}, {size < 1_000 ? `${size} bytes` : `${(size / 1_000).toFixed(1)} kB`}
          </span>
        </span>
        <a className="button" href={address} download={file.name}>
          Download<span className="hidden"> {file.name}</span>
        </a>
      </div>
      {isPicture ? (
        <img className="image" src={address} alt={file.title} />
      ) : (
        <details>
          <summary>Preview</summary>
          <pre>
            {file.text.slice(0, previewLength)}
            {file.text.length > previewLength && '\n…'}
          </pre>
        </details>
      )}
    </div>
  );
}
