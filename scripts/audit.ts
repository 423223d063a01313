import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyChain } from '../src/engine/audit-verify.ts';

const usage = 'Usage: npm run audit -- verify FILE [--head HASH]';

/** Checks an exported audit log offline. Exit code 0: whole; 1: tampered with; 2: could not be checked. */
function main(): number {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { head: { type: 'string' } } });
  const [verb, file] = positionals;
  if (verb !== 'verify' || file === undefined) {
    console.error(usage);
    return 2;
  }
  const verdict = verifyChain(readFileSync(file, 'utf8'), values.head);
  if (verdict.ok) {
    console.log(`Whole: ${verdict.records} records, head ${verdict.head}`);
    return 0;
  }
  console.error(`Not whole: line ${verdict.line}: ${verdict.says}.`);
  return 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}
