import { anomalyActionIds } from '../../src/blocks/anomaly-card.ts';
import { findingActionIds } from '../../src/blocks/findings-message.ts';
import { incidentActionIds } from '../../src/blocks/incident-buttons.ts';
import { actionIds } from '../../src/blocks/run-buttons.ts';
import { openScaleId } from '../../src/blocks/scale-modal.ts';
import { scalingActionIds } from '../../src/blocks/scaling-card.ts';
import { silenceActionIds } from '../../src/blocks/silence-card.ts';
import { statusButtonIds } from '../../src/blocks/status-buttons.ts';
import { statusActionIds } from '../../src/blocks/status-update-modal.ts';
import { viewIds } from '../../src/blocks/view-ids.ts';
import { planCode } from '../../src/domain/plan.ts';
import { OpsError } from '../../src/errors.ts';
import { fieldErrors } from '../../src/interactions/handle-incoming.ts';
import { actions, submissions } from '../../src/interactions/index.ts';
import { createDesk, incidents, requestOf } from '../support/fakes/desk.ts';
import { ana, ben, sampleLease, sampleRun } from '../support/sample-run.ts';

const seen = planCode(sampleRun().planHash);
const value = `r-17:${seen}`;
const opened = JSON.stringify({ channel: incidents, cell: 'cell-banking' });

it('has a handler for every button and every form that is drawn', () => {
  expect(actions.map(({ actionId }) => actionId).sort()).toEqual(
    [
      actionIds,
      anomalyActionIds,
      findingActionIds,
      incidentActionIds,
      [openScaleId],
      scalingActionIds,
      silenceActionIds,
      statusActionIds,
      statusButtonIds,
    ]
      .flatMap((ids) => Object.values(ids))
      .sort(),
  );
  expect(submissions.map(({ callbackId }) => callbackId).sort()).toEqual(Object.values(viewIds).sort());
});

describe('the buttons of a run', () => {
  it.each([
    ['run_approve', ['decide', 'r-17', seen, ben, 'approve']],
    ['run_deny', ['decide', 'r-17', seen, ben, 'deny']],
    ['run_cancel', ['cancel', 'r-17', ben]],
    ['run_retry', ['retry', 'r-17', ben]],
    ['run_undo', ['undo', 'r-17', ben, 'key-1', incidents]],
    ['review_done', ['reviewBreakGlass', 'r-17', ben]],
  ])('%s asks the engine, with the plan that the person saw', async (actionId, call) => {
    const desk = createDesk();
    await desk.press(actionId, value, ben);
    expect(desk.operations.acts()).toEqual([call]);
    expect(desk.people.asked).toEqual([{ personId: ben, fresh: true }]);
  });

  it('answers the one who pressed, in the thread where they did', async () => {
    const desk = createDesk();
    await desk.press('run_approve', value, ben);
    expect(desk.chat.shown).toMatchObject([
      { how: 'whisper', place: { channel: incidents, threadTs: '17.0' }, to: ben },
    ]);
  });

  it('says how many approvals are still missing', async () => {
    expect(await createDesk().press('run_approve', value, ben)).toContain('counts. It needs 1 more.');
    const desk = createDesk();
    desk.operations.runs.set('r-17', sampleRun({ state: 'running' }));
    expect(await desk.press('run_approve', value, ben)).toContain('counts. It needs no more.');
  });

  it.each(['', 'r-17', 'r-17:zzzzzzzz', 'r-17:1a2b3c4d5', 'x:1a2b3c4d', `${value}<!channel>`])(
    'refuses a value of another form: “%s”',
    async (broken) => {
      const desk = createDesk();
      expect(await desk.press('run_approve', broken, ben)).toContain('its card is too old');
      expect(desk.operations.acts()).toEqual([]);
    },
  );

  it('explains a button that no longer exists', async () => {
    expect(await createDesk().press('run_explode', value)).toContain('from another version of Stamps');
  });

  it('shows the details to the one who asks', async () => {
    expect(await createDesk().press('run_details', value)).toContain('*What it changes*');
  });

  it.each([
    ['twice or too late', new OpsError('conflict', 'r-17 no longer waits for approval: it is running.')],
    ['after the expiry', new OpsError('expired', 'The approval of r-17 ran out.', { hint: 'Ask for it again.' })],
    ['by the requester', new OpsError('not-allowed', 'Somebody else has to approve what you asked for.')],
  ])('shows the engine’s refusal of a click %s', async (_, refusal) => {
    const desk = createDesk();
    desk.operations.failures.set('decide', refusal);
    expect(await desk.press('run_approve', value, ben)).toContain(refusal.message);
  });
});

