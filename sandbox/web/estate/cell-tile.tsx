import type { CellSnapshot } from '../../azure/contract.ts';
import { LoadBar } from './load-bar.tsx';

interface Props {
  readonly cell: CellSnapshot;
  /** Other cells whose traffic it serves. */
  readonly helps: readonly string[];
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

export function CellTile({ cell, helps, chosen, onChoose }: Props) {
  const elsewhere = cell.servedBy.filter((name) => name !== cell.name);
  const off = cell.revisions.filter((revision) => !revision.active);
  const dark = cell.revisions.length > 0 && off.length === cell.revisions.length;
  const state = cell.healthy ? (dark ? 'off' : 'healthy') : 'failing';
  return (
    <button
      type="button"
      className={`cell cell-${state}`}
      data-cell={cell.name}
      aria-pressed={chosen}
      onClick={onChoose}
    >
      <span className="cell-head">
        <span className={`dot dot-${state}`} aria-hidden="true" />
        <span className="cell-name">{cell.name}</span>
      </span>
      <span className="cell-head">
        <span className="cell-state">{state}</span>
        {cell.role === 'standby' && <span className="chip">standby</span>}
      </span>
      <LoadBar served={cell.served} demand={cell.demand} capacity={cell.capacity} />
      <span className="cell-facts">
        <span>
          <b>{Math.round(cell.served).toLocaleString()}</b>
          <span className="quiet"> / {Math.round(cell.capacity).toLocaleString()} rps</span>
        </span>
        {cell.demand > 0 && Math.abs(cell.demand - cell.served) > 1 && (
          <span>
            <b>{Math.round(cell.demand).toLocaleString()}</b> <span className="quiet">asked</span>
          </span>
        )}
        <span>
          <b>{cell.replicas}</b> <span className="quiet">{cell.replicas === 1 ? 'replica' : 'replicas'}</span>
        </span>
        {cell.tenants > 0 && (
          <span>
            <b>{cell.tenants}</b> <span className="quiet">{cell.tenants === 1 ? 'tenant' : 'tenants'}</span>
          </span>
        )}
      </span>
      {cell.errorShare > 0.0005 && (
        <span className="cell-note bad">
          {percent(cell.errorShare)} of {Math.round(cell.demand).toLocaleString()} rps get errors
        </span>
      )}
      {elsewhere.length > 0 && <span className="cell-note away">Traffic goes to {elsewhere.join(', ')}</span>}
      {helps.length > 0 && <span className="cell-note helps">Serves {helps.join(', ')}</span>}
      {off.length > 0 && !dark && (
        <span className="cell-note quiet">Off: {off.map((revision) => revision.name).join(', ')}</span>
      )}
      {dark && (
        <span className="cell-note quiet">
          {off.length === 1 ? 'Its revision is' : `All ${off.length} revisions are`} off
        </span>
      )}
      {cell.data?.lost && <span className="cell-note bad">Most of {cell.data.database} is destroyed</span>}
      {cell.data?.blobsLost && <span className="cell-note bad">Most of its blobs are destroyed</span>}
      {cell.data?.blobsBusy && <span className="cell-note quiet">Its blobs are being put back</span>}
      {cell.data && cell.data.database !== `sql-${cell.name}` && (
        <span className="cell-note helps">Works on {cell.data.database}</span>
      )}
      {cell.data && cell.data.copies.length > 0 && (
        <span className="cell-note quiet">Copies: {cell.data.copies.join(', ')}</span>
      )}
      {cell.silencedUntil !== undefined && (
        <span className="cell-note quiet">🔕 Alert silent until {clock(cell.silencedUntil)}</span>
      )}
    </button>
  );
}

function percent(share: number): string {
  const value = share * 100;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function clock(iso: string): string {
  const at = new Date(iso);
  return at.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
}
