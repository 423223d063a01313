import { useRef } from 'react';
import type { EstateSnapshot } from '../../azure/contract.ts';
import { CellTile } from './cell-tile.tsx';
import { TrafficLines } from './traffic-lines.tsx';

interface Props {
  readonly estate: EstateSnapshot;
  /** The cell chosen for the break panel. */
  readonly chosen: string | undefined;
  readonly onChoose: (cell: string) => void;
}

/** Regions and their cells with live load, and lines where a cell's traffic goes elsewhere. */
export function EstateMap({ estate, chosen, onChoose }: Props) {
  const map = useRef<HTMLDivElement>(null);
  const cells = estate.regions.flatMap((region) => region.cells);
  const helps = (name: string) =>
    cells.filter((cell) => cell.name !== name && cell.servedBy.includes(name)).map((cell) => cell.name);
  return (
    <section className="estate" aria-label="Live estate">
      <header className="pane-header">
        <h2>Live estate</h2>
        <Totals estate={estate} />
      </header>
      {estate.trouble.length > 0 && (
        <ul className="troubles" aria-label="Trouble that is on">
          {estate.trouble.map((trouble) => (
            <li key={trouble}>⚡ {trouble}</li>
          ))}
        </ul>
      )}
      <div className="map" ref={map}>
        {estate.regions.map((region) => (
          <section key={region.name} className="region" aria-label={`Region ${region.name}`}>
            <header>
              <h3>
                {region.name}
                {region.lost && <strong className="bad"> lost</strong>}
              </h3>
              <span className="quiet">
                {Math.round(region.led * 100)} % of clients{region.endpointOn ? '' : ', endpoint off'}
                {region.writes.length > 0 && `, ${region.writes.join(', ')} writes`}
              </span>
              <span className={`gateway gateway-${region.gateway}`}>
                gateway {region.gateway === 'updating' ? 'updating…' : 'idle'}
              </span>
            </header>
            {region.cells.map((cell) => (
              <CellTile
                key={cell.name}
                cell={cell}
                helps={helps(cell.name)}
                chosen={chosen === cell.name}
                onChoose={() => onChoose(cell.name)}
              />
            ))}
          </section>
        ))}
        <TrafficLines map={map} cells={cells} />
      </div>
    </section>
  );
}

function Totals({ estate }: { estate: EstateSnapshot }) {
  const cells = estate.regions.flatMap((region) => region.cells);
  const demand = cells.reduce((sum, cell) => sum + cell.demand, 0);
  const lost = cells.reduce((sum, cell) => sum + cell.demand * cell.errorShare, 0);
  return (
    <p className="totals">
      {Math.round(demand).toLocaleString()} requests/s
      {lost >= 0.5 && <strong className="bad">, {Math.round(lost).toLocaleString()} with errors</strong>}
    </p>
  );
}