describe('the buttons of a lease', () => {
  it('restores through the playbook', async () => {
    const desk = createDesk();
    desk.operations.leases.push(sampleLease);
    await desk.press('lease_restore', 'cell-banking');
    expect(desk.operations.acts()).toEqual([requestOf('restore-cell', { cell: 'cell-banking' })]);
  });

  it('opens a form to extend, whose submission asks for it', async () => {
    const desk = createDesk();
    desk.operations.leases.push(sampleLease);
    await desk.press('lease_extend', 'cell-banking');
    expect(desk.chat.shown).toMatchObject([
      {
        how: 'view',
        view: { callback_id: 'extend_submit', private_metadata: `{"channel":"${incidents}","cell":"cell-banking"}` },
      },
    ]);
    await desk.submit('extend_submit', { for: '2h', reason: 'the database is still away' }, opened);
    expect(desk.operations.acts()).toEqual([
      requestOf('extend-lease', { cell: 'cell-banking', for: '2h', reason: 'the database is still away' }),
    ]);
  });

  it('speaks of a region where a region is held', async () => {
    const desk = createDesk();
    desk.operations.leases.push({ ...sampleLease, subject: 'eastus', of: 'region' });
    await desk.press('lease_extend', 'eastus');
    const shown = JSON.stringify(desk.chat.shown);
    expect(shown).toContain('Extend a region’s lease');
    expect(shown).toContain('The clients of the region are served elsewhere until');
    expect(shown).not.toContain('The cell is');
  });

  it('speaks of copies where a recovery is held, also at Home, and asks for that lease', async () => {
    const desk = createDesk();
    desk.operations.leases.push(sampleLease, { ...sampleLease, subject: 'recovery/cell-banking' });
    await desk.pressAtHome('lease_extend', 'recovery/cell-banking');
    const shown = JSON.stringify(desk.chat.shown);
    expect(shown).toContain('Keep copies for longer');
    expect(shown).toContain('*cell-banking:* The copies of its data are kept until');
    expect(shown).not.toContain('out of service');
    const form = JSON.stringify({ channel: incidents, cell: 'recovery/cell-banking' });
    await desk.submit('extend_submit', { for: '1d', reason: 'the copy is still being compared' }, form);
    expect(desk.operations.acts()).toEqual([
      requestOf('extend-lease', {
        cell: 'recovery/cell-banking',
        for: '1d',
        reason: 'the copy is still being compared',
      }),
    ]);
  });

  it('says when the cell is back already', async () => {
    expect(await createDesk().press('lease_restore', 'cell-banking')).toContain('cell-banking has no lease');
  });
});

describe('the form to isolate a cell', () => {
  const values = { cell: 'cell-banking', for: '4h', reason: 'card payments time out' };

  it('asks for the playbook where the form was opened, and answers there', async () => {
    const desk = createDesk();
    await desk.submit('isolate_submit', values, JSON.stringify({ channel: incidents }));
    expect(desk.operations.acts()).toEqual([requestOf('isolate-cell', values)]);
    expect(desk.chat.shown).toMatchObject([{ how: 'whisper', place: { channel: incidents }, to: ana }]);
  });

  it('shows faults beside their fields, at once', () => {
    const { estate } = createDesk();
    const errors = (given: Record<string, string>) =>
      fieldErrors(
        {
          key: 'k',
          personId: ana,
          teamId: 'T',
          type: 'submission',
          callbackId: 'isolate_submit',
          values: given,
          privateMetadata: '',
        },
        estate,
      );
    expect(errors(values)).toBeUndefined();
    expect(errors({ cell: '', for: 'ever', reason: 'x' })).toEqual({
      cell: expect.stringContaining('There is no cell'),
      for: '“ever” is not a duration. Write it as 30m, 4h, 1h30m or 2d.',
      reason: expect.stringContaining('The reason is too short'),
    });
    expect(Object.keys(errors({}) ?? {})).toEqual(['cell', 'for', 'reason']);
  });

  it.each(['', 'null', '{}', '{"channel":""}', '[]'])(
    'refuses a form that does not say where it was opened: %s',
    async (metadata) => {
      const desk = createDesk();
      expect(await desk.submit('isolate_submit', values, metadata)).toContain('This form is not understood any more');
      expect(desk.operations.acts()).toEqual([]);
    },
  );
});

