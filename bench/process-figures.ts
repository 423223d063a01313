import { readFile } from 'node:fs/promises';

/** Of a process, as the kernel counts it: now, or the most so far. */
export async function megabytes(pid: number, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** User and system, of all its threads. */
export async function cpuSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? [];
  // In ticks of a hundredth of a second (proc(5)).
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
