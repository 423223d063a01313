import { isOpsError } from '../src/errors.ts';
import { launch } from './launch.ts';
import { launchHelp, parseLaunchOptions } from './launch-options.ts';

/** `npm run sandbox`. */
async function main(): Promise<void> {
  const options = parseLaunchOptions(process.argv.slice(2));
  if (options.help) return console.log(launchHelp);
  const sandbox = await launch(options);
  console.log(sandbox.welcome);

  let leaving = false;
  const leave = async (signal: string) => {
    if (leaving) return;
    leaving = true;
    console.log(`\n${signal}: stopping the sandbox…`);
    await sandbox.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void leave(signal));
}

main().catch((error: unknown) => {
  if (!isOpsError(error)) throw error;
  console.error([error.message, error.hint].filter(Boolean).join('\n'));
  process.exit(1);
});
