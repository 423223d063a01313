import { type RefObject, useEffect, useState } from 'react';
import type { CellSnapshot } from '../../azure/contract.ts';

interface Line {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

/** Curves from a cell to whatever serves its traffic in its place; the tiles say the same in words. */
export function TrafficLines({ map, cells }: { map: RefObject<HTMLElement | null>; cells: readonly CellSnapshot[] }) {
  const routes = cells.flatMap((cell) =>
    cell.servedBy.filter((to) => to !== cell.name).map((to) => ({ from: cell.name, to })),
  );
  const [lines, setLines] = useState<readonly Line[]>([]);
  const wanted = routes.map(({ from, to }) => `${from}>${to}`).join(' ');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for the routes
  useEffect(() => {
    const frame = map.current;
    if (!frame) return;
    const draw = () =>
      setLines(
        routes.flatMap(({ from, to }) => {
          const path = curve(frame, from, to);
          return path === undefined ? [] : [{ from, to, path }];
        }),
      );
    draw();
    const sizes = new ResizeObserver(draw);
    sizes.observe(frame);
    for (const tile of frame.querySelectorAll('[data-cell]')) sizes.observe(tile);
    return () => sizes.disconnect();
  }, [map, wanted]);

  return (
    <svg className="lines" aria-hidden="true">
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="5" markerHeight="5" orient="auto">
          <path d="M0 0L8 4L0 8z" />
        </marker>
      </defs>
      {lines.map(({ from, to, path }) => (
        <path key={`${from} ${to}`} d={path} markerEnd="url(#arrow)" />
      ))}
    </svg>
  );
}

/** From the side of one tile to the facing side of the other. */
function curve(frame: HTMLElement, from: string, to: string): string | undefined {
  const tile = (name: string) => frame.querySelector(`[data-cell="${CSS.escape(name)}"]`)?.getBoundingClientRect();
  const [a, b] = [tile(from), tile(to)];
  if (!a || !b) return undefined;
  const origin = frame.getBoundingClientRect();
  const rightward = b.left >= a.right;
  const sameColumn = !rightward && b.right > a.left;
  const x1 = (rightward || sameColumn ? a.right : a.left) - origin.left;
  const x2 = (rightward ? b.left : b.right) - origin.left;
  const y1 = a.top + a.height / 2 - origin.top;
  const y2 = b.top + b.height / 2 - origin.top;
  const bend = sameColumn ? 28 : (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 + (sameColumn ? bend : -bend)} ${y2} ${x2} ${y2}`;
}
