import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificate } from '../sandbox/azure/certificate.ts';
import { startEmbeddedPostgres } from '../src/engine/embedded-postgres.ts';
import { benchFolder } from './bench-folder.ts';
import type { KpiFigures } from './kpi-reader.ts';
import { percentile } from './percentile.ts';
import { startSlowMonitor } from './slow-monitor.ts';

const answerMs = 100;
const rounds = 4;

/**
 * Snapshots of the nine indicators, read over HTTPS from services that answer in 100 ms and stored in PostgreSQL, by a
 * process of its own: for a tenth of the cells, for all of them, and for ten times as many.
 */
export async function benchKpi(cells: number): Promise<string> {
  const folder = await benchFolder();
  const certificate = await createCertificate();
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, certificate.cert);
  const said: string[] = [];
  for (const count of [cells / 10, cells, cells * 10]) {
    const data = join(folder, `data-${count}`);
    const server = await startEmbeddedPostgres(data);
    const monitor = await startSlowMonitor(certificate, answerMs, count);
    try {
      const { readMs, storeMs, known, unknown, mostMegabytes } = await read(ca, monitor.url, server.url, count);
      const { metrics, logs } = monitor.takeCalls();
      const regions = 2;
      const least = 2 * regions * Math.ceil(count / regions / 50) + 1;
      const whole = readMs.map((ms, round) => ms + (storeMs[round] ?? 0));
      const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
      said.push(
        `${count} cells: ${seconds(percentile(whole, 0.5))} (slowest ${seconds(Math.max(...whole))}), of it ${seconds(percentile(storeMs, 0.5))} to store; ` +
          `${metrics / rounds} metric calls (least possible ${least}) and ${logs / rounds} queries; ${known} of ${known + unknown} readings known; ${mostMegabytes.toFixed(0)} MB at most`,
      );
    } finally {
      monitor.close();
      await server.stop();
    }
  }
  return `a snapshot, median of ${rounds}, answers in ${answerMs} ms. ${said.join('. ')}`;
}

async function read(ca: string, url: string, database: string, cells: number): Promise<KpiFigures> {
  const child = spawn(process.execPath, ['bench/kpi-reader.ts', url, database, String(cells), String(rounds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the reader ended with ${code}`);
  return JSON.parse(out) as KpiFigures;
}
