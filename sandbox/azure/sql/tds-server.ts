/**
 * A server of TDS 7.4, for clients that log in with a token. Rules kept, after MS-TDS (learn.microsoft.com, “[MS-TDS]:
 * Tabular Data Stream Protocol”, 2.2.6.5 and 3.3.5): the first message is PRELOGIN, else the connection is closed; who
 * does not encrypt is let go, as Azure SQL enforces it; the TLS handshake travels in PRELOGIN packets, TLS 1.2 at most,
 * and what follows is TLS itself; LOGIN7, then one batch after the other. A refused login ends the connection.
 */
import { createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../certificate.ts';
import {
  batchText,
  done,
  type Login,
  loggedIn,
  type Message,
  MessageReader,
  packet,
  packetsOf,
  parseLogin,
  preloginReply,
  refused,
  routedTo,
  type SqlError,
  type Table,
  tableOf,
  wantsEncryption,
} from './tds-wire.ts';

/** `route`: the client shall go there. `session`: it is in, and asks. */
export type LoginAnswer =
  | { readonly error: SqlError }
  | { readonly route: { readonly host: string; readonly port: number } }
  | { readonly session: Session };

/** `waits`: the answer does not come. */
export type SqlAnswer = { readonly error: SqlError } | Table | 'done' | 'waits';
export type Session = (statement: string) => SqlAnswer;

export interface TdsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on a free loopback port. `logIn` gets that port as well. */
export async function startTdsServer(
  certificate: Certificate,
  logIn: (login: Login, port: number) => LoginAnswer,
): Promise<TdsServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, certificate, (login) => logIn(login, port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const port = (server.address() as { port: number }).port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function serve(socket: Socket, { cert, key }: Certificate, logIn: (login: Login) => LoginAnswer): void {
  const reader = new MessageReader();
  let wire: Duplex | undefined;
  let handshaken = false;

  socket.on('data', (chunk) => {
    try {
      // A packet of the handshake begins with its type; a record of TLS never with that byte.
      handshaken ||= wire !== undefined && chunk[0] !== packet.prelogin;
      if (handshaken) return void wire?.push(chunk);
      for (const { type, data } of reader.read(chunk)) {
        if (type !== packet.prelogin) throw new Error('not a PRELOGIN');
        if (wire) wire.push(data);
        else if (wantsEncryption(data)) wire = begin();
        else throw new Error('not encrypted');
      }
    } catch {
      socket.destroy();
    }
  });
  socket.once('end', () => wire?.push(null));

  function begin(): Duplex {
    socket.write(packetsOf(packet.reply, preloginReply()));
    const send = (bytes: Buffer, sent: () => void) => {
      socket.write(handshaken ? bytes : packetsOf(packet.prelogin, bytes));
      sent();
    };
    const duplex = new Duplex({
      read: () => undefined,
      write: (bytes: Buffer, _encoding, sent) => send(bytes, sent),
      writev: (pieces, sent) => send(Buffer.concat(pieces.map(({ chunk }) => chunk as Buffer)), sent),
      final: (ended) => void socket.end(ended),
    });
    const secure = new TLSSocket(duplex, { isServer: true, cert, key, maxVersion: 'TLSv1.2' });
    secure.on('error', () => socket.destroy());
    secure.on('close', () => socket.destroySoon());
    converse(secure, logIn);
    return duplex;
  }
}

function converse(secure: TLSSocket, logIn: (login: Login) => LoginAnswer): void {
  const reader = new MessageReader();
  let session: Session | undefined;
  const say = (...tokens: Buffer[]) => secure.write(packetsOf(packet.reply, Buffer.concat(tokens)));

  function hear({ type, data }: Message): void {
    if (type === packet.login) {
      const answer = logIn(parseLogin(data));
      if ('error' in answer) {
        say(refused(answer.error), done({ failed: true }));
        secure.end();
      } else if ('route' in answer) say(loggedIn(), routedTo(answer.route), done());
      else {
        session = answer.session;
        say(loggedIn(), done());
      }
    } else if (type === packet.batch && session) {
      const answer = session(batchText(data));
      if (answer === 'waits') return;
      if (answer === 'done') say(done());
      else if ('error' in answer) say(refused(answer.error), done({ failed: true }));
      else say(tableOf(answer), done({ rows: answer.rows.length }));
    } else if (type === packet.attention) say(done({ attention: true }));
    else secure.destroy();
  }

  secure.on('data', (chunk) => {
    try {
      for (const message of reader.read(chunk)) hear(message);
    } catch {
      secure.destroy();
    }
  });
}
