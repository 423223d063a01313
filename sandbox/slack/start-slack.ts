import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canvasPage } from './canvases.ts';
import type { SlackEmulator, SlackMessage } from './contract.ts';
import { Deliveries, type SignedRequest } from './deliveries.ts';
import { Faults } from './faults.ts';
import { typeOf } from './files.ts';
import { createHands } from './hands.ts';
import { RateLimits } from './limits.ts';
import { botUserId } from './seed.ts';
import { Sockets } from './sockets.ts';
import { methods } from './web-api.ts';
import type { Args } from './web-args.ts';
import { Workspace } from './workspace.ts';

export interface SlackOptions {
  /** 0: any. */
  readonly port?: number;
  readonly now?: () => number;
  /** Ordinary rate limits; off for benches that measure something else. Default on. */
  readonly limits?: boolean;
}

/** The emulator with what only tests need. */
export interface SlackTestEmulator extends SlackEmulator {
  /** The last signed request as it was sent, and a way to sign anything. */
  readonly raw: {
    last(): SignedRequest | undefined;
    sign(body: string, contentType: string, timestampSeconds?: number): SignedRequest;
  };
  /** A channel's messages as they are, for whoever looks at thousands of them many times a second: nobody may change them. */
  messagesIn(channelId: string): readonly SlackMessage[];
  /** Tells the app's sockets to connect anew, or cuts them. */
  readonly sockets: Pick<Sockets, 'disconnect' | 'drop' | 'connected'>;
}

const keptCalls = 10_000;

/**
 * Slack on loopback: Web API, Socket Mode, signed HTTP, response URLs, uploads. The rules that it keeps stand, with
 * their sources, in `block-rules`, `limits`, `sockets`, `deliveries`, `workspace` and `web-api`.
 */
