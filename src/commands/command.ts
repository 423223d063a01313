import type { DeclaredRules } from '../domain/alert-rule.ts';
import type { Policy } from '../domain/approval.ts';
import type { Estate } from '../domain/estate.ts';
import type { Member } from '../domain/person.ts';
import type { KpiDesk } from '../kpis/create-kpis.ts';
import type { AzurePorts } from '../ports/azure.ts';
import type { ChatPort, MessageContent } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Incidents, Silences } from '../ports/incidents.ts';
import type { IncomingCommand } from '../ports/incoming.ts';
import type { OnCallDesk } from '../ports/on-call.ts';
import type { Operations } from '../ports/operations.ts';
import type { PeoplePort } from '../ports/people.ts';
import type { ProbesPort } from '../ports/probes.ts';
import type { Reports } from '../ports/reports.ts';
import type { ScalingDesk } from '../ports/scaling.ts';
import type { StatusDesk } from '../ports/status-page.ts';
import type { UnreadAlertsDesk } from '../ports/unread-alerts.ts';

/** What commands and interactions work with; each names the part that it needs. */
export interface Services {
  readonly operations: Operations;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly unreadAlerts: UnreadAlertsDesk;
  readonly people: PeoplePort;
  readonly chat: ChatPort;
  readonly estate: Estate;
  readonly policy: Policy;
  /** Absent when Azure is not configured. */
  readonly azure?: AzurePorts;
  /** What alert-rules.yml says; absent: there is no such file. */
  readonly alertRules?: DeclaredRules | undefined;
  readonly reports: Reports;
  readonly kpis: KpiDesk;
  readonly onCall: OnCallDesk;
  /** What clients see; absent: nobody looks from outside. */
  readonly probes?: ProbesPort;
  readonly statusPage: StatusDesk;
  readonly scaling: ScalingDesk;
  readonly clock: Clock;
}

export interface CommandContext extends Services {
  /** Who typed it, with the groups of this moment. */
  readonly member: Member;
  readonly incoming: IncomingCommand;
}

/** One subcommand of `/stamps`. Help, the manifest test and the loop read the same record. */
export interface Command {
  /** One or two words: `lease extend`. */
  readonly name: string;
  /** What to type behind `/stamps`. */
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  /** It requests or decides something: then Slack is asked anew who the person is. */
  readonly acts: boolean;
  /** Whether to show and take it at all. What it does is authorised once more, on the very run. */
  may(member: Member, policy: Policy): boolean;
  /** It takes seconds: the person is told this first. */
  readonly meanwhile?: string;
  /** Answers with what the person alone sees; undefined: it has answered itself. `text` stands behind the name, as typed. */
  run(text: string, context: CommandContext): Promise<MessageContent | undefined>;
}
