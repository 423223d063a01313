import { OpsError } from '../../src/errors.ts';
import { createDesk, incidents } from '../support/fakes/desk.ts';
import { banking, sampleDraft } from '../support/fakes/fake-status-page.ts';
import { ana } from '../support/sample-run.ts';

const metadata = JSON.stringify({ channel: incidents, incident: 'i-17' });
const values = {
  name: 'Problems with Banking',
  status: 'investigating',
  impact: 'major',
  body: 'We are looking.\n\nMore within the hour.',
  [`component:${banking.id}`]: 'partial_outage',
  'component:rtl8a9b0c1d2': 'keep',
};

describe('statuspage', () => {
  it.each(['draft', 'update', 'resolve'] as const)('%s opens the form with what is proposed', async (purpose) => {
    const desk = createDesk();
    await desk.type(`statuspage ${purpose} i-17`);
    expect(desk.statusPage.asked).toEqual([[purpose, 'i-17']]);
    expect(desk.chat.shown).toMatchObject([
      { how: 'view', triggerId: 't1', view: { callback_id: 'statuspage_submit', private_metadata: metadata } },
    ]);
  });

  it('means the only open incident when none is named', async () => {
    const desk = createDesk();
    await desk.type('statuspage draft');
    expect(desk.statusPage.asked).toEqual([['draft', 'i-17']]);
  });

  it('offers what is affected first, and leaves the rest as it is', async () => {
    const desk = createDesk();
    desk.statusPage.state.draft = sampleDraft({
      components: [{ id: 'rtl8a9b0c1d2', name: 'Retail <x>', status: 'degraded_performance' }, banking],
    });
    const shown = await desk.type('statuspage draft');
    expect(shown.indexOf('Banking')).toBeLessThan(shown.indexOf('Retail'));
    expect(shown).toContain('Everybody can read this.');
    expect(shown).toContain('Leave as it is (Degraded performance)');
  });

  it('says how many components are left out of a form that is full', async () => {
    const desk = createDesk();
    const many = Array.from({ length: 300 }, (_, n) => ({
      id: `c${n}`,
      name: `Part ${n}`,
      status: 'operational' as const,
    }));
    desk.statusPage.state.draft = sampleDraft({ components: [...many, banking] });
    expect(await desk.type('statuspage draft')).toContain('261 more components are left out here');
  });

  it('opens from the card and from the request for the last words', async () => {
    const desk = createDesk();
    await desk.press('statuspage_open', 'i-17');
    await desk.press('statuspage_resolve', 'i-17');
    expect(desk.statusPage.asked).toEqual([
      ['draft', 'i-17'],
      ['resolve', 'i-17'],
    ]);
    expect(await desk.press('statuspage_open', '../i-17')).toContain('This button is not understood any more');
  });

  it('publishes what the form says, under the key of its submission', async () => {
    const desk = createDesk();
    expect(await desk.submit('statuspage_submit', values, metadata)).toContain('It goes to the status page now.');
    expect(desk.statusPage.published).toEqual([
      {
        key: 'statuspage/i-17/key-1',
        id: 'i-17',
        by: ana,
        update: {
          name: 'Problems with Banking',
          status: 'investigating',
          impact: 'major',
          body: 'We are looking.\n\nMore within the hour.',
          components: { [banking.id]: 'partial_outage' },
        },
      },
    ]);
  });

  it('takes marks that hide or turn text out of what customers read', async () => {
    const desk = createDesk();
    await desk.submit('statuspage_submit', { ...values, body: 'We are \u202Egnikool\u0000 at it.' }, metadata);
    expect(desk.statusPage.published[0]?.update.body).toBe('We are gnikool at it.');
  });

  it.each([
    [{ name: 'x' }, 'this one has 1.'],
    [{ body: '   ' }, 'this one has 0.'],
    [{ body: 'x'.repeat(2_501) }, 'this one has 2501.'],
    [{ status: 'sad' }, 'Choose one of the list.'],
    [{ impact: '' }, 'Choose one of the list.'],
    [{ [`component:${banking.id}`]: 'gone' }, 'Choose one of the list.'],
  ])('refuses %j', async (wrong, message) => {
    const desk = createDesk();
    expect(await desk.submit('statuspage_submit', { ...values, ...wrong }, metadata)).toContain(message);
    expect(desk.statusPage.published).toEqual([]);
  });

  it('is not for those who do not respond', async () => {
    const desk = createDesk();
    expect(await desk.type('statuspage draft', 'U0NIA')).toContain('You may not use “/stamps statuspage draft”.');
  });

  it('says what is missing without a status page', async () => {
    const desk = createDesk();
    desk.statusPage.state.failure = new OpsError('misconfigured', 'No status page is configured.', { hint: 'Set it.' });
    expect(await desk.type('statuspage draft')).toContain('No status page is configured.\nSet it.');
  });
});
