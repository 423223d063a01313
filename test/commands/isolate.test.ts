import { OpsError } from '../../src/errors.ts';
import { createDesk, incidents, requestOf } from '../support/fakes/desk.ts';
import { ana, sampleRun } from '../support/sample-run.ts';

const why = 'because card payments time out';

describe('isolate', () => {
  it('asks for the playbook, once for a delivery, and says where the plan is', async () => {
    const desk = createDesk();
    const shown = await desk.type(`isolate cell-banking for 4h ${why}`);
    expect(desk.operations.acts()).toEqual([
      requestOf('isolate-cell', { cell: 'cell-banking', for: '4h', reason: 'card payments time out' }),
    ]);
    expect(shown).toContain('Planned: Isolate cell-banking until 07:11 UTC (`r-18`');
    expect(shown).toContain('waits for approval by somebody else');
  });

  it('takes four hours and a part of the name that only one cell has', async () => {
    const desk = createDesk();
    await desk.type(`ISOLATE retail ${why}`);
    expect(desk.operations.acts()).toEqual([
      requestOf('isolate-cell', { cell: 'cell-retail', for: '4h', reason: 'card payments time out' }),
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
    ['a bad duration', `isolate cell-banking for ever ${why}`, '“ever” is not a duration.', '`30m`'],
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
