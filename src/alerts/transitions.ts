import { stillFiring } from '../blocks/incident-words.ts';
import { type Incident, isLive } from '../domain/incident.ts';
import type { JsonObject } from '../domain/json.ts';
import { type Severity, worse } from '../domain/severity.ts';
import { appendAudit } from '../engine/audit.ts';
import { databaseNow, type Queries } from '../engine/database.ts';
import { incidentPageKey } from '../engine/pages.ts';
import { OpsError } from '../errors.ts';
import type { PagerSaid } from '../ports/incidents.ts';
import { calledGroups, type IncidentContext } from './incident-context.ts';
import { pageIncident, tellPager, timesOf, wantOwnChannel } from './incident-effects.ts';
import { calling, tellIncident } from './incident-notices.ts';
import { addToTimeline, getIncident, updateIncident } from './incident-store.ts';

type Context = Pick<IncidentContext, 'policy' | 'presenter'>;

/**
 * How an incident moves, whoever moves it: a person (Slack id), the evidence (`stamps`), or PagerDuty (`pagerduty`).
 * Each works in the caller's transaction with the incident's row locked (`lockIncident`), writes the timeline, the
 * audit chain and what is wanted outside, and asks nobody's right: that is done before. Draw the card afterwards.
 */

/** An incident has just been opened: wakes and tells whom the policy names. `because`: `the alert … fired`. */
export async function opened(tx: Queries, context: Context, incident: Incident, because: string): Promise<void> {
  const { id, severity, title } = incident;
  const actor = incident.declaredBy ?? 'stamps';
  await addToTimeline(tx, id, [
    { key: `${id}/opened`, kind: 'opened', actor, says: `Opened as ${severity}: ${title}; ${because}` },
  ]);
  await wakeFor(tx, context, incident, because);
  await audit(tx, 'incident-opened', actor, incident, { title, severity, because });
}

/** What the policy says for its severity: the page, once each time it opens, and the channel, once. */
async function wakeFor(tx: Queries, context: Context, incident: Incident, because: string): Promise<void> {
  if (context.policy.incidents.severities[incident.severity].page) await pageIncident(tx, incident, because);
  await wantOwnChannel(tx, context, incident);
}

/**
 * Somebody takes it; whoever does so first has it. `said`: of which page PagerDuty told, and when it was done there; it
 * is told of the others.
 */
export async function acknowledged(
  tx: Queries,
  context: Context,
  incident: Incident,
  actor: string,
  said?: PagerSaid,
): Promise<Incident> {
  mustBeLive(incident);
  if (incident.state === 'acknowledged') return incident;
  const { id } = incident;
  const isPerson = actor !== 'pagerduty' && actor !== 'stamps';
  const now = await databaseNow(tx);
  await updateIncident(tx, id, {
    state: 'acknowledged',
    acknowledged_at: said === undefined ? now : between(incident.detectedAt, said.at, now),
    acknowledged_by: actor,
    ...(incident.assigneeId === undefined && isPerson && { assignee_id: actor }),
  });
  await addToTimeline(tx, id, [{ kind: 'acknowledged', actor, says: 'Acknowledged' }]);
  const again = await timesOf(tx, id, 'unacknowledged');
  await tellIncident(context, tx, incident, again === 0 ? 'acknowledged' : `acknowledged-${again}`, [
    'Acknowledged by ',
    by(actor),
    '.',
  ]);
  await tellPager(tx, id, 'acknowledged', saidOf(id, actor, said));
  await audit(tx, 'incident-acknowledged', actor, incident, {});
  return getIncident(tx, id);
}

/**
 * The acknowledgement was taken back, as PagerDuty does when it has lasted too long: nobody has it any more, those whom
 * the policy tells are called, and the response clock starts anew. PagerDuty itself wakes whom it wakes. What came
 * after `at`, an acknowledgement or an end, stays.
 */
export async function unacknowledged(
  tx: Queries,
  context: Context,
  incident: Incident,
  actor: string,
  at: string,
): Promise<Incident> {
  mustBeLive(incident);
  const { id, severity, acknowledgedAt, acknowledgedBy, assigneeId } = incident;
  if (incident.state === 'open' || (acknowledgedAt !== undefined && acknowledgedAt > at)) return incident;
  await updateIncident(tx, id, {
    state: 'open',
    severity_at: await databaseNow(tx),
    escalation: 0,
    reminded_at: null,
    // Who was given it by somebody keeps it; who had it by acknowledging has it no more.
    ...(assigneeId === acknowledgedBy && { assignee_id: null }),
  });
  await addToTimeline(tx, id, [
    { kind: 'unacknowledged', actor, says: 'Nobody has it any more: the acknowledgement timed out', at },
  ]);
  const now = await getIncident(tx, id);
  const { tell } = context.policy.incidents.severities[severity];
  await tellIncident(context, tx, now, `unacknowledged-${await timesOf(tx, id, 'unacknowledged')}`, [
    ...calling(calledGroups(context.policy, tell)),
    'Nobody has it any more: the acknowledgement timed out in PagerDuty. Press Acknowledge on its card if you are on it.',
  ]);
  await audit(tx, 'incident-unacknowledged', actor, incident, { at });
  return now;
}

/**
 * The severity changes, and its response clock starts anew. `actor` `stamps`: the evidence says so, which never
 * overrules a person. A worse one pages and tells as if the incident opened now.
 */
