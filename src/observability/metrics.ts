import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Levels, Metrics } from '../ports/metrics.ts';
import { withDeadline } from './deadline.ts';

/** Well below the 10 s that Prometheus waits by default. */
const levelDeadlineMs = 1_000;

export interface PrometheusMetrics extends Metrics {
  /** The figures as `GET /metrics` gives them; a level that cannot be read now is left out. */
  render(): Promise<{ contentType: string; body: string }>;
  /** Where the levels are read, known once the engine runs. */
  watch(levels: Levels): void;
}

/** Counts into a registry of its own, so that two apps in one process (tests) do not mix. */
export function createMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const runs = new Counter({
    name: 'stamps_runs_total',
    help: 'Runs that entered a state',
    labelNames: ['playbook', 'state'],
    registers,
  });
  const steps = new Histogram({
    name: 'stamps_step_seconds',
    help: 'How long a step took, until its effect was there',
    labelNames: ['kind', 'outcome'],
    // From a skipped change to a gateway update that takes an hour.
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600],
    registers,
  });
  const acks = new Histogram({
    name: 'stamps_ack_seconds',
    help: 'From a request of Slack to its 200; Slack gives up after 3 s',
    labelNames: ['type'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 3],
    registers,
  });
  const alerts = new Histogram({
    name: 'stamps_alert_answer_seconds',
    help: 'From an alert coming in to its answer; Azure gives up after some 10 s',
    labelNames: ['poster', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.1, 0.25, 1, 3, 10],
    registers,
  });
  const takeovers = new Counter({
    name: 'stamps_takeovers_total',
    help: 'Runs that a process left behind, resumed here',
    registers,
  });

  const level = (name: string, help: string, read: (levels: Levels) => Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        // Absent, not 0, when it cannot be read: a database that is away must not look like an empty outbox.
        this.remove();
        const levels = watched;
        if (levels)
          await withDeadline(() => read(levels), levelDeadlineMs).then(
            (value) => this.set(value),
            () => undefined,
          );
      },
    });
  let watched: Levels | undefined;
  level('stamps_outbox_depth', 'Messages that wait to be shown by Slack', (levels) => levels.outboxDepth());
  level('stamps_effects_depth', 'Pages and other effects outside that are not done yet', (levels) =>
    levels.effectsDepth(),
  );
  level('stamps_leases_held', 'Temporary states that have not ended', (levels) => levels.leasesHeld());

  return {
    runEntered: (playbook, state) => runs.inc({ playbook, state }),
    stepFinished: (kind, outcome, tookMs) => steps.observe({ kind, outcome }, tookMs / 1000),
    acknowledged: (type, tookMs) => acks.observe({ type }, tookMs / 1000),
    tookOver: (count) => takeovers.inc(count),
    alertAnswered: (poster, status, tookMs) => alerts.observe({ poster, status }, tookMs / 1000),
    watch: (levels) => {
      watched = levels;
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
}
