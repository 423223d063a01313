/** How much of what a cell can do it does; the mark is where it gets tight. */
export function LoadBar({ served, capacity }: { served: number; capacity: number }) {
  const share = capacity > 0 ? served / capacity : served > 0 ? 1 : 0;
  const level = share > 0.95 ? 'full' : share > 0.8 ? 'tight' : 'fine';
  return (
    <span className="load" role="img" aria-label={`Load ${Math.round(share * 100)} percent of capacity`}>
      <span className={`load-fill load-${level}`} style={{ width: `${Math.min(100, share * 100)}%` }} />
    </span>
  );
}
