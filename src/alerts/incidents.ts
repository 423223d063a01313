import { shown } from '../domain/estate.ts';
import type { Incident } from '../domain/incident.ts';
import { mayRespond } from '../domain/incident-policy.ts';
import type { Member } from '../domain/person.ts';
import { databaseNow, type Queries } from '../engine/database.ts';
import { OpsError } from '../errors.ts';
import type { Declaration, Incidents } from '../ports/incidents.ts';
import { endOfHelp } from './helpful-runs.ts';
import { refreshIncident } from './incident-cards.ts';
import type { IncidentDeskContext } from './incident-context.ts';
import { readDetails } from './incident-details.ts';
import { pageIncident, pageStanding } from './incident-effects.ts';
import { tellIncident } from './incident-notices.ts';
import {
  addToTimeline,
  findIncidents,
  getIncident,
  lockIncident,
  openIncident,
  updateIncident,
} from './incident-store.ts';
import { readWholeTimeline } from './incident-timeline.ts';
import { mergeIncidents } from './merge-incidents.ts';
import { noteKey, wantPagerNote } from './pager-notes.ts';
import { wantPostmortem } from './publish-postmortem.ts';
import { splitIncident } from './split-incident.ts';
import { acknowledged, audit, mustBeLive, opened, resolved, severityChanged, unacknowledged } from './transitions.ts';

/** Of a pinned message, in the timeline. */
const longestPinned = 2_000;

