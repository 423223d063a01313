import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpsError } from '../errors.ts';

/** A path that is answered beside Slack's own, in Socket Mode too. Whatever goes wrong, the handler answers. */
export interface Route {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  handler(request: IncomingMessage, response: ServerResponse): void;
}

/** The body, at most `limit` bytes; undefined when it is longer. Rejects with `unavailable` when the sender goes away. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else resolve(undefined);
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => {
      if (!request.complete) reject(new OpsError('unavailable', 'The sender went away.'));
    });
  });
}
