import { createDesk, incidents } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

const why = 'card payments time out';

describe('page', () => {
  it('wakes a policy, once for a delivery, and says where to see it', async () => {
    const desk = createDesk();
    expect(await desk.type(`page platform because ${why}`)).toContain('Platform is being paged.');
    expect(desk.onCall.pages).toMatchObject([
      { key: 'key-1', target: { id: 'PPLATFM' }, why, channel: incidents, by: ana },
    ]);
  });

  it('wakes a person by a part of the name', async () => {
    const desk = createDesk();
    await desk.type(`page ben ${why}`);
    expect(desk.onCall.pages).toMatchObject([{ target: { kind: 'person', id: 'PUBEN02' }, why }]);
  });

  it.each([
    ['page', 'Whom?', '/stamps page'],
    ['page Platform', 'The reason is too short', ''],
    ['page Platform because x', 'The reason is too short', ''],
    [`page Platfrom because ${why}`, 'nobody called “Platfrom”', 'Did you mean Platform?'],
    [`page <!channel> because ${why}`, 'nobody called “&lt;!channel&gt;”', ''],
    [`page "Platform because ${why}`, 'A quotation mark is not closed.', ''],
  ])('answers “%s” with what is wrong, and wakes nobody', async (typed, message, hint) => {
    const desk = createDesk();
    const shown = await desk.type(typed);
    expect(shown).toContain(message);
    expect(shown).toContain(hint);
    expect(desk.onCall.pages).toEqual([]);
  });

  it('is not for those who do not respond to incidents', async () => {
    const desk = createDesk();
    expect(await desk.type(`page Platform because ${why}`, 'U0NIA')).toContain('You may not use “/stamps page”.');
    expect(desk.onCall.pages).toEqual([]);
  });

  it('puts its card into a channel when it is typed in a direct message', async () => {
    const desk = createDesk();
    await desk.type(`page Platform because ${why}`, ana, { channel: 'D0ANA' });
    expect(desk.onCall.pages).toMatchObject([{ channel: incidents }]);
  });
});