export async function startSlackEmulator({
  port = 0,
  now = Date.now,
  limits = true,
}: SlackOptions = {}): Promise<SlackTestEmulator> {
  const workspace = new Workspace(now);
  const faults = new Faults();
  const sockets = new Sockets();
  const rates = new RateLimits(now);
  const calls: { at: number; method: string; status: number; error?: string; args: Args }[] = [];
  const keep = (call: (typeof calls)[number]) => {
    calls.push(call);
    if (calls.length > keptCalls) calls.shift();
  };
  const tokens = { bot: 'xoxb-sandbox-0000', app: 'xapp-sandbox-0000' };
  const signingSecret = 'sandbox-signing-secret-0000';
  let requestUrl: string | undefined;
  const deliveries = new Deliveries({ signingSecret, now, sockets, faults, requestUrl: () => requestUrl });

  const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
  server.on('upgrade', (request, socket, head) =>
    faults.isDown ? socket.destroy() : sockets.upgrade(request, socket, head),
  );
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', listening);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const around = { workspace, now, origin: () => origin, socketUrl: () => `${origin.replace('http', 'ws')}/socket` };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const body = await bodyOf(request);
    const [, kind, id = ''] = path.split('/');
    if (faults.isDown) {
      if (kind === 'api') keep({ at: now(), method: id, status: 0, error: 'down', args: {} });
      return void request.socket.destroy();
    }
    if (kind === 'api') return call(id, body, request, response);
    if (kind === 'docs') return canvas(path, request, response);
    if (kind === 'files') return picture(path, response);
    if (kind === 'response') return respond(id, body, response);
    const file = kind === 'upload' ? workspace.files.get(id) : undefined;
    if (!file) return void response.writeHead(404).end();
    file.bytes = body;
    response.end('OK');
  }

  function call(method: string, body: Buffer, request: IncomingMessage, response: ServerResponse): void {
    const isJson = (request.headers['content-type'] ?? '').includes('json');
    const args = (
      isJson ? JSON.parse(body.toString() || '{}') : Object.fromEntries(new URLSearchParams(body.toString()))
    ) as Args;
    const { token: inBody, ...rest } = args;
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? inBody;
    const log = (status: number, error?: string) =>
      keep({ at: now(), method, status, args: rest, ...(error === undefined ? {} : { error }) });
    const throttled = (seconds: number) => {
      log(429, 'ratelimited');
      response
        .writeHead(429, { 'retry-after': String(seconds), 'content-type': 'application/json' })
        .end('{"ok":false,"error":"ratelimited"}');
    };

    const fault = faults.next(method);
    if (fault?.kind === 'throttle') return void throttled(fault.retryAfter);
    if (fault?.kind === 'status') {
      log(fault.status);
      return void response.writeHead(fault.status).end();
    }
    const waits = limits ? rates.take(method, String(rest.channel ?? '')) : 0;
    if (waits > 0) return void throttled(waits);

    const known = methods[method];
    const right = method === 'apps.connections.open' ? tokens.app : tokens.bot;
    const answer =
      token === undefined
        ? { ok: false, error: 'not_authed' }
        : token !== right
          ? { ok: false, error: 'invalid_auth' }
          : known
            ? known(rest, around)
            : { ok: false, error: 'unknown_method' };
    log(200, 'error' in answer ? String(answer.error) : undefined);
    if (fault?.kind === 'lose') return void request.socket.destroy();
    const reply = () =>
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
    if (fault?.kind === 'late') setTimeout(reply, fault.ms).unref();
    else reply();
  }

  /** What a file's permalink shows. */
  function picture(path: string, response: ServerResponse): void {
    const file = workspace.files.get(path.split('/')[3] ?? '');
    if (file?.completedAt === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': typeOf(file.bytes) }).end(file.bytes);
  }

  /** A canvas as its Markdown, which is what the app wrote; for a browser with its files unfurled. */
  function canvas(path: string, request: IncomingMessage, response: ServerResponse): void {
    const found = workspace.canvases.get(path.split('/')[3] ?? '');
    if (!found) return void response.writeHead(404).end();
    if (request.headers.accept?.includes('text/html')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(canvasPage(found, origin));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${found.title}\n\n${found.markdown}`);
  }

  function respond(id: string, body: Buffer, response: ServerResponse): void {
    const place = workspace.useResponse(id);
    if (!place) return void response.writeHead(404).end('expired_url');
    const {
      text = '',
      blocks,
      response_type: type,
      delete_original: remove,
      replace_original: replace,
    } = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
    const original = place.ts === undefined ? undefined : workspace.find(place.channel, place.ts);
    const shown = { text: String(text), ...(Array.isArray(blocks) ? { blocks: blocks as object[] } : {}) };
    if (remove && original) {
      const channel = workspace.channels.get(place.channel);
      if (channel) channel.messages = channel.messages.filter((message) => message !== original);
      workspace.changed();
    } else if (replace && original) {
      Object.assign(original, shown);
      workspace.changed();
    } else {
      workspace.add(place.channel, {
        userId: botUserId,
        ...shown,
        ...(type === 'in_channel' ? {} : { ephemeralTo: place.userId }),
        ...(place.threadTs === undefined ? {} : { threadTs: place.threadTs }),
      });
    }
    response.end('ok');
  }

  return {
    apiUrl: `${origin}/api/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    get requestUrl() {
      return requestUrl;
    },
    set requestUrl(url) {
      requestUrl = url;
    },
    snapshot: () => workspace.snapshot(),
    messagesIn: (channelId) => workspace.channels.get(channelId)?.messages ?? [],
    subscribe: (listener) => workspace.subscribe(listener),
    as: (userId) => createHands({ workspace, deliveries, origin: () => origin }, userId),
    faults: {
      down(on) {
        faults.down(on);
        if (on) sockets.drop();
      },
      throttle: (...fault) => faults.throttle(...fault),
      loseAnswers: (...fault) => faults.loseAnswers(...fault),
      answerLate: (...fault) => faults.answerLate(...fault),
      failWith: (...fault) => faults.failWith(...fault),
    },
    setGroup(groupId, userIds) {
      const group = workspace.groups.get(groupId);
      if (group) group.users = [...userIds];
      workspace.changed();
    },
    file(id) {
      const file = workspace.files.get(id);
      return file && { name: file.name, type: typeOf(file.bytes), bytes: file.bytes };
    },
    allowCanvases(on) {
      workspace.canvasesAllowed = on;
    },
    setUser: (user) => workspace.setUser(user),
    calls,
    raw: { last: () => deliveries.last, sign: (...what) => deliveries.sign(...what) },
    sockets,
    async close() {
      deliveries.close();
      sockets.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
