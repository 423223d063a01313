import { App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import { OpsError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Route } from '../../ports/http.ts';
import type { Accept, Incoming } from '../../ports/incoming.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Secret } from '../../secret.ts';
import { boltLogger } from './bolt-logger.ts';
import { createHttpServer } from './http-server.ts';
import { readAction, readCommand, readHome, readMention, readPin, readSubmission } from './incoming-schemas.ts';
import { SignedReceiver } from './signed-receiver.ts';

export interface SlackAppOptions {
  readonly botToken: Secret;
  /** Needed without an app token. */
  readonly signingSecret: Secret | undefined;
  /** Given: Socket Mode; absent: signed HTTP on `POST /slack/events`. */
  readonly appToken: Secret | undefined;
  /** Undefined: Slack's own. */
  readonly apiUrl: string | undefined;
  readonly port: number;
  /** Answered beside Slack, in both modes. */
  readonly customRoutes: readonly Route[];
  readonly accept: Accept;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface SlackApp {
  start(): Promise<{ port: number }>;
  /** Takes nothing more; what was accepted is stored. */
  stop(): Promise<void>;
}

/** What the person reads when the request could not even be stored. */
const notTaken = 'Stamps can’t take this right now: its database is away. Nothing was done. Try again in a minute.';

/** Bolt, with one way in: every request is read, accepted (stored), and only then acknowledged. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { accept, logger } = options;
  const { receiver, start, stop } = options.appToken ? overSocket(options, options.appToken) : overHttp(options);
  const app = new App({
    receiver: ackWhenTaken(receiver),
    logger: boltLogger(logger),
    // Nothing is asked of Slack here: the ids that Bolt wants are in no use, and Slack may be away at start.
    authorize: async () => ({ botToken: options.botToken.reveal(), botId: '', botUserId: '' }),
    ignoreSelf: false,
    clientOptions: options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl },
  });

  app.command('/stamps', async ({ body, ack }) => {
    const incoming = known(readCommand(body), 'a command');
    if (!incoming) return ack('Stamps could not read this command.');
    try {
      await accept(incoming);
    } catch (error) {
      logger.error({ err: error }, 'a command could not be stored');
      return ack({ response_type: 'ephemeral', text: notTaken });
    }
    await ack();
  });

  app.action(/[\s\S]*/, async ({ body, ack, respond }) => {
    const incoming = known(readAction(body), 'a click');
    if (incoming) {
      try {
        await accept(incoming);
      } catch (error) {
        logger.error({ err: error }, 'a click could not be stored');
        await ack();
        return void (await respond({ text: notTaken, response_type: 'ephemeral', replace_original: false }).catch(
          () => undefined,
        ));
      }
    }
    await ack();
  });

  app.view(/[\s\S]*/, async ({ body, ack }) => {
    if (body.type !== 'view_submission') return ack();
    const incoming = known(readSubmission(body), 'a form');
    if (!incoming) return ack();
    try {
      const { errors } = await accept(incoming);
      await (errors ? ack({ response_action: 'errors', errors: { ...errors } }) : ack());
    } catch (error) {
      logger.error({ err: error }, 'a form could not be stored');
      const block = Object.keys(incoming.values)[0];
      await (block === undefined ? ack() : ack({ response_action: 'errors', errors: { [block]: notTaken } }));
    }
  });

  // An error here leaves the event without its 200, and Slack delivers it again.
  app.event('app_mention', async ({ body }) => take(readMention(body)));
  app.event('pin_added', async ({ body }) => take(readPin(body)));
  app.event('app_home_opened', async ({ body }) => take(readHome(body)));

  async function take(incoming: Incoming | undefined): Promise<void> {
    if (incoming) await accept(incoming);
  }

  function known<T>(incoming: T | undefined, what: string): T | undefined {
    if (incoming === undefined) logger.warn({}, `${what} of Slack could not be read`);
    return incoming;
  }

  // Only what the listeners throw comes here: what Bolt itself can't read never reaches them.
  app.error(async (error) => {
    throw new OpsError('unavailable', 'A request of Slack could not be stored.', { cause: error });
  });

  return {
    async start() {
      return { port: await start() };
    },
    stop,
  };
}

/** Bolt acknowledges events before its listeners see them; ours are acknowledged once they are stored, or not at all. */
function ackWhenTaken(receiver: Receiver): Receiver {
  return {
    init(app) {
      const take = app.processEvent.bind(app);
      app.processEvent = async (event: ReceiverEvent) => {
        if (event.body.type !== 'event_callback') return take(event);
        await take({ ...event, ack: async () => undefined });
        await event.ack();
      };
      receiver.init(app);
    },
    start: (...options) => receiver.start(...options),
    stop: (...options) => receiver.stop(...options),
  };
}

interface Transport {
  readonly receiver: Receiver;
  start(): Promise<number>;
  stop(): Promise<void>;
}

function overHttp({ signingSecret, port, customRoutes, clock, logger }: SlackAppOptions): Transport {
  if (!signingSecret) throw new OpsError('misconfigured', 'SLACK_SIGNING_SECRET is missing.');
  const receiver = new SignedReceiver({ signingSecret, port, routes: customRoutes, clock, logger });
  return { receiver, start: () => receiver.start(), stop: () => receiver.stop() };
}

function overSocket({ apiUrl, port, customRoutes, logger }: SlackAppOptions, appToken: Secret): Transport {
  const receiver = new SocketModeReceiver({
    appToken: appToken.reveal(),
    logger: boltLogger(logger),
    installerOptions: apiUrl === undefined ? {} : { clientOptions: { slackApiUrl: apiUrl } },
  });
  const server = createHttpServer(customRoutes);
  return {
    receiver,
    async start() {
      const listening = await server.listen(port);
      // Slack may be away now; the client goes on trying, and /readyz says so meanwhile.
      receiver.start().catch((error: unknown) => logger.error({ err: error }, 'Socket Mode did not connect'));
      return listening;
    },
    async stop() {
      await receiver.stop();
      await server.close();
    },
  };
}
