import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** An app has at most 10 connections (docs.slack.dev/apis/events-api/using-socket-mode). */
const mostConnections = 10;

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: object;
}

/**
 * Socket Mode: hello first, an envelope to any one connection, an acknowledgement by envelope id that may carry a payload,
 * and `disconnect` before a connection is renewed.
 */
export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #open: WebSocket[] = [];
  readonly #waiting = new Map<string, (payload: unknown) => void>();
  #serial = 0;

  get connected(): boolean {
    return this.#open.length > 0;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#open.length >= mostConnections) return void socket.destroy();
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#open.push(connection);
      connection.on('close', () => {
        const index = this.#open.indexOf(connection);
        if (index >= 0) this.#open.splice(index, 1);
      });
      connection.on('message', (data) => this.#acknowledged(String(data)));
      connection.send(
        JSON.stringify({
          type: 'hello',
          num_connections: this.#open.length,
          debug_info: { approximate_connection_time: 3_600 },
          connection_info: { app_id: 'A0STAMPS' },
        }),
      );
    });
  }

  /** Resolves with the acknowledgement's payload, undefined for none; rejects when none came in time. */
  deliver({ type, payload }: Envelope, withinMs: number): Promise<unknown> {
    this.#serial += 1;
    const id = `envelope-${this.#serial}`;
    const connection = this.#open[this.#serial % this.#open.length];
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error('operation_timeout'));
      }, withinMs);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      connection?.send(
        JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: type !== 'events_api' }),
      );
    });
  }

  /** Slack asks the app to connect anew: `warning` some seconds before, `refresh_requested` now. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void {
    for (const connection of this.#open)
      connection.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'sandbox' } }));
  }

  drop(): void {
    for (const connection of [...this.#open]) connection.terminate();
  }

  close(): void {
    this.drop();
    this.#server.close();
  }

  #acknowledged(data: string): void {
    const { envelope_id: id, payload } = JSON.parse(data) as { envelope_id?: string; payload?: unknown };
    if (id === undefined) return;
    this.#waiting.get(id)?.(payload);
    this.#waiting.delete(id);
  }
}
