import { createDesk, incidents } from '../support/fakes/desk.ts';
import { ana } from '../support/sample-run.ts';

describe('the buttons of a finding', () => {
  it('snooze it for a week, and say so', async () => {
    const desk = createDesk();
    expect(await desk.press('finding_snooze', 'abc123')).toContain('for 7 days');
    expect(desk.reports.said).toEqual([['snooze', 'abc123', 7, ana, { channel: incidents, ts: expect.any(String) }]]);
  });

  it('take it for oneself', async () => {
    const desk = createDesk();
    await desk.press('finding_assign', 'abc123');
    expect(desk.reports.said).toEqual([['assign', 'abc123', ana, expect.anything()]]);
  });
});

describe('the button of an anomaly', () => {
  it('snoozes it for a day, and says so', async () => {
    const desk = createDesk();
    expect(await desk.press('anomaly_snooze', 'abc123')).toContain('for a day');
    expect(desk.reports.said).toEqual([['snooze anomaly', 'abc123', ana]]);
  });
});
