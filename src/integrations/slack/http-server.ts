import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Route {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  handler(request: IncomingMessage, response: ServerResponse): void;
}

/** A connection that has not ended so long after the server was closed is cut. */
const lingerMs = 1_000;

/** A small HTTP server: exact paths, 404 for the rest. */
export interface HttpServer {
  listen(port: number): Promise<number>;
  /** Answers what has come in, and takes nothing more. */
  close(): Promise<void>;
}

export function createHttpServer(routes: readonly Route[]): HttpServer {
  const server: Server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    const route = routes.find((one) => one.path === path && one.method === request.method);
    if (route) route.handler(request, response);
    else response.writeHead(404).end();
  });
  return {
    listen: (port) =>
      new Promise((listening, failed) => {
        server.once('error', failed);
        server.listen(port, () => listening((server.address() as AddressInfo).port));
      }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), lingerMs).unref();
      }),
  };
}

/** The body, at most `limit` bytes; undefined when it is longer. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
