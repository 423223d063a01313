import { bundleOf, type Program } from './bundle.ts';

/**
 * `run.ts src/main.ts …` runs a program from its bundle, as if Node had been given its source. Where no bundle can be
 * had, it does run its source, which takes longer to start and else is the same.
 */
process.argv.splice(1, 1);
const program = process.argv[1] as Program;
const source = new URL(`../${program}`, import.meta.url);
const bundle = await bundleOf(program).catch((error: Error) => {
  process.emitWarning(`${program} runs from its source: ${error.message}`);
  return source;
});
await import(bundle.href);
