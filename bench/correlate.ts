import type { AlertPlace } from '../src/domain/alert.ts';
import { correlate } from '../src/domain/correlation.ts';
import { minuteMs } from '../src/domain/duration.ts';
import { createPlaceFinder } from '../src/domain/find-place.ts';
import { type OpenTrouble, type Signal, spotOf } from '../src/domain/trouble.ts';
import { createTroubleBook } from '../src/domain/trouble-book.ts';
import { bigEstate } from './big-estate.ts';
import { percentile, shown } from './percentile.ts';
import { seededRandom } from './seeded-random.ts';

const openAlerts = 1_000;
const withinMs = 15 * minuteMs;

/**
 * Finding the place of one alert among 10,000 cells and deciding where it belongs among 1,000 open alerts, in this
 * process: once with every open alert an incident of its own, once with all of them in the regions' incidents.
 */
export function benchCorrelate(rounds: number): string {
  const estate = bigEstate();
  const placeOf = createPlaceFinder(estate);
  const random = seededRandom(3);
  const signal = (n: number, target: string, azureSeverity: Signal['azureSeverity']): Signal => {
    const place = placeOf({ resources: [target] });
    const spot = spotOf({ place, resources: [target], rule: 'r' });
    return { key: `k-${n}`, rule: 'r', place, spot, azureSeverity, at: random() * 10 * minuteMs };
  };
  const anyCell = () => estate.cells[Math.floor(random() * estate.cells.length)]?.containerAppId ?? '';
  const open = (severity: Signal['azureSeverity']) => {
    const book = createTroubleBook<OpenTrouble>(withinMs);
    let incidents = 0;
    for (let n = 0; n < openAlerts; n += 1) {
      const one = signal(n, anyCell(), severity);
      const decision = correlate(one, book, { withinMs, openedLately: 0 });
      if (decision.do === 'open') {
        incidents += 1;
        book.add(blank(`i-${n}`, n, one.place));
      }
      book.learn(book.get(decision.do === 'open' ? `i-${n}` : decision.id) as OpenTrouble, one);
    }
    return { book, incidents };
  };

  const lines = [open(4), open(1)].map(({ book, incidents }) => {
    const took: number[] = [];
    for (let n = 0; n < rounds; n += 1) {
      const began = performance.now();
      correlate(signal(n, anyCell(), n % 3 === 0 ? 4 : 1), book, { withinMs, openedLately: 0 });
      took.push(performance.now() - began);
    }
    return `in ${incidents} incidents p50 ${(percentile(took, 0.5) * 1_000).toFixed(0)} µs, p99 ${shown(percentile(took, 0.99))}`;
  });
  return `place and correlation of one alert, ${openAlerts} open alerts, ${estate.cells.length} cells: ${lines.join('; ')}; ${rounds} alerts each`;
}

function blank(id: string, number: number, place: AlertPlace): OpenTrouble {
  const marks = { spots: new Map(), reach: new Map(), cells: new Set<string>() };
  return { id, number, severity: 'P3', place, taken: false, byHand: false, storm: false, over: false, ...marks };
}
