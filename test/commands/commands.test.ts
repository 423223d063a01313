import { commands } from '../../src/commands/index.ts';
import { OpsError } from '../../src/errors.ts';
import { createDesk, incidents } from '../support/fakes/desk.ts';
import { ana, sampleLease, sampleRun } from '../support/sample-run.ts';

const why = 'because card payments time out';
const asked = (playbook: string, input: object) => [
  'request',
  { requestKey: 'key-1', playbook, input, channel: incidents, requester: ana },
];

describe('isolate', () => {
  it('asks for the playbook, once for a delivery, and says where the plan is', async () => {
    const desk = createDesk();
    const shown = await desk.type(`isolate cell-banking for 4h ${why}`);
    expect(desk.operations.acts()).toEqual([
      asked('isolate-cell', { cell: 'cell-banking', for: '4h', reason: 'card payments time out' }),
    ]);
    expect(shown).toContain('Planned: Isolate cell-banking until 07:11 UTC (`r-18`');
    expect(shown).toContain('waits for approval by somebody else');
  });

  it('takes four hours and a part of the name that only one cell has', async () => {
    const desk = createDesk();
    await desk.type(`ISOLATE retail ${why}`);
    expect(desk.operations.acts()).toEqual([
      asked('isolate-cell', { cell: 'cell-retail', for: '4h', reason: 'card payments time out' }),
    ]);
  });

  it('opens the form when nothing else is typed', async () => {
    const desk = createDesk();
    await desk.type('isolate');
    expect(desk.chat.shown).toMatchObject([
      {
        how: 'view',
        triggerId: 't1',
        view: { callback_id: 'isolate_submit', private_metadata: `{"channel":"${incidents}"}` },
      },
    ]);
    expect(desk.operations.acts()).toEqual([]);
  });

  it('does not offer protected cells in the form', async () => {
    const desk = createDesk();
    const shown = await desk.type('isolate');
    expect(shown).toContain('cell-banking-dr (standby)');
    expect(shown).not.toContain('cell-healthcare');
  });

  it.each([
    ['an unknown cell', `isolate cell-bankng ${why}`, 'There is no cell “cell-bankng”.', 'Did you mean cell-banking'],
    ['a cell like no other', `isolate zzzzzzzz ${why}`, 'There is no cell “zzzzzzzz”.', 'lists the cells'],
    ['an ambiguous cell', `isolate dr ${why}`, 'There is no cell “dr”.', ''],
    [
      'a part of many names',
      `isolate cell- ${why}`,
      '“cell-” could be cell-banking, cell-retail',
      'Give the full name.',
    ],
    ['quotes in the name', `isolate "cell \\"banking\\"" ${why}`, 'There is no cell “cell "banking"”.', ''],
    ['backticks in the name', `isolate \`cell-banking\` ${why}`, 'There is no cell “ˋcell-bankingˋ”.', 'cell-banking'],
    ['a call to everybody', `isolate <!channel> ${why}`, 'There is no cell “&lt;!channel&gt;”.', ''],
    ['turned text', `isolate \u202Egniknab-llec ${why}`, 'There is no cell “gniknab-llec”.', ''],
    ['10 kB of text', `isolate ${'x'.repeat(10_240)} ${why}`, 'That is too long: 10', '3000 at most'],
    ['a bad duration', `isolate cell-banking for ever ${why}`, 'That is not a duration.', '`30m`'],
    ['a duration that is too long', `isolate cell-banking for 30d ${why}`, 'is too long', ''],
    [
      'no reason',
      'isolate cell-banking for 4h',
      'Say why',
      '`/stamps isolate &lt;cell&gt; [for &lt;duration&gt;] because &lt;reason&gt;`',
    ],
    ['a reason that is too short', 'isolate cell-banking because x', 'The reason is too short', ''],
    ['two cells', `isolate cell-banking cell-retail ${why}`, '“cell-retail” is one word too many.', ''],
    ['a quote that is not closed', 'isolate "cell-banking', 'A quotation mark is not closed.', ''],
    ['no cell', `isolate for 4h ${why}`, 'Which cell?', ''],
  ])('answers %s with what is wrong and what to do, and asks for nothing', async (_, typed, message, hint) => {
    const desk = createDesk();
    const shown = await desk.type(typed);
    expect(shown).toContain(message);
    expect(shown).toContain(hint);
    expect(desk.operations.acts()).toEqual([]);
    expect(desk.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is refused in a direct message, where nobody could approve', async () => {
    const desk = createDesk();
    expect(await desk.type(`isolate cell-banking ${why}`, ana, { channel: 'D0ANA' })).toContain(
      'must be asked for in a channel',
    );
    expect(desk.operations.acts()).toEqual([]);
  });

  it('shows the engine’s refusal with its hint', async () => {
    const desk = createDesk();
    desk.operations.failures.set(
      'request',
      new OpsError('conflict', 'r-12 is open on cell-banking already.', { hint: 'See `/stamps run r-12`.' }),
    );
    const shown = await desk.type(`isolate cell-banking ${why}`);
    expect(shown).toContain('r-12 is open on cell-banking already.\nSee `/stamps run r-12`.');
  });

  it('says that a refused plan changed nothing', async () => {
    const desk = createDesk();
    desk.operations.state.answer = sampleRun({ state: 'refused' });
    expect(await desk.type(`isolate cell-banking ${why}`)).toContain('Refused: Isolate cell-banking');
  });
});

describe('restore', () => {
  it('asks for the playbook, with a reason when there is one', async () => {
    const desk = createDesk();
    await desk.type('restore banking-dr');
    await desk.type('restore cell-banking because the database is back');
    expect(desk.operations.acts()).toEqual([
      asked('restore-cell', { cell: 'cell-banking-dr' }),
      asked('restore-cell', { cell: 'cell-banking', reason: 'the database is back' }),
    ]);
  });
});

describe('lease extend', () => {
  it.each(['lease extend cell-banking 2h', 'lease extend cell-banking for 2h', 'Lease  Extend cell-banking 2 hours'])(
    'takes “%s”',
    async (typed) => {
      const desk = createDesk();
      desk.operations.leases.push(sampleLease);
      await desk.type(typed);
      expect(desk.operations.acts()).toEqual([
        asked('extend-lease', { cell: 'cell-banking', for: expect.stringMatching(/^2 ?h/) }),
      ]);
    },
  );

  it('says when nobody holds the cell', async () => {
    const desk = createDesk();
    expect(await desk.type('lease extend cell-retail 2h')).toContain('cell-retail has no lease');
    expect(desk.operations.acts()).toEqual([]);
  });

  it.each([
    ['lease extend cell-banking', 'For how much longer?'],
    ['lease extend cell-banking soon', 'That is not a duration.'],
    ['lease', 'There is no command “lease”.'],
  ])('answers “%s” with “%s”', async (typed, message) => {
    expect(await createDesk().type(typed)).toContain(message);
  });
});

describe('runs and what can be done with them', () => {
  it('lists them, and shows one in full', async () => {
    const desk = createDesk();
    expect(await desk.type('runs')).toContain('✋ Waiting for approval — `r-17` Isolate cell-banking until 07:11 UTC');
    const shown = await desk.type('run 17');
    expect(shown).toContain('*What it changes*');
    expect(shown).toContain('☑️ holds: eastus keeps 2 healthy cells');
  });

  it('cancels, undoes', async () => {
    const desk = createDesk();
    await desk.type('cancel r-17');
    await desk.type('undo r-17');
    expect(desk.operations.acts()).toEqual([
      ['cancel', 'r-17', ana],
      ['undo', 'r-17', ana, 'key-1', incidents],
    ]);
  });

  it('breaks the glass with a reason only', async () => {
    const desk = createDesk();
    expect(await desk.type('break-glass r-17')).toContain('The reason is too short');
    expect(await desk.type('break-glass r-17 nobody else is "awake')).toContain('goes ahead without approval');
    expect(desk.operations.acts()).toEqual([['breakGlass', 'r-17', ana, 'nobody else is "awake']]);
  });

  it.each(['run', 'cancel', 'undo'])(
    'asks which run when “%s” names none, and says when there is no such run',
    async (name) => {
      const desk = createDesk();
      expect(await desk.type(name)).toContain('Which run?');
      expect(await desk.type(`${name} banking`)).toContain('“banking” is not a run.');
    },
  );

  it('says when there is no such run', async () => {
    expect(await createDesk().type('run r-99')).toContain('There is no run r-99.');
  });
});

describe('what operators may', () => {
  it('pauses with a reason and resumes', async () => {
    const desk = createDesk();
    expect(await desk.type('pause Azure is away', 'U0OLGA')).toContain('*Everything is paused.*');
    await desk.type('resume', 'U0OLGA');
    expect(desk.operations.acts()).toEqual([
      ['pause', 'U0OLGA', 'Azure is away'],
      ['resume', 'U0OLGA'],
    ]);
  });

  it('sends the audit log as a file to the person alone', async () => {
    const desk = createDesk();
    expect(await desk.type('audit export', 'U0OLGA')).toContain('in your direct messages');
    expect(desk.chat.shown[0]).toEqual({
      how: 'file',
      place: { channel: 'DU0OLGA' },
      file: { name: 'audit-2026-11-24T0311Z.jsonl', title: 'Stamps audit log', text: '{"head":"abc"}\n' },
    });
  });

  it.each(['pause', 'resume', 'audit export'])('refuses “%s” to others', async (typed) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(`You may not use “/stamps ${typed}”.`);
    expect(desk.operations.acts()).toEqual([]);
  });
});

