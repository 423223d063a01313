/**
 * Stops with a sentence instead of a stack trace when the runtime cannot run TypeScript as it is.
 * Plain JavaScript, because an old runtime must be able to read it.
 */
const wanted = 24;
const found = Number.parseInt(process.versions.node, 10);

if (found < wanted) {
  console.error(
    [
      `Stamps runs on Node ${wanted} or newer; this is Node ${process.versions.node} (${process.platform} ${process.arch}).`,
      '`npm ci` brings the right one on Linux, macOS and Windows (x64), and on Linux and macOS (arm64).',
      'If you left optional packages out, run `npm ci --include=optional` and use the npm scripts (`npm run sandbox`).',
      `On another platform, install Node ${wanted} from https://nodejs.org and try again.`,
    ].join('\n'),
  );
  process.exit(1);
}
