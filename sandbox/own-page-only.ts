import type { IncomingMessage } from 'node:http';

/**
 * Why a request is not from our own page, or undefined when it may be. A web page elsewhere can make a browser send
 * requests to loopback: its own name in `Host` (DNS rebinding), its origin, or the browser's `Sec-Fetch-Site` give it
 * away. A body that isn't JSON could be sent by a plain form without asking, so it must be JSON.
 */
export function notFromOwnPage(request: Pick<IncomingMessage, 'method' | 'headers'>, port: number): string | undefined {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return 'The sandbox answers at http://127.0.0.1 only.';
  if (origin !== undefined && origin !== `http://${host}`) return 'The sandbox takes requests from its own page only.';
  const site = request.headers['sec-fetch-site'];
  const opensThePage = request.method === 'GET' && request.headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !opensThePage) {
    return 'The sandbox takes requests from its own page only.';
  }
  if (request.method === 'POST' && !/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    return 'Send JSON (content-type: application/json).';
  }
  return undefined;
}
