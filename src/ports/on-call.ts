import type { PageTarget, PageTo } from '../domain/page-target.ts';
import type { Member } from '../domain/person.ts';

/** Somebody whom the pager can wake; names are unescaped text of strangers. */
export interface PagerPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Who is woken, and who is next when they don't answer. */
export interface EscalationPolicy {
  readonly id: string;
  readonly name: string;
}

/** Somebody's turn at a level of a policy. Times are ISO 8601, UTC; both absent: always. */
export interface OnCallShift {
  readonly policy: EscalationPolicy;
  /** 1 is woken first. */
  readonly level: number;
  readonly person: PagerPerson;
  readonly from?: string;
  readonly until?: string;
}

/** A page to a policy or a person that somebody chose. */
export interface DirectPage {
  /** Stable over repeats, at most 255 characters: one incident comes of it. */
  readonly key: string;
  readonly title: string;
  readonly details: string;
  readonly to: PageTo;
  /** E-mail of who pages: the pager wants to know. Absent: the app itself, by the login that it was given there. */
  readonly by?: string;
}

/** Words for the pager's newest incident of a key. */
export interface PagerNote {
  /** The key that the incident was opened with. */
  readonly key: string;
  /** Names the note among those of the incident; stands in it: 12 characters, 0–9 and a–f. */
  readonly marker: string;
  readonly text: string;
  /** E-mail of who writes it: the pager wants to know. */
  readonly by: string;
}

/** What a note of ours begins with, also where the pager trims its end. */
export function markOfNote(marker: string): string {
  return `[Slack ${marker}]`;
}

/** The marker of a note that may be ours; undefined: it is not. */
export function markerOfNote(text: string): string | undefined {
  return /^\[Slack ([0-9a-f]{12})\]/.exec(text)?.[1];
}

/**
 * Who answers, as the pager has it. Errors: `throttled` with retryAfterMs, `unavailable`, `timeout`, `misconfigured`
 * (token), `refused` (the pager does not know who pages), `bad-input`, `bad-response`.
 */
export interface OnCallPort {
  policies(signal: AbortSignal): Promise<EscalationPolicy[]>;
  people(signal: AbortSignal): Promise<PagerPerson[]>;
  /** The escalation policy of the service that our own pages go to; undefined: they go to no single service. */
  ownPolicy(signal: AbortSignal): Promise<EscalationPolicy | undefined>;
  /** Shifts that are now or begin within the days, of one policy or all, by policy, level and time. */
  shifts(days: number, signal: AbortSignal, policyId?: string): Promise<OnCallShift[]>;
  /** Wakes them, once for the key: it is looked for before anything is made. Answers with where to see it. */
  page(page: DirectPage, signal: AbortSignal): Promise<{ link: string }>;
  /**
   * Tells the pager that somebody has such a page, or that it is over; what is so already changes nothing. False: it has
   * no such page.
   */
  move(key: string, to: 'acknowledged' | 'resolved', signal: AbortSignal): Promise<boolean>;
  /** Writes it down there, once for its marker: that is looked for before. False: the pager has no such incident. */
  note(note: PagerNote, signal: AbortSignal): Promise<boolean>;
  /** The key of one of the pager's incidents; undefined: it has none, or is not there. */
  keyOf(pagerIncidentId: string, signal: AbortSignal): Promise<string | undefined>;
}

/** Somebody on call, as people are shown. */
export interface OnCallName {
  readonly name: string;
  /** Who they are in Slack, where that is known. */
  readonly slackId?: string;
  readonly from?: string;
  readonly until?: string;
}

/** A level of a policy: who answers now, and who is next. */
export interface OnCallTurn {
  readonly policy: EscalationPolicy;
  readonly level: number;
  readonly now: readonly OnCallName[];
  readonly next?: OnCallName;
}

/** A page that somebody sent to whom they chose. */
export interface DirectPageView {
  readonly target: string;
  readonly why: string;
  /** Slack id. */
  readonly by: string;
  readonly state: 'wanted' | 'waiting' | 'paged' | 'failed' | 'acknowledged' | 'resolved';
  /** What became of it, in words of ours or of the pager. */
  readonly says: string;
  readonly link?: string;
}

/**
 * What people ask of the on-call in Slack. Every call throws `misconfigured` when the pager's REST API is not
 * configured, and the errors of `OnCallPort`.
 */
export interface OnCallDesk {
  /** Incidents wake the on-call; false: PagerDuty is not configured, and nobody is paged for them. */
  readonly pagesIncidents: boolean;
  /** By policy and level, that of our own pages first; of one policy when it is given. */
  turns(policyId?: string): Promise<OnCallTurn[]>;
  /** Policies first, then people. */
  targets(): Promise<PageTarget[]>;
  /** What is wrong with whom the policy's ladder pages, in sentences; empty without a question where it pages nobody. */
  ladderFaults(): Promise<string[]>;
  /**
   * Wakes them, durably, and keeps a card of it in the channel. The same key again pages nobody. Throws `not-allowed`
   * for who may not respond.
   */
  page(page: { key: string; target: PageTarget; why: string; channel: string }, member: Member): Promise<void>;
}
