import type { Incident } from '../domain/incident.ts';
import type { IncidentPolicy, Rung } from '../domain/incident-policy.ts';
import type { Severity } from '../domain/severity.ts';
import { databaseNow, type Queries } from '../engine/database.ts';
import { refreshIncident } from './incident-cards.ts';
import { calledGroups, type IncidentContext } from './incident-context.ts';
import { timesOf } from './incident-effects.ts';
import { calling, tellIncident } from './incident-notices.ts';
import { addToTimeline, getIncident, updateIncident } from './incident-store.ts';
import { wantRungPage } from './rung-pages.ts';
import { audit } from './transitions.ts';

/** What an incident that nobody has taken is due. */
export interface Due {
  /** Rung of the ladder that is reached, from 1; beyond the last group it stays with the last. */
  readonly rung: number;
  readonly does: 'escalate' | 'remind';
}

interface Waiting {
  readonly severity: Severity;
  readonly severity_at: string;
  readonly escalation: number;
  readonly reminded_at: string | null;
}

/**
 * What is due now, if anything. Whenever the time to acknowledge has passed once more, it goes one rung up; half-way
 * to there, whoever was called last is reminded once. Time counts from the last change of severity.
 */
export function dueOf(waiting: Waiting, policy: IncidentPolicy, now: string): Due | undefined {
  const within = policy.severities[waiting.severity].acknowledgeWithinMs;
  const sinceMs = Date.parse(now) - Date.parse(waiting.severity_at);
  const rung = Math.floor(sinceMs / within);
  if (rung > waiting.escalation) return { rung, does: 'escalate' };
  const halfway = (waiting.escalation + 0.5) * within;
  return waiting.reminded_at === null && sinceMs >= halfway ? { rung: waiting.escalation, does: 'remind' } : undefined;
}

/** Looks at every incident that nobody has taken; acts at most once for what is due, over all replicas. Answers with how many it acted on. */
export async function watchResponseClocks(context: IncidentContext): Promise<number> {
  const { database, policy } = context;
  const now = await databaseNow(database);
  const open = await database.query<Waiting & { id: string }>(
    `select id, severity, severity_at, escalation, reminded_at from stamps.incidents where state = 'open' order by severity, number`,
  );
  const due = open.filter((waiting) => dueOf(waiting, policy.incidents, now) !== undefined);
  for (const { id } of due) {
    const acted = await database.transaction((tx) => act(tx, context, id));
    if (acted) await refreshIncident(context, id);
  }
  return due.length;
}

/** Looks once more, with the row locked: somebody may have taken it meanwhile, or another replica may have acted. */
async function act(tx: Queries, context: IncidentContext, id: string): Promise<boolean> {
  const [still] = await tx.query<Waiting>(
    `select severity, severity_at, escalation, reminded_at from stamps.incidents
     where id = $1 and state = 'open' for update skip locked`,
    [id],
  );
  const due = still && dueOf(still, context.policy.incidents, await databaseNow(tx));
  if (!still || !due) return false;
  await (due.does === 'escalate' ? escalate(tx, context, id, still.escalation, due.rung) : remind(tx, context, id));
  return true;
}

async function escalate(tx: Queries, context: IncidentContext, id: string, from: number, rung: number): Promise<void> {
  const { policy } = context;
  const called = rungs(policy.incidents.ladder, from, rung);
  const groups = called.map(({ tell }) => tell);
  const incident = await getIncident(tx, id);
  const paged = await pageRungs(tx, context, incident, called);
  await updateIncident(tx, id, { escalation: rung, reminded_at: null });
  const whom = groups.length > 0 ? groups.join(', ') : 'nobody: the policy’s ladder is empty';
  await addToTimeline(tx, id, [
    {
      key: `${id}/escalated/${incident.severitySince}/${rung}`,
      kind: 'escalated',
      actor: 'stamps',
      says: `Nobody has acknowledged it; called ${whom}`,
    },
  ]);
  await tellIncident(context, tx, incident, `escalated-${incident.severitySince}-${rung}`, [
    ...calling(calledGroups(policy, groups)),
    `Nobody has acknowledged ${id}${rung > 1 ? ` yet (call ${rung})` : ''}. Press Acknowledge on its card, or say `,
    `@stamps ack here.${paged.length > 0 ? ` PagerDuty pages ${paged.join(', ')}.` : ''}`,
  ]);
  await audit(tx, 'incident-escalated', 'stamps', incident, { rung, called: groups, paged });
}

/** Those of the rungs whom the policy pages besides, each once; answers with their groups. */
async function pageRungs(
  tx: Queries,
  { policy }: IncidentContext,
  incident: Incident,
  called: readonly NumberedRung[],
): Promise<string[]> {
  if (!policy.incidents.severities[incident.severity].page) return [];
  const round = await timesOf(tx, incident.id, 'reopened');
  const paged: string[] = [];
  for (const { number, tell, page } of called) {
    if (page && (await wantRungPage(tx, incident, { rung: number, round, group: tell, to: page }))) paged.push(tell);
  }
  return paged;
}

async function remind(tx: Queries, context: IncidentContext, id: string): Promise<void> {
  const { policy } = context;
  const incident = await getIncident(tx, id);
  await updateIncident(tx, id, { reminded_at: await databaseNow(tx) });
  const { tell } = policy.incidents.severities[incident.severity];
  const { escalation } = incident;
  const called =
    escalation === 0 ? tell : rungs(policy.incidents.ladder, escalation - 1, escalation).map((rung) => rung.tell);
  await tellIncident(context, tx, incident, `reminded-${incident.severitySince}-${escalation}`, [
    ...calling(calledGroups(policy, called)),
    `Nobody has acknowledged ${id} yet. Press Acknowledge on its card if you are on it.`,
  ]);
}

interface NumberedRung extends Rung {
  /** From 1. */
  readonly number: number;
}

/** The rungs beyond `from` up to `to`; past the end of the ladder, its last. */
function rungs(ladder: readonly Rung[], from: number, to: number): NumberedRung[] {
  const numbered = ladder.map((rung, below) => ({ ...rung, number: below + 1 }));
  const passed = numbered.slice(from, to);
  return passed.length > 0 ? passed : numbered.slice(-1);
}
