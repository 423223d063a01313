import { flushCompileCache } from 'node:module';
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import type { RunningApp } from './app.ts';
import { loadConfig } from './config.ts';
import { startEmbeddedPostgres } from './engine/embedded-postgres.ts';
import { OpsError } from './errors.ts';
import { createLogger } from './observability/logging.ts';
import { startTracing } from './observability/tracing.ts';
import { secretsOf } from './secret.ts';

/**
 * Of a name with several addresses Node gives each but the last so long to connect. Its own 250 ms are less than the way
 * to a far region and back, or than a busy machine needs; where the last address is of a family that leads nowhere, the
 * place would seem away (github.com/nodejs/node, issue 54359).
 */
const connectAttemptMs = 1_500;
/** From the signal to the end: what is not let go by then is resumed at the next start. */
const stopWithinMs = 9_000;
/** sysexits.h: EX_CONFIG, and EX_TEMPFAIL for a replica that was taken over and should be started anew. */
const exitConfig = 78;
const exitFenced = 75;

async function main(): Promise<void> {
  setDefaultAutoSelectFamilyAttemptTimeout(connectAttemptMs);
  const config = loadConfig();
  const logger = createLogger({ level: config.logLevel, executorId: config.executorId, secrets: secretsOf(config) });
  const tracing = config.tracing ? await startTracing(config.executorId) : undefined;
  let app: RunningApp | undefined;

  const stop = (signal: string) => {
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    Promise.resolve(app?.stop())
      .then(() => tracing?.close())
      .then(
        () => process.exit(0),
        (error) => {
          logger.error({ err: error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'a bug: unhandled rejection'));

  // The database starts while the rest of the app is read, which leaves no time to anything else in this process.
  const atWork = Promise.withResolvers<void>();
  const starting = config.databaseUrl ? undefined : startEmbeddedPostgres(config.dataDir, atWork.resolve);
  try {
    await Promise.race([starting, atWork.promise]);
    const [{ startApp }, embedded] = await Promise.all([import('./app.ts'), starting]);
    app = await startApp(config, logger, {
      embedded,
      onFenced() {
        logger.error({}, 'another replica has taken over: ending without another write');
        process.exit(exitFenced);
      },
    });
    // Node keeps it at the end only, which an app that is killed never gets to: each of its starts would compile anew.
    flushCompileCache();
  } catch (error) {
    const embedded = await starting?.catch(() => undefined);
    await embedded?.stop();
    throw error;
  }
}

main().catch((error: unknown) => {
  const says = error instanceof OpsError ? [error.message, error.hint].filter(Boolean).join('\n\n') : error;
  console.error(says);
  process.exit(error instanceof OpsError && error.code === 'misconfigured' ? exitConfig : 1);
});
