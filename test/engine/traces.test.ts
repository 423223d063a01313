import { DBOS } from '@dbos-inc/dbos-sdk';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { workflowId } from '../../src/engine/interpreter.ts';
import { ben, startEngine } from '../support/engine-harness.ts';

describe('traces of a run', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  beforeAll(() => provider.register());
  beforeEach(() => exporter.reset());
  afterAll(() => provider.shutdown());

  async function spansOfOneRun(tracing: boolean) {
    const world = await startEngine({}, { tracing });
    try {
      const run = await world.turn(['a'], 7);
      await world.engine.operations.decide(run.id, undefined, ben, 'approve');
      await world.reaches(run.id, 'succeeded');
      await DBOS.retrieveWorkflow(workflowId({ runId: run.id, attempt: 1 })).getResult();
    } finally {
      await world.stop();
    }
    return exporter.getFinishedSpans();
  }

  it('are a span of the run, and under it one of each step, when they are wanted', async () => {
    const spans = await spansOfOneRun(true);
    const run = spans.find(({ name }) => name === 'apply');
    expect(run).toBeDefined();
    const steps = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === run?.spanContext().spanId);
    expect(steps.map(({ name }) => name)).toEqual(['a-may-turn', 'turn-a', 'settle']);
  });

  it('are none when they are not', async () => {
    expect(await spansOfOneRun(false)).toEqual([]);
  });
});