describe('help', () => {
  it('shows only what the person may do', async () => {
    const desk = createDesk();
    const onCall = await desk.type('help');
    expect(onCall).toContain('`/stamps isolate');
    expect(onCall).toContain('`/stamps break-glass');
    expect(onCall).not.toContain('/stamps pause');
    const other = await desk.type('', 'U0NIA');
    expect(other).toContain('`/stamps status');
    expect(other).not.toContain('/stamps isolate');
    expect(other).not.toContain('/stamps audit');
  });

  it('shows one command with its examples', async () => {
    expect(await createDesk().type('help lease  extend')).toContain('`/stamps lease extend cell-banking 2h`');
  });

  it('answers a mistyped command with the nearest ones', async () => {
    const desk = createDesk();
    expect(await desk.type('isolte cell-banking')).toContain(
      'There is no command “isolte”.\nDid you mean `/stamps isolate`?',
    );
    expect(await desk.type('<!channel>')).toContain('There is no command “&lt;!channel&gt;”.');
    expect(await desk.type('help isolte')).toContain('Did you mean `/stamps isolate`?');
  });

  it('has an example for each command that the command line finds again', () => {
    for (const { name, examples, usage } of commands) {
      expect(usage.startsWith(name)).toBe(true);
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) expect(example === name || example.startsWith(`${name} `)).toBe(true);
    }
  });
});
