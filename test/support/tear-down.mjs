export default async function tearDown() {
  // It was told to stop; on a busy machine it may take longer than anybody waits, and that fails no test.
  await globalThis.testPostgres?.stop().catch(() => undefined);
}