export async function severityChanged(
  tx: Queries,
  context: Context,
  incident: Incident,
  severity: Severity,
  actor: string,
  because: string,
): Promise<Incident> {
  mustBeLive(incident);
  const { id, severity: before } = incident;
  const isEvidence = actor === 'stamps';
  if (isEvidence && incident.severityBy !== 'evidence') return incident;
  const chosenBy = isEvidence ? 'evidence' : actor;
  if (severity === before && (isEvidence || incident.severityBy !== 'evidence')) return incident;
  if (severity === before) {
    // Somebody stands by what the evidence says: from now on it stays.
    await updateIncident(tx, id, { severity_by: chosenBy });
  } else {
    await updateIncident(tx, id, {
      severity,
      severity_by: chosenBy,
      severity_at: await databaseNow(tx),
      escalation: 0,
      reminded_at: null,
    });
  }
  const says = severity === before ? `Stays ${severity}` : `${before} → ${severity}`;
  await addToTimeline(tx, id, [{ kind: 'severity', actor, says: because === '' ? says : `${says}: ${because}` }]);
  const now = await getIncident(tx, id);
  if (severity !== before && worse(severity, before) === severity) {
    const { tell } = context.policy.incidents.severities[severity];
    await tellIncident(context, tx, now, `severity-${severity}`, [
      ...calling(calledGroups(context.policy, tell)),
      `Raised from ${before} to ${severity}`,
      ...(isEvidence ? [`: ${because}`] : [' by ', by(actor)]),
      '.',
    ]);
    await wakeFor(tx, context, now, because === '' ? `raised from ${before}` : because);
  }
  await audit(tx, 'incident-severity', actor, incident, { before, severity, because });
  return now;
}

/** The trouble is over. `because`: why the evidence says so; empty for a person. `said` as above. */
export async function resolved(
  tx: Queries,
  context: Context,
  incident: Incident,
  actor: string,
  because = '',
  said?: PagerSaid,
): Promise<Incident> {
  if (incident.state === 'resolved') return incident;
  mustBeLive(incident);
  const { id, alerts } = incident;
  await updateIncident(tx, id, { state: 'resolved', resolved_at: await databaseNow(tx), resolved_by: actor });
  const still = alerts.firing > 0 ? `; ${stillFiring(alerts.firing)}` : '';
  const says = `Resolved${because === '' ? '' : `: ${because}`}${still}`;
  await addToTimeline(tx, id, [{ kind: 'resolved', actor, says }]);
  await tellIncident(context, tx, incident, 'resolved', [
    'Resolved by ',
    by(actor),
    because === '' ? '' : `: ${because}`,
    `${still}.`,
  ]);
  await tellPager(tx, id, 'resolved', saidOf(id, actor, said));
  await audit(tx, 'incident-resolved', actor, incident, { because, stillFiring: alerts.firing });
  return getIncident(tx, id);
}

/** Its trouble is back: somebody must take it again, so people are woken and told as if it opened now. */
export async function reopened(tx: Queries, context: Context, incident: Incident, because: string): Promise<void> {
  const { id, severity } = incident;
  await updateIncident(tx, id, {
    state: 'open',
    resolved_at: null,
    resolved_by: null,
    // The response clock starts anew.
    severity_at: await databaseNow(tx),
    escalation: 0,
    reminded_at: null,
  });
  await addToTimeline(tx, id, [{ kind: 'reopened', actor: 'stamps', says: `The trouble is back: ${because}` }]);
  const now = await getIncident(tx, id);
  const { tell } = context.policy.incidents.severities[severity];
  await tellIncident(context, tx, now, `reopened-${await timesOf(tx, id, 'reopened')}`, [
    ...calling(calledGroups(context.policy, tell)),
    `The trouble is back: ${because}.`,
  ]);
  await wakeFor(tx, context, now, `the trouble is back: ${because}`);
  await audit(tx, 'incident-reopened', 'stamps', incident, { because });
}

/** Throws `conflict` for an incident that has ended. */
export function mustBeLive(incident: Incident): void {
  if (isLive(incident.state)) return;
  const { id, state, mergedInto } = incident;
  throw new OpsError(
    'conflict',
    state === 'merged' ? `${id} was merged into ${mergedInto}.` : `${id} is resolved already.`,
    {
      hint:
        state === 'merged'
          ? `Do it with ${mergedInto}.`
          : 'If the trouble is back, declare a new one: `/stamps incident declare "…" P1`.',
    },
  );
}

/** The page of which PagerDuty told, if it did. */
function saidOf(incidentId: string, actor: string, said: PagerSaid | undefined): string | undefined {
  return said?.pageKey ?? (actor === 'pagerduty' ? incidentPageKey(incidentId) : undefined);
}

/** A moment of another clock, kept within what is possible by ours. */
function between(earliest: string, at: string, latest: string): string {
  return at < earliest ? earliest : at > latest ? latest : at;
}

/** A person as a mention, anything else by its name. */
export function by(actor: string): string | { person: string } {
  if (actor === 'stamps') return 'Stamps';
  return actor === 'pagerduty' ? 'PagerDuty' : { person: actor };
}

export async function audit(
  tx: Queries,
  kind: string,
  actor: string,
  incident: Pick<Incident, 'id'>,
  body: JsonObject,
): Promise<void> {
  await appendAudit(tx, [{ kind, actor, body: { incident: incident.id, ...body } }]);
}
