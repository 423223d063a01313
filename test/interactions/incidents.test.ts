import { OpsError } from '../../src/errors.ts';
import { fieldErrors } from '../../src/interactions/handle-incoming.ts';
import { createDesk, incidents } from '../support/fakes/desk.ts';
import { sampleMember } from '../support/fakes/fake-people.ts';
import { sampleIncident } from '../support/sample-incident.ts';
import { ana, ben, sampleLease } from '../support/sample-run.ts';

const opened = JSON.stringify({ channel: incidents, incident: 'i-17' });
const inThread = { threadTs: '27.0' };

describe('the buttons of an incident', () => {
  it.each([
    ['incident_acknowledge', 'i-17', ['acknowledge', 'i-17', ben]],
    ['incident_resolve', 'i-17', ['resolve', 'i-17', ben]],
    ['incident_page', 'i-17', ['page', 'i-17', ben]],
    ['incident_severity', 'i-17:P0', ['setSeverity', 'i-17', 'P0', ben]],
  ])('%s asks for it as the person of that moment', async (actionId, value, call) => {
    const desk = createDesk();
    await desk.press(actionId, value, ben);
    expect(desk.incidentBook.calls).toEqual([call]);
    expect(desk.people.asked).toEqual([{ personId: ben, fresh: true }]);
  });

  it('say that nobody is called where PagerDuty is not configured', async () => {
    const desk = createDesk();
    expect(await desk.press('incident_page', 'i-17', ben)).toContain('The on-call is called');
    desk.onCall.state.pagesIncidents = false;
    expect(await desk.press('incident_page', 'i-17', ben)).toContain('Nobody is called');
  });

  it.each(['', 'i-', 'i-17x', 'r-17', 'i-17:P1', '<!channel>'])(
    'refuse a value of another form: “%s”',
    async (value) => {
      const desk = createDesk();
      expect(await desk.press('incident_acknowledge', value, ben)).toContain('its card is too old');
      expect(desk.incidentBook.calls).toEqual([]);
    },
  );

  it('show the refusal of who may not', async () => {
    const desk = createDesk();
    desk.incidentBook.failures.set(
      'resolve',
      new OpsError('not-allowed', 'The policy does not let you work on incidents.'),
    );
    expect(await desk.press('incident_resolve', 'i-17', 'U0NIA')).toContain('does not let you work on incidents');
  });

  it('say whose it is to who comes second', async () => {
    const desk = createDesk();
    desk.incidentBook.incidents.acknowledge = async () =>
      sampleIncident({ state: 'acknowledged', acknowledgedBy: ana });
    expect(await desk.press('incident_acknowledge', 'i-17', ben)).toContain(`is acknowledged already, by <@${ana}>`);
  });

  it('say what a resolved incident leaves behind', async () => {
    const desk = createDesk();
    desk.operations.leases.push({ ...sampleLease, reason: 'x' });
    const shown = await desk.press('incident_resolve', 'i-17', ben);
    expect(shown).toContain('2 of its alerts are still firing.');
    expect(shown).toContain('cell-banking is still out of service: `/stamps restore cell-banking`');
  });

  it('open the isolation filled in, and request nothing', async () => {
    const desk = createDesk();
    await desk.press('incident_isolate', 'i-17', ben);
    const [shown] = desk.chat.shown;
    const view = shown && 'view' in shown ? shown.view : {};
    expect(view).toMatchObject({ callback_id: 'isolate_submit', private_metadata: `{"channel":"${incidents}"}` });
    expect(JSON.stringify(view)).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"cell-banking","emoji":false},"value":"cell-banking"}',
    );
    expect(JSON.stringify(view)).toContain('"initial_value":"i-17: cell-banking: memory above 1 GiB"');
    expect(desk.operations.acts()).toEqual([]);
  });

  it('assess everything side by side for the one who asks, and request nothing', async () => {
    const desk = createDesk();
    await desk.press('incident_assess', 'i-17', ben);
    expect(desk.chat.shown).toMatchObject([{ how: 'whisper', to: ben }]);
    expect(desk.operations.acts().filter(([method]) => method !== 'paused')).toEqual([]);
    expect(await createDesk({ withoutAzure: true }).press('incident_assess', 'i-17', ben)).toContain(
      'Azure is not configured',
    );
  });

  it('open the details, and turn their pages in the same modal', async () => {
    const desk = createDesk();
    await desk.press('incident_details', 'i-17', ben);
    await desk.pressAtHome('incident_alerts_older', 'i-17:1', ben);
    await desk.press('incident_alerts_older', 'i-17:2', ben, { viewId: 'V1' });
    expect(desk.chat.shown.map((shown) => ('triggerId' in shown ? shown.triggerId : ''))).toEqual(['t1', 't1', 'V1']);
    expect(JSON.stringify(desk.chat.shown[2])).toContain('page 3 of 3');
  });
});

