import type { AlertPlace } from '../domain/alert.ts';
import type { FittingPlaybook } from '../domain/fitting-playbook.ts';
import type { Incident, TimelineEntry } from '../domain/incident.ts';
import type { Run } from '../domain/run.ts';
import type { MessageContent } from './chat.ts';
import type { Presenter } from './presenter.ts';

/** A group of people with how Slack calls them. */
export interface CalledGroup {
  readonly group: string;
  readonly slackGroup?: string;
  readonly people: readonly string[];
}

/** One alert of an incident, for a line of a list. Its texts are strangers'. */
export interface AlertLine {
  readonly rule: string;
  readonly description: string;
  readonly place: AlertPlace;
  readonly azureSeverity: number;
  /** ISO 8601, by the sender's clock. */
  readonly firedAt: string;
  /** ISO 8601; absent: it still fires. */
  readonly resolvedAt?: string;
  /** What was measured against what, as a line of plain text. */
  readonly measured?: string;
  /** https. */
  readonly link?: string;
}

/** Something that changed where the trouble is, not long before it. */
export interface RecentChange {
  /** ISO 8601. */
  readonly at: string;
  /** A line of plain text. */
  readonly says: string;
}

/** The metric that an incident is about, as an uploaded picture. */
export interface Graph {
  readonly fileId: string;
  readonly altText: string;
}

/** An incident with all that its card shows. */
export interface IncidentView {
  readonly incident: Incident;
  /** Called when the card is posted. */
  readonly tell: readonly CalledGroup[];
  readonly mentionChannel: boolean;
  /** While nobody has acknowledged it: until when somebody must, and who is told then. */
  readonly clock?: { readonly until: string; readonly calls: readonly string[] };
  /** The worst of its firing alerts first; a few of them. */
  readonly alerts: readonly AlertLine[];
  /** Why the newest alert joined it, as correlation put it. */
  readonly joined?: string;
  readonly graph?: Graph;
  /** Newest first. */
  readonly lately: readonly RecentChange[];
  /** Runs on its cells that are open or were done since it began. */
  readonly runs: readonly Run[];
  readonly fits?: FittingPlaybook;
  /** How far the page is, in words; absent: nobody was paged. */
  readonly page?: string;
  /** A status page is configured, so it can be told. */
  readonly statusPage: boolean;
}

/** An incident in full. */
export interface IncidentDetails {
  readonly view: IncidentView;
  /** One page of all its alerts, newest first; `page` counts from 0. */
  readonly alerts: { readonly page: number; readonly pages: number; readonly lines: readonly AlertLine[] };
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
}

/** Turns incidents into what people see. Pure; `blocks` implements it. */
export interface IncidentPresenter extends Pick<Presenter, 'notice'> {
  /** The living card. */
  incidentCard(view: IncidentView): MessageContent;
  /** Where the post-mortem is: at `url`, else a file in the thread, with the graph that it speaks of. */
  postmortemMade(incident: Incident, made: { url?: string | undefined; graphs?: readonly Graph[] }): MessageContent;
  /** Whether the harm is over since this run; one click says so. */
  harmQuestion(incident: string, question: { readonly says: string; readonly run: string }): MessageContent;
}
