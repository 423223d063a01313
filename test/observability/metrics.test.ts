import { createMetrics } from '../../src/observability/metrics.ts';

const levels = { outboxDepth: async () => 3, effectsDepth: async () => 2, leasesHeld: async () => 1 };

describe('createMetrics', () => {
  it('renders what was counted, in seconds', async () => {
    const metrics = createMetrics();
    metrics.runEntered('isolate-cell', 'succeeded');
    metrics.runEntered('isolate-cell', 'succeeded');
    metrics.stepFinished('change', 'done', 1500);
    metrics.acknowledged('command', 4);
    metrics.tookOver(2);
    metrics.alertAnswered('azure-monitor', 200, 20);
    const { contentType, body } = await metrics.render();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('stamps_runs_total{playbook="isolate-cell",state="succeeded"} 2');
    expect(body).toContain('stamps_step_seconds_sum{kind="change",outcome="done"} 1.5');
    expect(body).toContain('stamps_ack_seconds_sum{type="command"} 0.004');
    expect(body).toContain('stamps_takeovers_total 2');
    expect(body).toContain('stamps_alert_answer_seconds_sum{poster="azure-monitor",status="200"} 0.02');
  });

  it('looks the levels up when it is asked', async () => {
    const metrics = createMetrics();
    metrics.watch(levels);
    const { body } = await metrics.render();
    expect(body).toMatch(/^stamps_outbox_depth 3$/m);
    expect(body).toMatch(/^stamps_effects_depth 2$/m);
    expect(body).toMatch(/^stamps_leases_held 1$/m);
  });

  it('leaves out a level that cannot be read rather than calling it 0', async () => {
    const metrics = createMetrics();
    let away = false;
    metrics.watch({ ...levels, outboxDepth: async () => (away ? Promise.reject(new Error('away')) : 3) });
    await metrics.render();
    away = true;
    const { body } = await metrics.render();
    expect(body).not.toMatch(/^stamps_outbox_depth \d/m);
    expect(body).toMatch(/^stamps_leases_held 1$/m);
  });

  it('keeps two apps in one process apart', async () => {
    createMetrics().runEntered('isolate-cell', 'succeeded');
    expect((await createMetrics().render()).body).not.toContain('isolate-cell');
  });
});