/** Incidents as people work with them: the right, the transition, and the card drawn anew. */
export function createIncidents(context: IncidentDeskContext): Incidents {
  const { database, policy } = context;

  function mustRespond(member: Member): void {
    if (mayRespond(policy, member)) return;
    const { responders } = policy.incidents;
    throw new OpsError('not-allowed', 'The policy does not let you work on incidents.', {
      hint:
        responders.length > 0
          ? `It is for ${responders.join(', ')}.`
          : 'It names no responders, so nobody may: set incidents › responders in the policy file.',
    });
  }

  /** One transition with the incident's row locked, then its card. */
  async function move(id: string, work: (tx: Queries, incident: Incident) => Promise<unknown>): Promise<Incident> {
    await database.transaction(async (tx) => void (await work(tx, await lockIncident(tx, id))));
    return drawn(id);
  }

  async function drawn(id: string): Promise<Incident> {
    await refreshIncident(context, id);
    return getIncident(database, id);
  }

  async function declare(declaration: Declaration, member: Member): Promise<Incident> {
    const { requestKey, title, severity, place = { scope: 'global' }, channel } = declaration;
    const id = await database.transaction(async (tx) => {
      const { incident, opened: isNew } = await openIncident(tx, {
        requestKey,
        title,
        severity,
        severityBy: member.id,
        place,
        cells: place.scope === 'cell' ? [place.cell] : [],
        channel: policy.incidents.channel ?? channel,
        declaredBy: member.id,
        startedAt: await databaseNow(tx),
      });
      if (isNew) await opened(tx, context, incident, `declared by ${member.name}`);
      return incident.id;
    });
    return drawn(id);
  }

  return {
    async declare(declaration, member) {
      mustRespond(member);
      return declare(declaration, member);
    },
    async acknowledge(id, member, said) {
      mustRespond(member);
      return move(id, (tx, incident) => acknowledged(tx, context, incident, member.id, said));
    },
    async unacknowledge(id, member, at) {
      mustRespond(member);
      return move(id, (tx, incident) => unacknowledged(tx, context, incident, member.id, at));
    },
    async assign(id, assigneeId, member) {
      mustRespond(member);
      return move(id, async (tx, incident) => {
        mustBeLive(incident);
        if (incident.assigneeId === assigneeId) return;
        await updateIncident(tx, id, { assignee_id: assigneeId });
        await addToTimeline(tx, id, [{ kind: 'assigned', actor: member.id, says: `Assigned to ${assigneeId}` }]);
        await tellIncident(context, tx, incident, 'assigned', [
          'Assigned to ',
          { person: assigneeId },
          ...(assigneeId === member.id ? ['.'] : [' by ', { person: member.id }, '.']),
        ]);
        await audit(tx, 'incident-assigned', member.id, incident, { assignee: assigneeId });
      });
    },
    async setSeverity(id, severity, member) {
      mustRespond(member);
      return move(id, (tx, incident) => severityChanged(tx, context, incident, severity, member.id, ''));
    },
    async note(id, text, member, key) {
      mustRespond(member);
      return move(id, async (tx, incident) => {
        await addToTimeline(tx, id, [{ key: noteKey(key), kind: 'note', actor: member.id, says: text }]);
        await wantPagerNote(tx, incident, { key, text, member });
        await audit(tx, 'incident-note', member.id, incident, { text });
      });
    },
    async pin(id, { channel, ts, authorId, text }, member) {
      mustRespond(member);
      return move(id, async (tx, incident) => {
        const at = new Date(Number.parseFloat(ts) * 1_000).toISOString();
        const says = text.slice(0, longestPinned);
        await addToTimeline(tx, id, [{ key: `pin/${channel}/${ts}`, kind: 'message', actor: authorId, says, at }]);
        await audit(tx, 'incident-message', member.id, incident, { author: authorId, at, text: says });
      });
    },
    async page(id, member) {
      mustRespond(member);
      let earlier = false;
      const incident = await move(id, async (tx, incident) => {
        mustBeLive(incident);
        earlier = (await pageStanding(tx, id)) !== undefined;
        if (earlier) return;
        await pageIncident(tx, incident, `${member.name} asked for help`);
        await addToTimeline(tx, id, [{ kind: 'page', actor: member.id, says: 'The on-call is being paged' }]);
        await audit(tx, 'incident-paged', member.id, incident, {});
      });
      return { incident, earlier };
    },
    async mitigate(id, member, sinceRun) {
      mustRespond(member);
      return move(id, async (tx, incident) => {
        mustBeLive(incident);
        if (incident.mitigatedAt !== undefined) return;
        const ended = sinceRun === undefined ? undefined : await endOfHelp(tx, id, sinceRun);
        await updateIncident(tx, id, { mitigated_at: ended ?? (await databaseNow(tx)) });
        const says = ended === undefined ? 'The harm is over' : `The harm is over since ${sinceRun} was done`;
        await addToTimeline(tx, id, [{ kind: 'mitigated', actor: member.id, says }]);
        await tellIncident(context, tx, incident, 'mitigated', [
          'Mitigated: ',
          { person: member.id },
          ' says that the harm is over.',
        ]);
        await audit(
          tx,
          'incident-mitigated',
          member.id,
          incident,
          ended === undefined ? {} : { run: sinceRun ?? '', at: ended },
        );
      });
    },
    async resolve(id, member, said) {
      mustRespond(member);
      return move(id, (tx, incident) => resolved(tx, context, incident, member.id, '', said));
    },
    async merge(id, into, member) {
      mustRespond(member);
      if (id === into) throw new OpsError('bad-input', `${shown(id)} can’t be merged into itself.`);
      await database.transaction((tx) => mergeIncidents(tx, context, id, into, member.id));
      await drawn(id);
      return drawn(into);
    },
    async split(id, cell, member) {
      mustRespond(member);
      const newId = await database.transaction((tx) => splitIncident(tx, context, id, cell, member.id));
      await drawn(id);
      return drawn(newId);
    },
    incident: (id) => getIncident(database, id),
    incidents: (filter) => findIncidents(database, filter),
    details: (id, page) => readDetails(context, id, page),
    async postmortem(id, member, key) {
      mustRespond(member);
      return database.transaction(async (tx) => {
        const incident = await getIncident(tx, id);
        if (await wantPostmortem(tx, id, key)) await audit(tx, 'incident-postmortem', member.id, incident, {});
        return incident;
      });
    },
    timeline: async (id) => readWholeTimeline(database, await getIncident(database, id)),
  };
}
