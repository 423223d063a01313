import { createDesk, incidents } from '../support/fakes/desk.ts';
import { sampleIncident } from '../support/sample-incident.ts';
import { ana } from '../support/sample-run.ts';

const banking = { scope: 'cell', region: 'eastus', cell: 'cell-banking' };

describe('/stamps incident declare', () => {
  it.each([
    ['"Card payments time out" P1 in cell-banking', 'Card payments time out', 'P1', banking],
    ['“Card payments time out” p1 in retail', 'Card payments time out', 'P1', { ...banking, cell: 'cell-retail' }],
    ['"Card payments time out" in eastus P0', 'Card payments time out', 'P0', { scope: 'region', region: 'eastus' }],
    ['Card payments time out P2', 'Card payments time out', 'P2', undefined],
    ['P2 Card payments time out', 'Card payments time out', 'P2', undefined],
    ['P2 Card payments time out in global', 'Card payments time out', 'P2', { scope: 'global' }],
    ['"P0 in the log" P3', 'P0 in the log', 'P3', undefined],
    ['P1 "What is in eastus"', 'What is in eastus', 'P1', undefined],
  ])('understands %s', async (typed, title, severity, place) => {
    const desk = createDesk();
    const shown = await desk.type(`incident declare ${typed}`);
    const wanted = { title, severity, requestKey: 'key-1', channel: incidents, ...(place && { place }) };
    expect(desk.incidentBook.calls).toEqual([['declare', wanted, ana]]);
    expect(shown).toContain('Declared: ');
  });

  it.each([
    ['', 'How severe is it?'],
    ['"Card payments time out"', 'How severe is it?'],
    ['P1', 'What is wrong?'],
    ['"x" P1', 'this one has 1.'],
    ['"Card payments time out" P1 in cell-bankng', 'There is no cell “cell-bankng”.'],
    ['"Card payments time out" P1 quickly', '“quickly” is one word too many.'],
    ['"Card payments time out P1', 'A quotation mark is not closed.'],
    [`"${'x'.repeat(300)}" P1`, 'this one has 300.'],
  ])('answers %s with what is missing, and declares nothing', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(`incident declare ${typed}`)).toContain(says);
    expect(desk.incidentBook.calls).toEqual([]);
    expect(desk.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not offered to who may not respond', async () => {
    const desk = createDesk();
    expect(await desk.type('help', 'U0NIA')).not.toContain('incident declare');
    expect(await desk.type('incident declare "Card payments time out" P1', 'U0NIA')).toContain('You may not use');
    expect(desk.incidentBook.calls).toEqual([]);
  });
});

describe('which incident', () => {
  it.each([
    ['incident ack', ['acknowledge', 'i-17', ana]],
    ['incident ack I-17', ['acknowledge', 'i-17', ana]],
    ['incident mitigate', ['mitigate', 'i-17', ana]],
    ['incident resolve i-17', ['resolve', 'i-17', ana]],
    ['incident severity P0', ['setSeverity', 'i-17', 'P0', ana]],
    ['incident severity i-17 p3', ['setSeverity', 'i-17', 'P3', ana]],
    ['incident note the bank restarted', ['note', 'i-17', 'the bank restarted', ana, 'key-1']],
    ['incident note i-17 the bank restarted', ['note', 'i-17', 'the bank restarted', ana, 'key-1']],
    ['incident assign me', ['assign', 'i-17', ana, ana]],
    ['incident merge i-18 into i-17', ['merge', 'i-18', 'i-17', ana]],
    ['incident split i-17 cell-banking', ['split', 'i-17', 'cell-banking', ana]],
  ])('%s is about the one that is named, or the only one', async (typed, call) => {
    const desk = createDesk();
    await desk.type(typed);
    expect(desk.incidentBook.calls).toEqual([call]);
  });

  it('is the one whose channel it is, when several are open, else it is asked', async () => {
    const desk = createDesk();
    desk.incidentBook.book.set('i-18', sampleIncident({ id: 'i-18', ownChannel: 'C0INC18' }));
    expect(await desk.type('incident ack')).toContain('Which incident? 2 are open: i-17');
    await desk.type('incident ack', ana, { channel: 'C0INC18' });
    expect(desk.incidentBook.calls).toEqual([['acknowledge', 'i-18', ana]]);
  });

  it('is none when none is open', async () => {
    const desk = createDesk();
    desk.incidentBook.book.clear();
    expect(await desk.type('incident resolve')).toContain('No incident is open.');
  });

  it.each([
    ['incident ack now', '“now” is not an incident.'],
    ['incident severity', 'Which severity?'],
    ['incident severity P7', '“P7” is not a severity.'],
    ['incident note', 'What should be noted?'],
    ['incident merge i-18 i-17', 'Which incident goes into which?'],
    ['incident merge i-18 into', 'Which incident goes into which?'],
    ['incident split i-17', 'Which cell?'],
    ['incident assign', 'Which person?'],
    ['incidents all', 'There are open incidents, and ended ones.'],
  ])('%s is answered with what to type', async (typed, says) => {
    const desk = createDesk();
    expect(await desk.type(typed)).toContain(says);
    expect(desk.incidentBook.calls).toEqual([]);
  });
});

it('lists the open ones, and those that are over', async () => {
  const desk = createDesk();
  desk.incidentBook.book.set('i-9', sampleIncident({ id: 'i-9', state: 'resolved', title: 'Sign-in failed' }));
  expect(await desk.type('incidents')).toContain('🟠 P1 `i-17` *cell-banking: memory above 1 GiB*');
  expect(await desk.type('incidents ended')).toContain('*Sign-in failed*');
  desk.incidentBook.book.clear();
  expect(await desk.type('incidents')).toContain('No incident is open.');
});

it('shows one in full', async () => {
  const desk = createDesk();
  expect(await desk.type('incident i-17')).toContain('*Alerts:* 2 of 3 alerts are still firing, page 1 of 3');
});

describe('/stamps postmortem', () => {
  it('says where the document will be, and wants it once for the command', async () => {
    const desk = createDesk();
    expect(await desk.type('postmortem i-17')).toContain('it comes into the thread of its card');
    expect(desk.incidentBook.calls).toEqual([['postmortem', 'i-17', ana, 'key-1']]);
  });

  it('is not for who may not respond', async () => {
    const desk = createDesk();
    expect(await desk.type('postmortem i-17', 'U0NIA')).toContain('You may not use');
    expect(desk.incidentBook.calls).toEqual([]);
  });
});
