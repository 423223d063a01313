import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

/** A request, its body read. */
export interface Call {
  readonly method: string;
  /** `https://127.0.0.1:4321`, as the client called us. */
  readonly origin: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `reset`: the connection breaks instead of an answer. */
export type Handler = (call: Call) => Reply | 'reset' | Promise<Reply | 'reset'>;

export interface JsonServer {
  /** No trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

const longestBody = 4 * 1024 * 1024;

/** JSON over HTTP on a free loopback port; with a certificate, over TLS. A handler that throws is a bug: 500. */
export async function startJsonServer(handler: Handler, certificate?: Certificate): Promise<JsonServer> {
  const protocol = certificate ? 'https' : 'http';
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(handler, protocol, request).then(
      (reply) => send(reply, request.socket, response),
      (error: unknown) => send(bug(error), request.socket, response),
    );
  };
  const server = certificate
    ? createHttps({ key: certificate.key, cert: certificate.cert }, listener)
    : createHttp(listener);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    url: `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(handler: Handler, protocol: string, request: IncomingMessage): Promise<Reply | 'reset'> {
  const { method = 'GET', headers } = request;
  const origin = `${protocol}://${headers.host ?? '127.0.0.1'}`;
  // arm-resources puts a slash of its own before an id that begins with one: the host is never taken from the path.
  const target = `${origin}${(request.url ?? '/').replace(/^\/+/, '/')}`;
  if (!URL.canParse(target)) return problem(400, 'BadRequest', 'The address cannot be read.');
  const url = new URL(target);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) return problem(413, 'RequestEntityTooLarge', 'The request is larger than 4 MB.');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    return problem(400, 'InvalidRequestContent', 'The request content was invalid and could not be deserialized.');
  }
  return handler({ method, origin, url, headers, body });
}

function problem(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } };
}

function bug(error: unknown): Reply {
  return problem(500, 'InternalServerError', error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function send(reply: Reply | 'reset', socket: Socket, response: ServerResponse): void {
  if (reply === 'reset') {
    socket.destroy();
    return;
  }
  const { status, headers, body } = reply;
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...(status !== 204 && { 'content-length': Buffer.byteLength(text) }),
    'cache-control': 'no-cache',
    ...headers,
  });
  response.end(status === 204 ? undefined : text);
}
