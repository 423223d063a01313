import { commands } from '../../src/commands/index.ts';
import type { Policy } from '../../src/domain/approval.ts';
import { defaultIncidentPolicy } from '../../src/domain/incident-policy.ts';
import type { Member } from '../../src/domain/person.ts';
import { actions, mentions, submissions } from '../../src/interactions/index.ts';
import { createDesk, policy } from '../support/fakes/desk.ts';
import { sampleMember } from '../support/fakes/fake-people.ts';

/** Who may use a command: the policy's table, written down a second time. */
const rights: Readonly<Record<string, readonly string[]>> = {
  // Reading, and what the engine judges by the run it is about.
  anyone: [
    ...[
      'help',
      'status',
      'incidents',
      'incident',
      'runs',
      'run',
      'cancel',
      'undo',
      'estate check',
      'alerts check',
      'alerts unread',
    ],
    ...['silences', 'oncall', 'digest', 'kpi', 'assess', 'maintenance', 'tenant usage', 'capacity', 'dashboard'],
    ...['maintenance weekly', 'maintenance monthly', 'maturity', 'scaling'],
  ],
  requesters: [
    'isolate',
    'restore',
    'lease extend',
    'alerts sync',
    'failover',
    'failback',
    'drill',
    'recover',
    'recover swap',
    'recover release',
    'scale',
    'scale sql',
    'scaling release',
  ],
  responders: [
    ...['incident declare', 'incident ack', 'incident severity', 'incident assign', 'incident note', 'incident merge'],
    ...['incident mitigate', 'incident resolve', 'incident split', 'page', 'postmortem', 'silence', 'silence end'],
    ...['silence extend', 'maintenance-window', 'statuspage draft', 'statuspage update', 'statuspage resolve'],
    'global-outage',
  ],
  operators: ['pause', 'resume', 'audit export'],
  breakGlass: ['break-glass'],
};

/** By group at the desk: requesters are on call, responders are on call or lead, operators operate. */
const groupsOf: Readonly<Record<string, readonly string[]>> = {
  anyone: ['oncall', 'leads', 'operators', 'none'],
  requesters: ['oncall'],
  responders: ['oncall', 'leads'],
  operators: ['operators'],
  breakGlass: ['oncall'],
};

const everyGroup = ['oncall', 'leads', 'operators'];
const barred = ['guest', 'stranger', 'bot', 'deactivated', 'unknown'] as const;
const barredPeople = {
  U0GUS: 'a guest',
  U0STAN: 'somebody from another workspace',
  U0ROB: 'a bot',
  U0DEE: 'somebody who left',
  U0WHO: 'somebody nobody knows',
};

/** Nobody is named anywhere. */
const emptyPolicy: Policy = {
  groups: {},
  rules: [],
  breakGlass: { who: [], remindEveryMs: 1 },
  operators: [],
  incidents: defaultIncidentPolicy,
  caps: { isolatedCells: 1, healthyCellsPerRegion: 1, fallbackUtilisationShare: 0.8 },
};

const rightOf = (name: string) => Object.keys(rights).find((right) => rights[right]?.includes(name));
const member = (group: string): Member => sampleMember(`U0${group}`.toUpperCase(), group === 'none' ? [] : [group]);

/** Everything at the desk that reaches the outside or changes something. */
function effects(desk: ReturnType<typeof createDesk>): unknown[] {
  const reading = ['incident', 'incidents', 'timeline', 'details', 'alerts'];
  return [
    ...desk.operations.acts(),
    ...desk.incidentBook.calls.filter(([method]) => !reading.includes(method)),
    ...desk.silenceBook.calls,
    ...desk.onCall.pages,
    ...desk.statusPage.published,
    ...desk.statusPage.asked,
    ...desk.reports.asked,
    ...desk.reports.said,
    ...desk.chat.shown.filter(({ how }) => how === 'view' || how === 'file' || how === 'picture'),
  ];
}

