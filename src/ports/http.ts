import type { IncomingMessage, ServerResponse } from 'node:http';

/** A path that is answered beside Slack's own, in Socket Mode too. Whatever goes wrong, the handler answers. */
export interface Route {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  handler(request: IncomingMessage, response: ServerResponse): void;
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
