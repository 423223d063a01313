import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { notFromOwnPage } from './own-page-only.ts';
import type { PageFile } from './page-bundle.ts';
import { PageEvents } from './page-events.ts';
import { breakOrMend, FaultRequest } from './page-faults.ts';
import { doWithHands, HandsRequest } from './page-hands.ts';
import { doInPager, PagerRequest } from './page-pager.ts';
import { pageState, type World } from './page-state.ts';

/** More than the longest text that Slack takes. */
const mostBodyBytes = 256 * 1024;

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The sandbox page on loopback: its files, `GET /api/state`, `GET /api/events` (server-sent), `GET /api/files/<id>`,
 * `POST /api/hands`, `POST /api/pager` and `POST /api/faults`. Rejects with EADDRINUSE when the port is taken; port 0 takes a free one.
 */
export async function startPageServer(
  world: World,
  files: ReadonlyMap<string, PageFile>,
  port: number,
): Promise<PageServer> {
  const events = new PageEvents(world);
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const refusal = notFromOwnPage(request, (server.address() as AddressInfo).port);
    if (refusal !== undefined) return json(response, 403, { error: refusal });
    answer(world, events, files, request, response).catch((error: unknown) => {
      if (!response.headersSent) json(response, statusOf(error), { error: wordsOf(error) });
    });
  });
  try {
    await listen(server, port);
  } catch (error) {
    events.close();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        events.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  world: World,
  events: PageEvents,
  files: ReadonlyMap<string, PageFile>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://page').pathname;
  switch (`${request.method} ${path}`) {
    case 'GET /api/state':
      return json(response, 200, pageState(world));
    case 'GET /api/events':
      return events.add(response);
    case 'POST /api/hands': {
      const delivery = await doWithHands(world.slack, HandsRequest.parse(await body(request)));
      events.changed();
      return json(response, 200, { delivery });
    }
    case 'POST /api/pager':
      doInPager(world.pager, PagerRequest.parse(await body(request)));
      events.changed();
      return json(response, 200, {});
    case 'POST /api/faults':
      await breakOrMend(world, FaultRequest.parse(await body(request)));
      events.changed();
      return json(response, 200, {});
  }
  const file = request.method === 'GET' ? files.get(path) : undefined;
  if (file) {
    response.writeHead(200, { 'content-type': file.type, 'cache-control': 'no-cache' });
    response.end(file.body);
    return;
  }
  if (request.method === 'GET' && path.startsWith('/api/files/')) return download(world, path, response);
  json(response, 404, { error: 'There is nothing at this address.' });
}

function download(world: World, path: string, response: ServerResponse): void {
  const file = world.slack.file(path.slice('/api/files/'.length));
  if (!file) {
    json(response, 404, { error: 'There is no such file.' });
    return;
  }
  const isPicture = file.type.startsWith('image/');
  response.writeHead(200, {
    'content-type': isPicture ? file.type : 'text/plain; charset=utf-8',
    'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
  response.end(file.bytes);
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new RangeError('That is too long.');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function statusOf(error: unknown): number {
  if (error instanceof RangeError) return 413;
  return error instanceof z.ZodError || error instanceof SyntaxError ? 400 : 422;
}

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
