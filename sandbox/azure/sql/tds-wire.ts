/** The bytes of TDS 7.4, as far as a client needs them that logs in with a token and asks one thing (MS-TDS 2.2). */

/** Types of packets (2.2.3.1.1). */
export const packet = { batch: 0x01, reply: 0x04, attention: 0x06, login: 0x10, prelogin: 0x12 } as const;
const headerLength = 8;
const longestPacket = 4096;
const endOfMessage = 0x01;

export interface Message {
  readonly type: number;
  readonly data: Buffer;
}

/** Puts messages together from packets, and these from whatever pieces came. */
export class MessageReader {
  #rest = Buffer.alloc(0);
  #parts: Buffer[] = [];

  read(chunk: Buffer): Message[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    while (this.#rest.length >= headerLength) {
      const length = this.#rest.readUInt16BE(2);
      if (length < headerLength) throw new Error('a packet is shorter than its own header');
      if (this.#rest.length < length) break;
      const [type = 0, status = 0] = this.#rest;
      this.#parts.push(this.#rest.subarray(headerLength, length));
      this.#rest = this.#rest.subarray(length);
      if ((status & endOfMessage) === 0) continue;
      messages.push({ type, data: Buffer.concat(this.#parts) });
      this.#parts = [];
    }
    return messages;
  }
}

/** A message as packets. */
export function packetsOf(type: number, data: Buffer): Buffer {
  const most = longestPacket - headerLength;
  const count = Math.max(1, Math.ceil(data.length / most));
  return Buffer.concat(
    Array.from({ length: count }, (_, at) => {
      const part = data.subarray(at * most, (at + 1) * most);
      const header = Buffer.alloc(headerLength);
      header.writeUInt8(type, 0);
      header.writeUInt8(at === count - 1 ? endOfMessage : 0, 1);
      header.writeUInt16BE(part.length + headerLength, 2);
      header.writeUInt8((at + 1) % 256, 6);
      return Buffer.concat([header, part]);
    }),
  );
}

/** The answer to PRELOGIN (2.2.6.5): a version, ENCRYPT_ON, and FEDAUTHREQUIRED. */
export function preloginReply(): Buffer {
  const options = [
    { token: 0x00, data: Buffer.from([12, 0, 0x07, 0xd0, 0, 0]) },
    { token: 0x01, data: Buffer.from([0x01]) },
    { token: 0x06, data: Buffer.from([0x01]) },
  ];
  let at = options.length * 5 + 1;
  const heads = options.map(({ token, data }) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(token, 0);
    head.writeUInt16BE(at, 1);
    head.writeUInt16BE(data.length, 3);
    at += data.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.from([0xff]), ...options.map(({ data }) => data)]);
}

/** Does a client that sent this PRELOGIN encrypt what follows (ENCRYPT_ON or ENCRYPT_REQ)? */
export function wantsEncryption(prelogin: Buffer): boolean {
  for (let at = 0; prelogin[at] !== undefined && prelogin[at] !== 0xff; at += 5) {
    if (prelogin[at] === 0x01) return [0x01, 0x03].includes(prelogin[prelogin.readUInt16BE(at + 1)] ?? 0);
  }
  return false;
}

/** What somebody logs in with. */
export interface Login {
  /** As the client calls the server that it speaks to. */
  readonly server: string;
  readonly database: string;
  /** A federated token; absent: another way of logging in. */
  readonly token?: string;
}

/** LOGIN7 (2.2.6.4), with the feature FEDAUTH and its security token, echoed as PRELOGIN asked. */
export function parseLogin(data: Buffer): Login {
  const text = (at: number) => {
    const from = data.readUInt16LE(at);
    return data.toString('utf16le', from, from + data.readUInt16LE(at + 2) * 2);
  };
  const token = tokenIn(data);
  return { server: text(52), database: text(68), ...(token !== undefined && { token }) };
}

function tokenIn(data: Buffer): string | undefined {
  const extended = (data.readUInt8(27) & 0x10) !== 0;
  if (!extended) return undefined;
  let at = data.readUInt32LE(data.readUInt16LE(56));
  while (data.readUInt8(at) !== 0xff) {
    const length = data.readUInt32LE(at + 1);
    const [library = 0] = data.subarray(at + 5);
    // bFedAuthLibrary 0x01 is a security token; the lowest bit is the echo.
    if (data.readUInt8(at) === 0x02 && library === 0x03)
      return data.toString('utf16le', at + 10, at + 10 + data.readUInt32LE(at + 6));
    at += 5 + length;
  }
  return undefined;
}

/** The text of an SQL batch (2.2.6.7), after its headers. */
export function batchText(data: Buffer): string {
  return data.toString('utf16le', data.readUInt32LE(0));
}

function uint(bytes: 1 | 2 | 4 | 8, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, Math.min(bytes, 6));
  return buffer;
}

/** Text with its length in characters before it, in one byte or two. */
function varchar(lengthBytes: 1 | 2, text: string): Buffer {
  return Buffer.concat([uint(lengthBytes, text.length), Buffer.from(text, 'utf16le')]);
}

function token(kind: number, ...parts: Buffer[]): Buffer {
  const data = Buffer.concat(parts);
  return Buffer.concat([uint(1, kind), uint(2, data.length), data]);
}

/** LOGINACK (2.2.7.14) for TDS 7.4, and FEATUREEXTACK (2.2.7.11) for FEDAUTH, without data as with security tokens. */
export function loggedIn(): Buffer {
  const version = Buffer.from([0x74, 0, 0, 0x04]);
  const ack = token(0xad, uint(1, 1), version, varchar(1, 'Microsoft SQL Server'), Buffer.from([12, 0, 0x07, 0xd0]));
  return Buffer.concat([ack, uint(1, 0xae), uint(1, 0x02), uint(4, 0), uint(1, 0xff)]);
}

/** ENVCHANGE of type 20, Routing (2.2.7.9): the client shall go there. */
export function routedTo({ host, port }: { readonly host: string; readonly port: number }): Buffer {
  const target = Buffer.concat([uint(1, 0), uint(2, port), varchar(2, host)]);
  return token(0xe3, uint(1, 20), uint(2, target.length), target, uint(2, 0));
}

export interface SqlError {
  readonly number: number;
  /** Its severity. */
  readonly level: number;
  readonly message: string;
}

/** ERROR (2.2.7.10). */
export function refused({ number, level, message }: SqlError): Buffer {
  return token(
    0xaa,
    uint(4, number),
    uint(1, 1),
    uint(1, level),
    varchar(2, message),
    uint(1, 0),
    uint(1, 0),
    uint(4, 1),
  );
}

/** DONE (2.2.7.6); `rows`: how many came before. `attention`: what was asked is given up, as the client wanted. */
export function done({
  failed = false,
  attention = false,
  rows,
}: {
  readonly failed?: boolean;
  readonly attention?: boolean;
  readonly rows?: number;
} = {}): Buffer {
  const status = (failed ? 0x02 : 0) | (rows === undefined ? 0 : 0x10) | (attention ? 0x20 : 0);
  return Buffer.concat([uint(1, 0xfd), uint(2, status), uint(2, 0), uint(8, rows ?? 0)]);
}

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: 'int' | 'bigint' | 'sysname' }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** COLMETADATA (2.2.7.4) and ROWs (2.2.7.19): INTN of four or eight bytes, NVARCHAR(128). */
export function tableOf({ columns, rows }: Table): Buffer {
  const collation = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);
  const heads = columns.map(({ name, type }) => {
    const info =
      type === 'sysname' ? [uint(1, 0xe7), uint(2, 256), collation] : [uint(1, 0x26), uint(1, bytesOf(type))];
    return Buffer.concat([uint(4, 0), uint(2, 0x01), ...info, varchar(1, name)]);
  });
  const cells = rows.map((row) =>
    Buffer.concat([uint(1, 0xd1), ...row.map((value, at) => cell(columns[at]?.type ?? 'int', value))]),
  );
  return Buffer.concat([uint(1, 0x81), uint(2, columns.length), ...heads, ...cells]);
}

type ColumnType = Table['columns'][number]['type'];

function bytesOf(type: ColumnType): 4 | 8 {
  return type === 'bigint' ? 8 : 4;
}

function cell(type: ColumnType, value: string | number | null): Buffer {
  if (type !== 'sysname')
    return value === null ? uint(1, 0) : Buffer.concat([uint(1, bytesOf(type)), uint(bytesOf(type), Number(value))]);
  if (value === null) return uint(2, 0xffff);
  const text = Buffer.from(String(value), 'utf16le');
  return Buffer.concat([uint(2, text.length), text]);
}
