import { hourMs, minuteMs } from './duration.ts';
import type { PageTo } from './page-target.ts';
import type { Member } from './person.ts';
import type { Severity } from './severity.ts';

/** What is done for incidents of one severity. */
export interface SeverityRule {
  /** How long until somebody must have acknowledged it; then it goes up the ladder. */
  readonly acknowledgeWithinMs: number;
  /** PagerDuty is triggered. */
  readonly page: boolean;
  /** It gets a channel of its own. */
  readonly ownChannel: boolean;
  /** Groups that are mentioned when it opens. */
  readonly tell: readonly string[];
  /** Whether its first message may say `<!channel>`. */
  readonly mentionChannel: boolean;
}

/** Whom a rung of the ladder calls. */
export interface Rung {
  /** The group that is mentioned. */
  readonly tell: string;
  /** Who is paged besides, for severities that page: another escalation policy than that of the paged service, or a person. */
  readonly page?: PageTo;
}

/** Rungs of a ladder; more would be called when the incident is long over. */
export const mostRungs = 10;

export interface IncidentPolicy {
  /** Slack channel of the cards; undefined: alerts are stored, and shown nowhere. */
  readonly channel: string | undefined;
  /** Groups whose people may declare, acknowledge, assign, resolve, page, silence. */
  readonly responders: readonly string[];
  /** Alerts of one place within so long of each other are one trouble. */
  readonly correlateWithinMs: number;
  /** In the order in which they are called when nobody acknowledges, at most `mostRungs`. */
  readonly ladder: readonly Rung[];
  readonly severities: Readonly<Record<Severity, SeverityRule>>;
  /** How long after its end an incident's own channel is archived; absent: never. */
  readonly archiveAfterMs?: number;
}

const rule = (acknowledgeWithinMs: number, page: boolean): SeverityRule => ({
  acknowledgeWithinMs,
  page,
  ownChannel: false,
  tell: [],
  mentionChannel: false,
});

/** What holds when policy.yml says nothing: clocks of the operations guide, nobody may do anything. */
export const defaultIncidentPolicy: IncidentPolicy = {
  channel: undefined,
  responders: [],
  correlateWithinMs: 15 * minuteMs,
  ladder: [],
  severities: {
    P0: rule(15 * minuteMs, true),
    P1: rule(30 * minuteMs, true),
    P2: rule(2 * hourMs, false),
    P3: rule(24 * hourMs, false),
  },
};

export function mayRespond(policy: { readonly incidents: IncidentPolicy }, member: Member): boolean {
  return member.barred === undefined && policy.incidents.responders.some((group) => member.groups.includes(group));
}
