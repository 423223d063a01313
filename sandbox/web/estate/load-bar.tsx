interface Props {
  /** Requests a second, as the others. */
  readonly served: number;
  readonly demand: number;
  readonly capacity: number;
}

/** How much of what a cell can do it does; a mark shows what its tenants ask for, where that differs. */
export function LoadBar({ served, demand, capacity }: Props) {
  const share = capacity > 0 ? served / capacity : served > 0 ? 1 : 0;
  const wanted = capacity > 0 ? Math.min(1, demand / capacity) : 0;
  const level = share > 0.95 ? 'full' : share > 0.8 ? 'tight' : 'fine';
  return (
    <span className="load" role="img" aria-label={`Load ${Math.round(share * 100)} percent of capacity`}>
      <span className={`load-fill load-${level}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
      {wanted > 0 && Math.abs(demand - served) > 1 && (
        <span className="load-wanted" style={{ left: `${wanted * 99}%` }} />
      )}
    </span>
  );
}
