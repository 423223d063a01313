import { formatDuration, secondMs } from './duration.ts';
import type { Run } from './run.ts';

/** A moment of a run that is worth measuring: when this step was over. */
export interface Mark {
  readonly step: string;
  /** `until westus served`. */
  readonly says: string;
}

/** Milliseconds from the beginning of one step to the end of each mark, in order; undefined: not all of it is on record. */
export function timesOf(run: Pick<Run, 'steps'>, since: string, marks: readonly Mark[]): number[] | undefined {
  const newest = new Map(run.steps.map((report) => [report.stepId, report]));
  const began = newest.get(since)?.startedAt;
  const ends = marks.map(({ step }) => newest.get(step)?.finishedAt);
  if (began === undefined || ends.some((end) => end === undefined)) return undefined;
  return ends.map((end) => Math.max(0, Date.parse(end as string) - Date.parse(began)));
}

/** `42 s until westus served, 1m 12s until the last client followed`. */
export function timesInWords(times: readonly number[], marks: readonly Mark[]): string {
  return times.map((ms, index) => `${inWords(ms)} ${marks[index]?.says ?? ''}`).join(', ');
}

export function inWords(ms: number): string {
  return ms < 90 * secondMs ? `${Math.round(ms / secondMs)} s` : formatDuration(Math.round(ms / secondMs) * secondMs);
}
