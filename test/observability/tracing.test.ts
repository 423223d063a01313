import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** A process of its own, as in production: the provider is one per process, and reads the environment. */
const traced = `
  import { trace } from '@opentelemetry/api';
  import { startTracing } from './src/observability/tracing.ts';
  const tracing = await startTracing('blue-1');
  trace.getTracer('test').startSpan('run r-17').end();
  await tracing.close();
`;

describe('startTracing', () => {
  it('sends spans to the collector that the environment names, the last ones when it closes', async () => {
    const received: string[] = [];
    const collector = createServer(async (request, response) => {
      received.push(`${request.url} ${await text(request)}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    try {
      const { port } = collector.address() as AddressInfo;
      const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', traced], { env, timeout: 20_000 });
    } finally {
      collector.close();
    }
    expect(received).toEqual([expect.stringMatching(/^\/v1\/traces .*blue-1.*run r-17/)]);
  }, 30_000);
});
