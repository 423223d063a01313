import { createServer, type Server, type Socket } from 'node:net';
import { createCertificate } from '../../../sandbox/azure/certificate.ts';
import { type LoginAnswer, startTdsServer, type TdsServer } from '../../../sandbox/azure/sql/tds-server.ts';
import { packet, packetsOf, preloginReply, type Table } from '../../../sandbox/azure/sql/tds-wire.ts';
import { findCell } from '../../../src/domain/estate.ts';
import { parseEstate } from '../../../src/domain/estate-file.ts';
import { createAzure } from '../../../src/integrations/azure/create-azure.ts';
import { sqlCopyOf } from '../../../src/playbooks/recovery-parts.ts';
import type { AzurePorts } from '../../../src/ports/azure.ts';
import { systemClock } from '../../../src/ports/clock.ts';
import { type RunningAzure, startRunningAzure, tokenFor } from '../../support/running-azure.ts';
import { trustedCertificate } from '../../support/trusted-certificate.ts';

const never = new AbortController().signal;
const options = { signal: never, runId: 'r-1' };
const fails = (): never => {
  throw new Error('the server ends it');
};

/** MSAL keeps to the first emulator of a process: here each test has its own. */
const credentialAt = (azure: RunningAzure) => ({
  getToken: async (scope: string | string[]) => ({
    token: await tokenFor(azure, String(scope).replace('/.default', '')),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
});

describe('rows of SQL, over the emulator', () => {
  let azure: RunningAzure;
  let ports: AzurePorts;
  let now: number;
  const estate = () => parseEstate(azure.estateFile);
  const banking = () => findCell(estate(), 'cell-banking');
  const rows = (id = banking().sqlDatabaseId) => ports.recovery.sqlRows(id, never);

  beforeEach(async () => {
    now = Date.now();
    azure = await startRunningAzure({ now: () => now });
    const { armUrl } = azure;
    ports = createAzure({ estate: estate(), armUrl, credential: credentialAt(azure), clock: systemClock });
  });
  afterEach(() => azure.close());

  async function copied(minutesAgo: number): Promise<string> {
    const at = new Date(Math.floor(now / 1000) * 1000 - minutesAgo * 60_000).toISOString();
    const { resource } = sqlCopyOf(banking(), at);
    const { sqlCopies } = ports.recovery;
    const { operation } = await sqlCopies.write(resource, { from: banking().sqlDatabaseId, at }, options);
    now += 1_000;
    expect(await sqlCopies.poll?.(operation ?? '', never)).toMatchObject({ state: 'succeeded' });
    return resource.id;
  }

  it('counts each table of original and copy by the catalog, over TLS and a redirect', async () => {
    azure.faults.loseData('cell-banking');
    const [copy, original] = await Promise.all([rows(await copied(60)), rows()]);
    expect(copy.map(({ schema, name }) => `${schema}.${name}`)).toEqual([
      'dbo.accounts',
      'dbo.payments',
      'dbo.statements',
    ]);
    expect(copy.every(({ rows }) => (rows ?? 0) > 10_000)).toBe(true);
    expect(original[0]).toEqual({ schema: 'dbo', name: 'accounts', rows: 0 });
    expect(original[1]?.rows).toBeLessThan(copy[1]?.rows ?? 0);
  });

  it.each([
    ['none', /^sql-cell-banking does not let Stamps in \(error 18456\)\.$/],
    ['connects', /^Stamps may connect to sql-cell-banking, but not see all of its tables\.$/],
  ] as const)('says what to grant when its user is: %s', async (user, says) => {
    azure.faults.sqlUser('cell-banking', user);
    await expect(rows()).rejects.toMatchObject({
      code: 'not-allowed',
      message: expect.stringMatching(says),
      hint: 'As the server’s Microsoft Entra admin, run there `CREATE USER [stamps-bot] FROM EXTERNAL PROVIDER;` unless there is one, and `GRANT VIEW DEFINITION TO [stamps-bot];`, which shows no data. A copy has the users that its original had at its moment: who was let in later must be let into the copy as well.',
    });
  });

  it('a copy has the users of its moment, whoever was let in since', async () => {
    azure.faults.sqlUser('cell-banking', 'none');
    now += 2 * 60 * 60_000;
    azure.faults.sqlUser('cell-banking', 'all');
    const copy = await copied(60);
    await expect(rows(copy)).rejects.toMatchObject({ code: 'not-allowed' });
    expect(await rows()).toHaveLength(3);
  });

  it('says which network to let in when the firewall keeps it out', async () => {
    azure.faults.sqlFirewall('eastus', false);
    await expect(rows()).rejects.toMatchObject({
      code: 'not-allowed',
      message: 'The network of sql-stamps-eastus does not let Stamps in (error 40615).',
      hint: expect.stringMatching(/private endpoint.*1433.*11000 to 11999/),
    });
  });

  it.each([
    ['is away with its region', () => azure.faults.failRegion('eastus'), 'unavailable', /error 40613/],
    ['is not there', () => undefined, 'not-allowed', /error 4060/],
  ])('tells a database that %s', async (why, spoil, code, message) => {
    spoil();
    const id = `${banking().sqlDatabaseId}${why === 'is not there' ? '-gone' : ''}`;
    await expect(rows(id)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('rows of SQL, where the server does not do as it should', () => {
  let azure: RunningAzure;
  let id: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    azure = await startRunningAzure();
    id = findCell(parseEstate(azure.estateFile), 'cell-banking').sqlDatabaseId;
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await azure.close();
  });

  /** The port, with ARM naming that host and port for every server. */
  function portAt(address: string, deadlineMs = 5_000, signal: AbortSignal = never) {
    const estate = parseEstate(azure.estateFile);
    const ports = createAzure({
      ...{ estate, armUrl: azure.armUrl, credential: credentialAt(azure), clock: systemClock, deadlineMs },
    });
    azure.sqlAddresses.set('eastus', address);
    return ports.recovery.sqlRows(id, signal);
  }
  async function served(answer: LoginAnswer): Promise<string> {
    const server: TdsServer = await startTdsServer(trustedCertificate(), () => answer);
    closing.push(() => server.close());
    return `127.0.0.1,${server.port}`;
  }
  async function listening(hear: (socket: Socket) => void): Promise<string> {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      hear(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `127.0.0.1,${(server.address() as { port: number }).port}`;
  }
  const nonsense = packetsOf(packet.reply, Buffer.alloc(32, 0x77));
  const columns: Table['columns'] = [
    { name: 'views', type: 'int' },
    { name: 'schema', type: 'sysname' },
    { name: 'table', type: 'sysname' },
    { name: 'rows', type: 'bigint' },
  ];
  const tells = (rows: Table['rows']) => ({
    session: (statement: string) => (statement.startsWith('set') ? ('done' as const) : { columns, rows }),
  });

  it('keeps a count that the catalog does not tell apart from none, and names as they are', async () => {
    const address = await served(
      tells([
        [1, 'dbo', 'a table.*_<!channel>', 12_345_678_901],
        [1, 'sales', 'memory', null],
        [1, 'sales', 'none', 0],
      ]),
    );
    expect(await portAt(address)).toEqual([
      { schema: 'dbo', name: 'a table.*_<!channel>', rows: 12_345_678_901 },
      { schema: 'sales', name: 'memory' },
      { schema: 'sales', name: 'none', rows: 0 },
    ]);
  });

  it('a database without tables has none, and one with too many is for people', async () => {
    expect(await portAt(await served(tells([[1, null, null, null]])))).toEqual([]);
    const many = Array.from({ length: 10_001 }, (_, at) => [1, 'dbo', `t${at}`, 1] as const);
    await expect(portAt(await served(tells(many)))).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('more than 10,000 tables'),
    });
  });

  it.each([
    [18456, 'not-allowed', 'CREATE USER'],
    [916, 'not-allowed', 'CREATE USER'],
    [40914, 'not-allowed', 'private endpoint'],
    [47073, 'not-allowed', 'private endpoint'],
    [40197, 'unavailable', 'docs/runbooks/recover-cell.md'],
    [40501, 'unavailable', 'docs/runbooks/recover-cell.md'],
    [99999, 'bad-response', 'docs/runbooks/recover-cell.md'],
  ])('error %d at login is %s, and says what to do', async (number, code, hint) => {
    const address = await served({ error: { number, level: 14, message: 'No <!channel>.' } });
    const thrown = portAt(address);
    await expect(thrown).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    await expect(thrown).rejects.not.toThrow(/channel/);
  });

  it('error of the statement is told by its number', async () => {
    const error = { number: 40613, level: 17, message: 'x' };
    const address = await served({ session: (text) => (text.startsWith('set') ? 'done' : { error }) });
    await expect(portAt(address)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/40613/),
    });
  });

  it('gives up a server that never answers, within the deadline', async () => {
    const address = await listening(() => undefined);
    await expect(portAt(address, 2_000)).rejects.toMatchObject({
      code: 'timeout',
      message: 'sql-stamps-eastus did not answer in time.',
      hint: expect.stringContaining('1433'),
    });
  });

  it('gives up a statement that is never answered, within the deadline', async () => {
    const address = await served({ session: (text) => (text.startsWith('set') ? 'done' : 'waits') });
    await expect(portAt(address, 4_000)).rejects.toMatchObject({
      code: 'timeout',
      message: 'sql-cell-banking did not count its rows in time.',
      hint: expect.stringContaining('docs/runbooks/recover-cell.md'),
    });
  });

  it.each([
    ['before it is secure', () => listening((socket) => socket.once('data', () => socket.destroy()))],
    ['before it answers', () => served({ session: fails })],
    // More than its columns: what follows is no token.
    ['for nonsense in an answer', () => served(tells([[1, 'dbo', 'a', 1, 4]]))],
    ['for nonsense before the login', () => listening((socket) => socket.once('data', () => socket.write(nonsense)))],
  ])('a connection that is cut %s is told as one that could not be had', async (_, start) => {
    await expect(portAt(await start())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/could not reach sql-cell-banking on sql-stamps-eastus/),
      hint: expect.stringContaining('1433'),
    });
  });

  it('tells nobody its token who shows a certificate that is not trusted', async () => {
    const logIn = jest.fn();
    const server = await startTdsServer(await createCertificate(), logIn);
    closing.push(() => server.close());
    await expect(portAt(`127.0.0.1,${server.port}`)).rejects.toMatchObject({ code: 'unavailable' });
    expect(logIn).not.toHaveBeenCalled();
  });

  it('does not go on without encryption', async () => {
    let sent = '';
    const reply = preloginReply();
    // ENCRYPT_NOT_SUP, at the place that the second option names.
    reply.writeUInt8(0x02, reply.readUInt16BE(6));
    const address = await listening((socket) => {
      socket.on('data', (chunk) => {
        sent += chunk.toString('latin1');
        socket.write(packetsOf(packet.reply, reply));
      });
    });
    await expect(portAt(address)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('did not negotiate'),
    });
    expect(sent).not.toContain('\0e\0y\0J');
  });

  it('sends no token to a host that is not SQL’s', async () => {
    await expect(portAt('evil.example')).rejects.toMatchObject({
      code: 'bad-response',
      message: expect.stringContaining('not SQL’s'),
    });
  });

  it('ends with its caller’s reason', async () => {
    const stop = new AbortController();
    const reason = new Error('stopping');
    const address = await listening(() => stop.abort(reason));
    await expect(portAt(address, 5_000, stop.signal)).rejects.toBe(reason);
  });
});
