import type { AlertPlace } from '../domain/alert.ts';
import type { Incident, TimelineEntry } from '../domain/incident.ts';
import type { Member } from '../domain/person.ts';
import type { Severity } from '../domain/severity.ts';
import type { IncidentDetails } from './incident-presenter.ts';

export interface Declaration {
  /** Stable over repeated deliveries of the same command: one incident comes of it. */
  readonly requestKey: string;
  readonly title: string;
  readonly severity: Severity;
  /** Undefined: global. */
  readonly place?: AlertPlace;
  /** Where its card stands when policy names no channel. */
  readonly channel: string;
}

export interface IncidentFilter {
  /** Default: open and acknowledged ones. */
  readonly ended?: boolean;
  readonly cell?: string;
  readonly limit?: number;
}

/** What the pager told: of which of an incident's pages, and when it was done there (ISO 8601). */
export interface PagerSaid {
  readonly pageKey: string;
  readonly at: string;
}

export interface PinnedMessage {
  readonly channel: string;
  /** Slack's name of it, `1795489500.000100`: the seconds since 1970. */
  readonly ts: string;
  readonly authorId: string;
  readonly text: string;
}

export interface Silence {
  /** `s-4`. */
  readonly id: string;
  readonly match: SilenceMatch;
  readonly reason: string;
  readonly createdBy: string;
  /** ISO 8601, UTC. */
  readonly startsAt: string;
  readonly endsAt: string;
  readonly endedAt?: string;
}

/** Which alerts are kept silent. All that is given must hold; at least one is given. */
export interface SilenceMatch {
  readonly cell?: string;
  readonly region?: string;
  /** Name of the rule that fires, whole, whatever its case. */
  readonly rule?: string;
}

/**
 * What a person (or PagerDuty, as `actor`) can do with incidents. Every call authorises for itself with the member's
 * groups of this moment (`mayRespond`) and throws `not-allowed`, `not-found`, `conflict`, `bad-input`.
 * The same thing said twice changes nothing.
 */
export interface Incidents {
  declare(declaration: Declaration, member: Member): Promise<Incident>;
  /** `said`: the pager told of it; otherwise it is told. */
  acknowledge(id: string, member: Member, said?: PagerSaid): Promise<Incident>;
  /** Whoever had it did not end it in time: somebody must take it again. What came after `at` stays. */
  unacknowledge(id: string, member: Member, at: string): Promise<Incident>;
  assign(id: string, assigneeId: string, member: Member): Promise<Incident>;
  /** A person's choice wins over the evidence, and stays. */
  setSeverity(id: string, severity: Severity, member: Member): Promise<Incident>;
  /** `key`: stable over repeated deliveries of the same command or form: one line comes of it, and one note in the pager. */
  note(id: string, text: string, member: Member, key: string): Promise<Incident>;
  /** Wakes the on-call for it, once an incident. `earlier`: they had been called for it before, and are not once more. */
  page(id: string, member: Member): Promise<{ incident: Incident; earlier: boolean }>;
  /** A message that people pinned becomes a line of the timeline, at its own time; pinned twice, it is one line. */
  pin(id: string, message: PinnedMessage, member: Member): Promise<Incident>;
  /** `sinceRun`: id of the run that ended the harm: then it ended with that run, if it was one on the incident's place. */
  mitigate(id: string, member: Member, sinceRun?: string): Promise<Incident>;
  /** `said` as above. */
  resolve(id: string, member: Member, said?: PagerSaid): Promise<Incident>;
  /** Everything of `id` goes over to `into`. */
  merge(id: string, into: string, member: Member): Promise<Incident>;
  /** Takes a cell's alerts out, into an incident of their own, and keeps them apart. Answers with the new one. */
  split(id: string, cell: string, member: Member): Promise<Incident>;
  incident(id: string): Promise<Incident>;
  incidents(filter: IncidentFilter): Promise<Incident[]>;
  /** All that can be told of it; `page` of its alerts counts from 0, newest first. */
  details(id: string, page: number): Promise<IncidentDetails>;
  /** A document of what happened comes into the incident's thread, once for the key. Responders only. */
  postmortem(id: string, member: Member, key: string): Promise<Incident>;
  /** Oldest first, runs on its cells among it. */
  timeline(id: string): Promise<TimelineEntry[]>;
}

export interface WantedSilence {
  /** Stable over repeated deliveries of the same command: one silence comes of it. */
  readonly requestKey: string;
  readonly match: SilenceMatch;
  readonly reason: string;
  /** ISO 8601: a window planned ahead. Undefined: now. */
  readonly startsAt?: string;
  readonly lastsMs: number;
  /** Where it is told when policy names no channel. */
  readonly channel: string;
}

/** Keeps alerts silent, always with an end. Same errors and rights as above. */
export interface Silences {
  silence(wanted: WantedSilence, member: Member): Promise<Silence>;
  /** Lets it last longer; never for more than the longest time from now. `requestKey` as above. */
  extend(id: string, byMs: number, member: Member, requestKey: string): Promise<Silence>;
  /** Ends it now: what lasts is shown. */
  end(id: string, member: Member): Promise<Silence>;
  /** Live and planned ones, the next to end first, with how many alerts each has kept silent. */
  silences(): Promise<{ silence: Silence; kept: number }[]>;
}
