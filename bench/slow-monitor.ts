import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from '../sandbox/azure/certificate.ts';

/** Metrics by batch and logs, each answer after so many milliseconds, for whatever cells are asked for. */
export interface SlowMonitor {
  readonly url: string;
  /** Requests since the last look. */
  takeCalls(): { metrics: number; logs: number };
  close(): void;
}

/** Shapes and limits are those of sandbox/azure: 50 resources a call, rows by app; the values say nothing. */
export async function startSlowMonitor(
  certificate: Certificate,
  answerMs: number,
  cells: number,
): Promise<SlowMonitor> {
  let calls = { metrics: 0, logs: 0 };
  const server = createServer({ key: certificate.key, cert: certificate.cert }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const asked = JSON.parse(Buffer.concat(parts).toString()) as { resourceids?: string[]; query?: string };
    const url = new URL(request.url ?? '/', 'https://localhost');
    await sleep(answerMs);
    const logs = asked.query !== undefined;
    calls[logs ? 'logs' : 'metrics'] += 1;
    const body = logs ? rows(asked.query as string, cells) : points(url, asked.resourceids ?? []);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls() {
      const taken = calls;
      calls = { metrics: 0, logs: 0 };
      return taken;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function points(url: URL, ids: readonly string[]): object {
  if (ids.length > 50) throw new Error(`${ids.length} resources in one call`);
  const name = url.searchParams.get('metricnames') ?? '';
  const namespace = url.searchParams.get('metricnamespace') ?? '';
  const start = Date.parse(url.searchParams.get('starttime') ?? '');
  const data = Array.from({ length: 5 }, (_, minute) => ({
    timeStamp: new Date(start + minute * 60_000).toISOString(),
    total: 60_000,
    average: 50,
  }));
  const window = { starttime: url.searchParams.get('starttime'), endtime: url.searchParams.get('endtime') };
  return {
    values: ids.map((resourceid) => ({
      ...window,
      interval: 'PT1M',
      namespace,
      resourceregion: 'eastus',
      resourceid,
      value: [
        {
          id: `${resourceid}/providers/Microsoft.Insights/metrics/${name}`,
          type: 'Microsoft.Insights/metrics',
          name: { value: name, localizedValue: name },
          unit: 'Count',
          timeseries: [{ metadatavalues: [], data }],
        },
      ],
    })),
  };
}

function rows(query: string, cells: number): object {
  const byApp = query.includes('by app');
  const columns = [
    ...(byApp ? [{ name: 'app', type: 'string' }] : []),
    { name: 'value', type: 'real' },
    { name: 'good', type: 'long' },
    { name: 'total', type: 'long' },
  ];
  const found = byApp ? Array.from({ length: cells }, (_, n) => [`app-cell-${n}`, 42.5, 5, 5]) : [[42.5, 5, 5]];
  return { tables: [{ name: 'PrimaryResult', columns, rows: found }] };
}