describe('the form of an incident', () => {
  const values = { assignee: '', severity: 'P1', note: '' };

  it('does what differs, and says so', async () => {
    const desk = createDesk();
    const shown = await desk.submit(
      'incident_update_submit',
      { assignee: ben, severity: 'P0', note: 'the bank restarted' },
      opened,
    );
    expect(desk.incidentBook.calls).toEqual([
      ['assign', 'i-17', ben, ana],
      ['setSeverity', 'i-17', 'P0', ana],
      ['note', 'i-17', 'the bank restarted', ana, 'key-1'],
    ]);
    expect(shown).toContain(`<@${ben}> has it, P0 now, noted`);
  });

  it('does nothing when nothing differs', async () => {
    const desk = createDesk();
    expect(await desk.submit('incident_update_submit', values, opened)).toContain('Nothing changed');
    expect(desk.incidentBook.calls).toEqual([]);
  });

  it.each(['U0NIA', 'U0GUS', 'U0STAN', 'U0WHO'])('gives it to nobody who may not work on it: %s', async (assignee) => {
    const desk = createDesk();
    expect(await desk.submit('incident_update_submit', { ...values, assignee }, opened)).toContain(
      'may not work on incidents',
    );
    expect(desk.incidentBook.calls).toEqual([]);
  });

  it('stays open with what is wrong beside the field', () => {
    const desk = createDesk();
    const incoming = {
      type: 'submission',
      key: 'k',
      personId: ana,
      teamId: 'T0',
      callbackId: 'incident_update_submit',
      privateMetadata: opened,
    } as const;
    expect(fieldErrors({ ...incoming, values: { severity: 'P9', note: 'x' } }, desk.estate)).toEqual({
      severity: expect.stringContaining('not a severity'),
      note: expect.stringContaining('What should be noted?'),
    });
    expect(fieldErrors({ ...incoming, values }, desk.estate)).toBeUndefined();
  });
});

