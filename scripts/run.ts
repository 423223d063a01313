import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOf } from './bundle.ts';

// `run.ts src/main.ts …` runs a program from its bundle, as if Node had been given its source. Where no bundle can be
// had, it does run its source, which takes longer to start and is the same for the rest.

process.argv.splice(1, 1);
const source = resolve(process.argv[1] ?? '');
const top = fileURLToPath(new URL('..', import.meta.url));
const program = await bundleOf(relative(top, source), top).catch((error: Error) => {
  process.emitWarning(`${source} runs as it is: ${error.message}`);
  return pathToFileURL(source);
});
await import(program.href);
