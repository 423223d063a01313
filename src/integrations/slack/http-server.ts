import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Route } from '../../ports/http.ts';

/** Longer than senders and proxies keep an idle connection: who sends just when it is closed gets a reset for an answer. */
const keepAliveTimeout = 75_000;
/** A connection that has not ended so long after the server was closed is cut. */
const lingerMs = 1_000;

/** A small HTTP server: exact paths, 404 for the rest. */
export interface HttpServer {
  listen(port: number): Promise<number>;
  /** Answers what has come in, and takes nothing more. */
  close(): Promise<void>;
}

export function createHttpServer(routes: readonly Route[]): HttpServer {
  const server: Server = createServer({ requestTimeout: 10_000, keepAliveTimeout }, (request, response) => {
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
