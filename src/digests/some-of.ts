const most = 3;

/** `cell-a, cell-b`; of many the first: `cell-a, cell-b, cell-c and 4 more`. */
export function someOf(names: readonly string[]): string {
  const left = names.length - most;
  return `${names.slice(0, most).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
