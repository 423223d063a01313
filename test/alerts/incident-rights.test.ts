import type { Member } from '../../src/domain/person.ts';
import type { Incidents } from '../../src/ports/incidents.ts';
import { ana } from '../support/engine-harness.ts';
import { type IncidentHarness, startIncidents } from '../support/incident-harness.ts';

/** Everything that somebody can do with incidents, with arguments that would do it. */
const deeds: Readonly<
  Record<string, (incidents: Incidents, id: string, other: string, member: Member) => Promise<unknown>>
> = {
  declare: (incidents, _id, _other, member) =>
    incidents.declare({ requestKey: `k-${member.id}`, title: 'x', severity: 'P1', channel: 'C1' }, member),
  acknowledge: (incidents, id, _other, member) => incidents.acknowledge(id, member),
  assign: (incidents, id, _other, member) => incidents.assign(id, 'U0BEN', member),
  setSeverity: (incidents, id, _other, member) => incidents.setSeverity(id, 'P0', member),
  note: (incidents, id, _other, member) => incidents.note(id, 'a note', member, 'key'),
  page: (incidents, id, _other, member) => incidents.page(id, member),
  mitigate: (incidents, id, _other, member) => incidents.mitigate(id, member),
  unacknowledge: (incidents, id, _other, member) => incidents.unacknowledge(id, member, '2026-11-25T12:00:00.000Z'),
  resolve: (incidents, id, _other, member) => incidents.resolve(id, member),
  merge: (incidents, id, other, member) => incidents.merge(id, other, member),
  postmortem: (incidents, id, _other, member) => incidents.postmortem(id, member, 'k'),
  split: (incidents, id, _other, member) => incidents.split(id, 'cell-banking', member),
};
/** Reading is for whoever got past the desk; a pin says what anybody may say in the thread. */
const others = ['incident', 'incidents', 'timeline', 'details', 'alerts', 'pin'];

const person = (id: string, groups: readonly string[], barred?: Member['barred']): Member => ({
  ...ana,
  id,
  groups,
  ...(barred && { barred }),
});
const refused: readonly (readonly [string, Member])[] = [
  ['somebody in no group', person('U0NIA', [])],
  ['somebody in a group that does not respond', person('U0OLGA', ['operators', 'oncall'])],
  ['a guest in every group', person('U0GUS', ['sre', 'managers'], 'guest')],
  ['a stranger in every group', person('U0STAN', ['sre', 'managers'], 'stranger')],
  ['a bot in every group', person('U0ROB', ['sre', 'managers'], 'bot')],
  ['somebody who left, in every group', person('U0DEE', ['sre', 'managers'], 'deactivated')],
];

describe('what is done with incidents', () => {
  let harness: IncidentHarness;
  let id: string;
  let other: string;
  beforeEach(async () => {
    harness = await startIncidents();
    const declare = (requestKey: string) =>
      harness.incidents.declare({ requestKey, title: requestKey, severity: 'P2', channel: 'C1' }, ana);
    ({ id } = await declare('one'));
    ({ id: other } = await declare('two'));
    await harness.database.query(`update stamps.incidents set cells = '{cell-banking,cell-retail}' where id = $1`, [
      id,
    ]);
    await harness.alert(id, { key: 'a' });
    await harness.alert(id, { key: 'b', place: { scope: 'cell', region: 'eastus', cell: 'cell-retail' } });
  });
  afterEach(() => harness.stop());

  it('is all in this table', () => {
    const methods = Object.keys(harness.incidents);
    expect(methods.filter((method) => !(method in deeds) && !others.includes(method))).toEqual([]);
  });

  it.each(refused)('is refused to %s, and nothing changes', async (_, member) => {
    const { database } = harness;
    const state = async () => [
      await database.query(
        'select id, state, severity, assignee_id, merged_into from stamps.incidents order by number',
      ),
      await database.query('select kind, actor from stamps.timeline order by seq'),
      await database.query('select kind, args from stamps.effects order by seq'),
    ];
    const before = await state();
    for (const [name, deed] of Object.entries(deeds)) {
      const answer = await deed(harness.incidents, id, other, member).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
      expect({ name, answer }).toEqual({ name, answer: 'not-allowed' });
    }
    expect(await state()).toEqual(before);
  });

  it('is refused to everybody by a policy that names no responders', async () => {
    const strict = await startIncidents({ responders: [] });
    await expect(
      strict.incidents.declare({ requestKey: 'x', title: 'x', severity: 'P1', channel: 'C1' }, ana),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    await strict.stop();
  });

  it.each(Object.keys(deeds))('%s is done for a responder', async (name) => {
    const deed = deeds[name] as (typeof deeds)[string];
    await expect(deed(harness.incidents, id, other, person('U0BEN', ['managers']))).resolves.toBeDefined();
  });
});
