/** Prints `N passed, N failed` from jest's own JSON results. Plain JavaScript: it must run even when `npm ci` failed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '', status = '0'] = process.argv.slice(2);
const results = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const sum = (count) => results.reduce((total, result) => total + count(result), 0);

const passed = sum((result) => result.numPassedTests);
// A suite that did not even start has no failed tests of its own; any other step that failed counts as one.
const failed = sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites);
const elsewhere = failed === 0 && status !== '0' ? 1 : 0;

console.log(`${passed} passed, ${failed + elsewhere} failed`);
if (failed > 0) process.exitCode = 1;
