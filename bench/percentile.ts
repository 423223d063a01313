/** The value below which so much of the sorted sample lies; nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const shown = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