describe('what is said to @stamps', () => {
  it.each([
    ['approve', ['decide', 'r-17', undefined, ben, 'approve']],
    ['Deny', ['decide', 'r-17', undefined, ben, 'deny']],
    [`approve ${seen}`, ['decide', 'r-17', seen, ben, 'approve']],
    ['approve r-17', ['decide', 'r-17', undefined, ben, 'approve']],
    [`approve r-17 ${seen.toUpperCase()}`, ['decide', 'r-17', seen, ben, 'approve']],
  ])('in the thread of a run: “%s”', async (text, call) => {
    const desk = createDesk();
    await desk.mention(text, ben);
    expect(desk.operations.acts()).toEqual([call]);
    expect(desk.people.asked).toEqual([{ personId: ben, fresh: true }]);
  });

  it('tells the state', async () => {
    expect(await createDesk().mention('status')).toContain('*✋ Waiting for approval:* Isolate cell-banking');
  });

  it('asks which run, where there is no thread of one', async () => {
    const desk = createDesk();
    expect(await desk.mention('approve', ben, { threadTs: '99.0' })).toContain('Which run?');
    expect(desk.operations.acts()).toEqual([]);
  });

  it.each([
    ['aprove', 'Did you mean `@stamps approve`?'],
    ['make coffee', 'Say `@stamps help`.'],
    ['approve r-17 now', 'one word too many'],
    ['', 'In a run’s thread'],
    ['help', 'In a run’s thread'],
  ])('answers “%s” with “%s”', async (text, answer) => {
    const desk = createDesk();
    expect(await desk.mention(text, ben)).toContain(answer);
    expect(desk.operations.acts()).toEqual([]);
  });
});

describe('App Home', () => {
  it('shows what waits for me, what runs, what is held, and the estate', async () => {
    const desk = createDesk({ homeChannel: incidents });
    desk.operations.state.awaiting.push(sampleRun());
    desk.operations.leases.push(sampleLease);
    const shown = await desk.openHome(ana);
    expect(shown).toContain('Waits for your approval\n*Isolate cell-banking until 07:11 UTC*');
    expect(shown).toContain('⏳ *cell-banking* is out until');
    expect(shown).toContain('✅ *cell-retail* — in service');
    expect(shown).toContain('Isolate a cell…');
  });

  it('does not offer to isolate to those who may not ask, or without a channel for the card', async () => {
    expect(await createDesk({ homeChannel: incidents }).openHome(ben)).not.toContain('Isolate a cell');
    const desk = createDesk();
    expect(await desk.openHome(ana)).not.toContain('Isolate a cell');
    expect(await desk.pressAtHome('isolate_open', 'home')).toContain('There is no channel');
  });

  it('opens the form with the channel for the card', async () => {
    const desk = createDesk({ homeChannel: incidents });
    await desk.pressAtHome('isolate_open', 'home');
    expect(desk.chat.shown).toMatchObject([{ how: 'view', view: { private_metadata: `{"channel":"${incidents}"}` } }]);
  });

  it('takes an approval, answers in the direct messages, and draws Home anew', async () => {
    const desk = createDesk();
    await desk.pressAtHome('run_approve', value, ben);
    expect(desk.operations.acts()).toEqual([['decide', 'r-17', seen, ben, 'approve']]);
    expect(desk.chat.shown).toMatchObject([
      { how: 'post', place: { channel: `D${ben}` }, key: 'answer:key-1' },
      { how: 'home', to: ben },
    ]);
  });

  it('shows details in a form, and puts what is asked for where the run’s card is', async () => {
    const desk = createDesk();
    desk.operations.leases.push(sampleLease);
    await desk.pressAtHome('run_details', value);
    expect(desk.chat.shown).toMatchObject([{ how: 'view', view: { title: { text: 'Run r-17' } } }]);
    await desk.pressAtHome('lease_restore', 'cell-banking');
    expect(desk.operations.acts()).toEqual([requestOf('restore-cell', { cell: 'cell-banking' })]);
  });

  it('counts the approval even when Home cannot be drawn', async () => {
    const desk = createDesk();
    desk.chat.failures.set('publishHome', new OpsError('unavailable', 'Slack is away.'));
    expect(await desk.pressAtHome('run_approve', value, ben)).toContain('counts');
  });
});
