import type { AcceptedWrite } from '../../azure/contract.ts';

/** Every write that Azure took, the newest first. */
export function WritesLog({ writes }: { writes: readonly AcceptedWrite[] }) {
  return (
    <section className="log" aria-label="Writes that Azure accepted">
      <h3>Writes that Azure accepted</h3>
      {writes.length === 0 ? (
        <p className="quiet">None yet.</p>
      ) : (
        <ol>
          {writes.map((write) => (
            <li key={`${write.at} ${write.clientRequestId} ${write.path}`}>
              <time className="quiet">{new Date(write.at).toLocaleTimeString()}</time>{' '}
              <span className="method">{write.method}</span> <span title={write.path}>{shortPath(write.path)}</span>
              {!write.changed && <span className="quiet"> (changed nothing)</span>}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The end of an ARM id, where its kind and name are. */
export function shortPath(path: string): string {
  const after = path.split('/providers/').at(-1) ?? path;
  return after.split('/').slice(1).join('/');
}
