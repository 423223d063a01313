import type { EstateSnapshot } from '../../azure/contract.ts';
import type { Fault } from './fault.ts';

interface Props {
  readonly estate: EstateSnapshot;
  readonly chosen: string | undefined;
  readonly onChoose: (cell: string) => void;
  readonly fault: Fault;
}

/** From the block of addresses kept for documentation (RFC 5737): nobody answers there. */
const nowhere = '192.0.2.10';

/** One cell: fail it, or change its resources behind the bot's back. */
export function CellTrouble({ estate, chosen, onChoose, fault }: Props) {
  const cells = estate.regions.flatMap((region) => region.cells);
  const cell = cells.find((candidate) => candidate.name === chosen) ?? cells[0];
  if (!cell) return null;
  const lost = estate.regions.some(({ name, lost }) => lost && name === cell.region);
  return (
    <fieldset className="trouble">
      <legend>
        <label>
          Cell{' '}
          <select className="select" value={cell.name} onChange={(event) => onChoose(event.target.value)}>
            {estate.regions.map((region) => (
              <optgroup key={region.name} label={region.name}>
                {region.cells.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
      </legend>
      <div className="trouble-buttons">
        {lost ? (
          <p className="quiet">
            All of {cell.region} is lost, and {cell.name} with it: heal the region.
          </p>
        ) : cell.healthy ? (
          <button type="button" className="button danger" onClick={() => fault({ do: 'fail-cell', cell: cell.name })}>
            Fail {cell.name}
          </button>
        ) : (
          <button type="button" className="button primary" onClick={() => fault({ do: 'heal-cell', cell: cell.name })}>
            Heal {cell.name}
          </button>
        )}
        {cell.data && !cell.data.lost && (
          <button type="button" className="button danger" onClick={() => fault({ do: 'lose-data', cell: cell.name })}>
            Destroy its data
          </button>
        )}
        {cell.data && cell.data.copies.length > 0 && (
          <button type="button" className="button" onClick={() => fault({ do: 'grant-copies', cell: cell.name })}>
            Let its app use the copies
          </button>
        )}
      </div>
      <h3>Demand of its tenants</h3>
      <p>A sustained load is proposed for scaling after the next whole window: about 10 to 15 minutes.</p>
      <div className="trouble-buttons">
        <TimesTheUsual
          of={[0.3, 1, 1.6, 2]}
          onChoose={(times) => fault({ do: 'set-demand', cell: cell.name, times })}
        />
      </div>
      <h3>
        Its database: {cell.sql.objective}
        {cell.sql.requested && `, becomes ${cell.sql.requested}`}
      </h3>
      <p>What its queries take of it. A database that is full for a window is proposed for a larger one.</p>
      <div className="trouble-buttons">
        <TimesTheUsual
          of={[0.3, 1, 2, 4]}
          now={cell.sql.times}
          onChoose={(times) => fault({ do: 'sql-load', cell: cell.name, times })}
        />
        <button
          type="button"
          className="button"
          onClick={() => fault({ do: 'pooled-sql', cell: cell.name, on: !cell.sql.pooled })}
        >
          {cell.sql.pooled ? 'Take it out of the elastic pool' : 'Put it into an elastic pool'}
        </button>
        {!cell.sql.replicated && (
          <button type="button" className="button" onClick={() => fault({ do: 'replicate-sql', cell: cell.name })}>
            Give it a geo-secondary
          </button>
        )}
      </div>
      <h3>Behind the bot’s back</h3>
      <div className="trouble-buttons">
        <button
          type="button"
          className="button"
          onClick={() => fault({ do: 'set-pool', cell: cell.name, addresses: [nowhere] })}
        >
          Point its pool at {nowhere}
        </button>
        {cell.data && (
          <button
            type="button"
            className="button"
            onClick={() => fault({ do: 'blob-restore', cell: cell.name, on: !cell.data?.blobsRestore })}
          >
            Switch the restore of its blobs {cell.data.blobsRestore ? 'off' : 'on'}
          </button>
        )}
        {cell.data && (
          <button
            type="button"
            className="button"
            onClick={() =>
              fault({ do: 'sql-user', cell: cell.name, user: cell.data?.botInSql === true ? 'none' : 'all' })
            }
          >
            {cell.data.botInSql ? 'Take the bot’s user out of its SQL' : 'Let the bot into its SQL'}
          </button>
        )}
        {cell.revisions.map((revision) => (
          <button
            key={revision.name}
            type="button"
            className="button"
            onClick={() =>
              fault({ do: 'set-revision', cell: cell.name, revision: revision.name, active: !revision.active })
            }
          >
            Switch {revision.name} {revision.active ? 'off' : 'on'}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

interface TimesProps {
  readonly of: readonly number[];
  /** Which of them it is, where the page knows. */
  readonly now?: number;
  readonly onChoose: (times: number) => void;
}

function TimesTheUsual({ of, now, onChoose }: TimesProps) {
  return of.map((times) => (
    <button
      key={times}
      type="button"
      className={now === undefined ? 'button' : 'button toggle'}
      aria-pressed={now === undefined ? undefined : now === times}
      onClick={() => onChoose(times)}
    >
      {times === 1 ? 'As usual' : `${times} × the usual`}
    </button>
  ));
}
