import type { Member } from '../domain/person.ts';

/** A report that people can ask for. */
export type ReportKind = 'daily' | 'weekly' | 'monthly' | 'dashboard' | 'capacity' | 'maturity';

export interface ReportRequest {
  readonly kind: ReportKind;
  /** Stable over repeated deliveries of the same command: one report comes of it. */
  readonly requestKey: string;
  /** Where it is shown. */
  readonly channel: string;
  /** Of a dashboard: the cell that it shows; absent: the whole estate. */
  readonly cell?: string;
}

/** A message of a report, by which it is drawn anew. */
export interface ReportPlace {
  readonly channel: string;
  readonly ts: string;
}

/** Makes reports, and keeps what people say of what they found. */
export interface Reports {
  /** Makes a report now, into a channel. What can't be read is said in the report. */
  post(request: ReportRequest): Promise<void>;
  /** Reports leave it out for so long. Throws `not-found` for a finding that is not known. */
  snoozeFinding(key: string, days: number, member: Member, place: ReportPlace): Promise<void>;
  /** The member looks after it. Throws `not-found`. */
  assignFinding(key: string, member: Member, place: ReportPlace): Promise<void>;
  /** No new card of this indicator for a day. Throws `not-found` for an anomaly that is not known. */
  snoozeAnomaly(id: string, member: Member): Promise<void>;
}
