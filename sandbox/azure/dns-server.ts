/**
 * DNS over UDP, as far as Traffic Manager's name is asked for (RFC 1035): the name has a CNAME to the target of the
 * endpoint that is answered, with the profile's time to live; a target has no further CNAME, only an address. Every
 * answer is Traffic Manager's own of this moment: there is no cache in between. A profile that is switched off as a
 * whole answers NXDOMAIN (traffic-profile.ts).
 */
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { fraction } from './demand.ts';
import type { Estate } from './estate.ts';
import { isOnline } from './traffic.ts';

const types = { a: 1, cname: 5 } as const;
const answerFlags = 0x8400;
const noSuchName = 3;
/** From the block of addresses kept for documentation (RFC 5737): nobody answers there. */
const address = Buffer.from([192, 0, 2, 20]);

export interface DnsServer {
  /** `127.0.0.1:5353`. */
  readonly address: string;
  close(): Promise<void>;
}

export async function startDnsServer(estate: Estate): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const answer = answerOf(question, estate);
    if (answer) socket.send(answer, from.port, from.address);
  });
  await new Promise<void>((listening, failed) => {
    socket.once('error', failed);
    socket.bind(0, '127.0.0.1', listening);
  });
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
}

function answerOf(message: Buffer, estate: Estate): Buffer | undefined {
  const question = questionOf(message);
  if (!question) return undefined;
  const { name, type, end } = question;
  const { profile } = estate;
  const records: Buffer[] = [];
  const known =
    (name === profile.fqdn && profile.status === 'Enabled') || profile.endpoints.some(({ target }) => target === name);
  if (name === profile.fqdn) {
    const target = answeredTarget(estate);
    if (target !== undefined) records.push(record(name, types.cname, profile.ttlSeconds, encoded(target)));
  } else if (known && type === types.a) records.push(record(name, types.a, 60, address));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(message.readUInt16BE(0), 0);
  head.writeUInt16BE(answerFlags | (known ? 0 : noSuchName), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, message.subarray(12, end), ...records]);
}

/** Who asks is at home where the first region is. */
function answeredTarget(estate: Estate): string | undefined {
  const { profile, regions } = estate;
  const now = estate.now();
  const answers = profile.answers(regions[0]?.name ?? '', (region) => isOnline(estate, region, now));
  let left = fraction(String(now));
  const region = [...answers].find(([, share]) => {
    left -= share;
    return left < 0;
  })?.[0];
  return profile.endpoints.find((endpoint) => endpoint.region === (region ?? [...answers.keys()].at(-1)))?.target;
}

function questionOf(message: Buffer): { name: string; type: number; end: number } | undefined {
  if (message.length < 17 || message.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    if (length > 63 || at + length + 5 > message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function record(name: string, type: number, ttlSeconds: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttlSeconds, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encoded(name), fixed, data]);
}

function encoded(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([...labels, Buffer.from([0])]);
}
