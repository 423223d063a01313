import type { Incident, TimelineEntry } from '../domain/incident.ts';
import type { Run } from '../domain/run.ts';
import type { AlertLine, Graph, RecentChange } from '../ports/incident-presenter.ts';

/** All that a post-mortem is made of. */
export interface PostmortemParts {
  readonly incident: Incident;
  readonly timeline: readonly TimelineEntry[];
  /** Newest first; `total` may be more. */
  readonly alerts: { readonly lines: readonly AlertLine[]; readonly total: number };
  /** Oldest first. */
  readonly runs: readonly Run[];
  /** Of what its alerts watched, the worst first. `address`: where it is seen in Slack; absent: nowhere that could be told. */
  readonly graphs: readonly (Pick<Graph, 'altText'> & { readonly address?: string | undefined })[];
  /** What changed there before it, newest first. */
  readonly lately: readonly RecentChange[];
  /** By Slack id. Who is not in it is shown by the id. */
  readonly names: ReadonlyMap<string, string>;
  readonly acknowledgeWithinMs: number;
  readonly madeAt: string;
}
