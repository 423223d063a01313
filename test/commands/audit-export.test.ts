import { createDesk } from '../support/fakes/desk.ts';

describe('audit export', () => {
  it('sends the log as a file to the person alone', async () => {
    const desk = createDesk();
    expect(await desk.type('audit export', 'U0OLGA')).toContain('in your direct messages');
    expect(desk.chat.shown[0]).toEqual({
      how: 'file',
      place: { channel: 'DU0OLGA' },
      file: { name: 'audit-2026-11-24T0311Z.jsonl', title: 'Stamps audit log', text: '{"head":"abc"}\n' },
    });
  });

  it('is refused to those who do not operate', async () => {
    const desk = createDesk();
    expect(await desk.type('audit export')).toContain('You may not use “/stamps audit export”.');
    expect(desk.operations.acts()).toEqual([]);
    expect(desk.chat.shown).toHaveLength(1);
  });
});
