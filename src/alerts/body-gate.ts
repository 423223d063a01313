/** Lets work begin while the bytes of all that is under way stay below a limit; the rest waits in line. */
export type Gate = <T>(bytes: number, work: () => Promise<T>) => Promise<T>;

/** A single piece of work may be as large as the whole limit; a larger one counts as that. */
export function createGate(limit: number): Gate {
  const line: { bytes: number; begin(): void }[] = [];
  let used = 0;

  function next(): void {
    for (let first = line[0]; first && used + first.bytes <= limit; first = line[0]) {
      line.shift();
      used += first.bytes;
      first.begin();
    }
  }

  return async (wanted, work) => {
    const bytes = Math.min(wanted, limit);
    if (line.length === 0 && used + bytes <= limit) used += bytes;
    else await new Promise<void>((begin) => line.push({ bytes, begin }));
    try {
      return await work();
    } finally {
      used -= bytes;
      next();
    }
  };
}