describe('every command', () => {
  it('stands in the table of rights', () => {
    expect(commands.map(({ name }) => name).filter((name) => rightOf(name) === undefined)).toEqual([]);
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s is for whom the table says',
    (name, command) => {
      const allowed = ['oncall', 'leads', 'operators', 'none'].filter((group) => command.may(member(group), policy));
      expect(allowed).toEqual(groupsOf[rightOf(name) ?? '']);
    },
  );

  it.each(barred)('is refused to a %s, whatever groups they are in', (why) => {
    const outsider = sampleMember('U0OUT', everyGroup, why);
    expect(commands.filter((command) => command.may(outsider, policy)).map(({ name }) => name)).toEqual([]);
  });

  it('is refused by an empty policy, but for reading', () => {
    const open = commands.filter((command) => command.may(sampleMember('U0X', everyGroup), emptyPolicy));
    expect(open.map(({ name }) => name).filter((name) => rightOf(name) !== 'anyone')).toEqual([]);
  });

  it('asks Slack anew who somebody is, when it acts', () => {
    const careless = commands.filter(({ name, acts }) => !acts && rightOf(name) !== 'anyone');
    // These only open a form, whose submission asks anew.
    expect(careless.map(({ name }) => name).filter((name) => !name.startsWith('statuspage'))).toEqual([]);
  });
});

describe.each(Object.entries(barredPeople))('%s, %s', (person) => {
  const paths = ['C0INCIDENTS', 'D0DIRECT', 'C0SHARED'];
  const lines = commands.flatMap(({ name, examples }) => [name, ...examples]);

  it.each(paths)('gets nothing done by typing any command in %s', async (channel) => {
    const desk = createDesk();
    for (const line of lines) {
      await desk.type(line, person, { channel });
      expect({ line, effects: effects(desk) }).toEqual({ line, effects: [] });
    }
  });

  it('gets nothing done by pressing any button, in a channel or in App Home', async () => {
    const desk = createDesk({ homeChannel: 'C0INCIDENTS' });
    for (const { actionId } of actions) {
      for (const value of ['r-17', 'r-17:1a2b3c4d', 'i-17', 's-4', 'cell-banking', 'i-17:0']) {
        await desk.press(actionId, value, person);
        await desk.pressAtHome(actionId, value, person);
        expect({ actionId, value, effects: effects(desk) }).toEqual({ actionId, value, effects: [] });
      }
    }
  });

  it('gets nothing done by submitting any form', async () => {
    const desk = createDesk();
    for (const { callbackId } of submissions) {
      const hidden = JSON.stringify({ channel: 'C0INCIDENTS', cell: 'cell-banking', incident: 'i-17' });
      const values = {
        cell: 'cell-banking',
        for: '4h',
        reason: 'something is very wrong',
        severity: 'P0',
        note: 'x',
        body: 'x',
        name: 'x',
      };
      await desk.submit(callbackId, values, hidden, person);
      expect({ callbackId, effects: effects(desk) }).toEqual({ callbackId, effects: [] });
    }
  });

  it('gets nothing done by mentioning the bot in a run’s or an incident’s thread', async () => {
    const desk = createDesk();
    for (const { verb } of mentions) {
      for (const threadTs of ['17.0', '27.0']) {
        await desk.mention(`${verb} because something is very wrong`, person, { threadTs });
        expect({ verb, effects: effects(desk) }).toEqual({ verb, effects: [] });
      }
    }
  });
});

describe('somebody in no group', () => {
  const nia = 'U0NIA';
  const mine = new Set(rights.anyone);

  it('gets nothing done by any command that is for others', async () => {
    const desk = createDesk();
    for (const { name, examples } of commands) {
      if (mine.has(name)) continue;
      for (const line of [name, ...examples]) {
        await desk.type(line, nia);
        expect({ line, effects: effects(desk) }).toEqual({ line, effects: [] });
      }
    }
  });
});

describe('every button, form and mention that acts', () => {
  /** They show something to the one who asks. */
  const reading =
    /^(run_details|incident_details|incident_alerts.*|status_.*|isolate_open|incident_isolate|incident_assess|incident_update|lease_extend|recover_open|recover_swap_open|scale_open|scaling_snooze|scaling_dismiss|statuspage_.*|failover_propose)$/;

  it('asks Slack anew who somebody is', () => {
    const careless = [
      ...actions.filter(({ acts, actionId }) => !acts && !reading.test(actionId)).map(({ actionId }) => actionId),
      ...submissions.filter(({ acts }) => !acts).map(({ callbackId }) => callbackId),
      ...mentions.filter(({ acts, verb }) => !acts && !['status', 'help'].includes(verb)).map(({ verb }) => verb),
    ];
    expect(careless).toEqual([]);
  });
});
