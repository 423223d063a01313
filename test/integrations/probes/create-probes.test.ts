import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket as Connection } from 'node:net';
import { createProbes } from '../../../src/integrations/probes/create-probes.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import { trustedCertificate } from '../../support/trusted-certificate.ts';

const never = new AbortController().signal;
const publicHost = 'stamps.example';

/** A region whose every request and connection the test decides, and a DNS server that does not answer the first questions. */
async function start({ deadlineMs = 5_000, lost = 0 } = {}) {
  const { key, cert } = trustedCertificate();
  const met = { connections: 0, questions: 0 };
  let onRequest: () => boolean = () => true;
  let onConnection: (connection: Connection) => void = () => undefined;
  const server: Server = createServer({ key, cert, keepAlive: false }, (_request, response) => {
    if (onRequest()) response.setHeader('connection', 'close').end();
  });
  server.on('connection', (connection: Connection) => {
    met.connections += 1;
    onConnection(connection);
  });
  const dns: Socket = createSocket('udp4', (question, { port, address }) => {
    met.questions += 1;
    if (met.questions <= lost) return;
    // The same, as an answer (RFC 1035, 4.1.1: QR, RD, RA) without a record.
    const answer = Buffer.from(question);
    answer.writeUInt16BE(0x8180, 2);
    dns.send(answer, port, address);
  });
  await Promise.all([
    new Promise<void>((ready) => server.listen(0, 'localhost', ready)),
    new Promise<void>((ready) => dns.bind(0, '127.0.0.1', ready)),
  ]);
  const url = `https://localhost:${(server.address() as AddressInfo).port}/eastus/health`;
  const region = { name: 'eastus', probeUrl: url };
  const dnsServers = [`127.0.0.1:${dns.address().port}`];
  const estate = { regions: [region], publicHost, dnsServers } as unknown as Parameters<
    typeof createProbes
  >[0]['estate'];
  return {
    url,
    met,
    probes: createProbes({ estate, clock: systemClock, deadlineMs }),
    /** Whether it is answered at all. */
    onRequest: (then: () => boolean) => (onRequest = then),
    onConnection: (then: (connection: Connection) => void) => (onConnection = then),
    async close() {
      server.closeAllConnections();
      await Promise.all([new Promise((done) => server.close(done)), new Promise<void>((done) => dns.close(done))]);
    },
  };
}

/** Nothing else runs in this process meanwhile. */
function occupy(ms: number): true {
  for (const until = performance.now() + ms; performance.now() < until; );
  return true;
}

describe('a probe', () => {
  let place: Awaited<ReturnType<typeof start>>;
  afterEach(() => place.close());

  it('hears an answer that came while the process had too much to do, and does not call that slow', async () => {
    const deadlineMs = 300;
    place = await start({ deadlineMs });
    await place.probes.call(place.url, never);
    place.onRequest(() => occupy(1.5 * deadlineMs));
    const { status, tookMs } = await place.probes.call(place.url, never);
    expect(status).toBe(200);
    expect(tookMs).toBeLessThanOrEqual(deadlineMs);
  });

  it('ends at its deadline where nothing answers', async () => {
    place = await start({ deadlineMs: 100, lost: 9 });
    place.onRequest(() => false);
    await expect(place.probes.call(place.url, never)).rejects.toMatchObject({ code: 'timeout', service: 'HTTP' });
    await expect(place.probes.leadsTo(publicHost, never)).rejects.toMatchObject({ code: 'timeout', service: 'DNS' });
  });

  it('is made once more when its connection breaks, and not again', async () => {
    place = await start();
    place.onConnection((connection) => place.met.connections === 1 && connection.destroy());
    expect(await place.probes.call(place.url, never)).toMatchObject({ status: 200 });
    expect(place.met.connections).toBe(2);
    place.onConnection((connection) => connection.destroy());
    await expect(place.probes.call(place.url, never)).rejects.toMatchObject({ code: 'unavailable' });
    expect(place.met.connections).toBe(4);
  });

  it('asks DNS again when a question is lost', async () => {
    place = await start({ deadlineMs: 1_000, lost: 1 });
    expect(await place.probes.leadsTo(publicHost, never)).toBe(publicHost);
    expect(place.met.questions).toBe(2);
  });
});
