import { rm } from 'node:fs/promises';

export default async function tearDown() {
  const server = globalThis.testPostgres;
  // It was told to stop; on a busy machine it may take longer than anybody waits, and that fails no test.
  await server?.stop().catch(() => undefined);
  // Hundreds of megabytes a run.
  if (server) await rm(server.folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
}