describe('@stamps in an incident’s thread', () => {
  it.each([
    ['ack', ['acknowledge', 'i-17', ana]],
    ['acknowledge', ['acknowledge', 'i-17', ana]],
    ['resolve', ['resolve', 'i-17', ana]],
    ['mitigate', ['mitigate', 'i-17', ana]],
    ['severity p0', ['setSeverity', 'i-17', 'P0', ana]],
    [`assign <@${ben}>`, ['assign', 'i-17', ben, ana]],
    ['assign me', ['assign', 'i-17', ana, ana]],
    ['note the bank said "restart" & did', ['note', 'i-17', 'the bank said "restart" & did', ana, 'key-1']],
  ])('%s does it', async (text, call) => {
    const desk = createDesk();
    await desk.mention(text, ana, inThread);
    expect(desk.incidentBook.calls).toEqual([call]);
  });

  it('tells how it stands, and how a run stands in a run’s thread', async () => {
    const desk = createDesk();
    expect(await desk.mention('status', ana, inThread)).toContain('🟠 P1 `i-17`');
    expect(await desk.mention('status')).toContain('Isolate cell-banking');
  });

  it('takes an incident by name anywhere, and the channel’s own', async () => {
    const desk = createDesk();
    await desk.mention('ack i-17', ana, { channel: 'C0OTHER', threadTs: '99.0' });
    desk.incidentBook.book.set('i-17', sampleIncident({ ownChannel: 'C0INC17' }));
    await desk.mention('note it is the certificate', ana, { channel: 'C0INC17', threadTs: '98.0' });
    expect(desk.incidentBook.calls.map(([method]) => method)).toEqual(['acknowledge', 'note']);
  });

  it('asks which when nothing says', async () => {
    const desk = createDesk();
    expect(await desk.mention('ack', ana, { channel: 'C0OTHER', threadTs: '99.0' })).toContain('Which incident?');
    expect(desk.incidentBook.calls).toEqual([]);
  });

  it('is refused to who may do nothing at all', async () => {
    const desk = createDesk();
    for (const who of ['U0GUS', 'U0STAN', 'U0ROB', 'U0DEE', 'U0WHO'])
      for (const text of ['ack', 'resolve', 'note seen it', 'severity P0', 'assign me', 'mitigate', 'status'])
        await desk.mention(text, who, inThread);
    expect(desk.incidentBook.calls).toEqual([]);
  });
});

it('finds a responder by the name that Slack shows, but nobody else', async () => {
  const desk = createDesk();
  desk.people.members.set('U0MIA', { ...sampleMember('U0MIA', ['oncall']), name: 'Mia Stone', handle: 'mia' });
  desk.people.members.set('U0MAX', { ...sampleMember('U0MAX', []), name: 'Max', handle: 'max' });
  await desk.type('incident assign @mia');
  await desk.type('incident assign "Mia Stone"');
  expect(desk.incidentBook.calls).toEqual([
    ['assign', 'i-17', 'U0MIA', ana],
    ['assign', 'i-17', 'U0MIA', ana],
  ]);
  expect(await desk.type('incident assign @max')).toContain('No responder is called “@max”.');
  expect(await desk.type('incident assign @mya')).toContain('Did you mean @mia?');
  desk.people.members.set('U0MI2', { ...sampleMember('U0MI2', ['leads']), name: 'mia' });
  expect(await desk.type('incident assign @mia')).toContain('2 responders are called');
});

describe('a pinned message', () => {
  const text = 'the bank <@U0BEN> restarted & said so';
  const call = ['pin', 'i-17', { channel: incidents, ts: '27.5', authorId: 'U0BEN', text }, ana];

  it('in an incident’s thread is part of its timeline, and the one who pinned it is told', async () => {
    const desk = createDesk();
    expect(await desk.pin(text)).toContain('part of the timeline of `i-17`');
    expect(desk.incidentBook.calls).toEqual([call]);
  });

  it('in its own channel as well, also after its end', async () => {
    const desk = createDesk();
    desk.incidentBook.book.set('i-17', sampleIncident({ ownChannel: 'C0INC17', state: 'resolved' }));
    await desk.pin(text, ana, { channel: 'C0INC17', threadTs: '99.0' });
    expect(desk.incidentBook.calls).toEqual([['pin', 'i-17', { ...(call[2] as object), channel: 'C0INC17' }, ana]]);
  });

  it('anywhere else, by who may not, or without words, is no concern of ours: nobody is told anything', async () => {
    const desk = createDesk();
    await desk.pin(text, ana, { threadTs: '99.0' });
    await desk.pin('  ');
    for (const who of ['U0NIA', 'U0GUS', 'U0STAN', 'U0ROB', 'U0DEE', 'U0WHO']) await desk.pin(text, who);
    desk.people.state.failure = new OpsError('unavailable', 'Slack is away.', { service: 'Slack' });
    await desk.pin(text);
    expect(desk.incidentBook.calls).toEqual([]);
    expect(desk.chat.shown).toEqual([]);
  });
});
