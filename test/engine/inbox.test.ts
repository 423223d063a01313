import type { Database } from '../../src/engine/database.ts';
import { createInbox } from '../../src/engine/inbox.ts';
import type { Incoming, IncomingCommand } from '../../src/ports/incoming.ts';
import { quiet } from '../support/engine-harness.ts';
import { newDatabase } from '../support/test-database.ts';

const command = (key: string, text = 'status'): IncomingCommand => ({
  type: 'command',
  key,
  personId: 'U0ANA',
  teamId: 'T0',
  channel: 'C0',
  text,
  responseUrl: 'https://hooks.slack.com/x',
  triggerId: key,
});

describe('the inbox', () => {
  let database: Database;
  const handled: Incoming[] = [];
  const left: [Incoming, string][] = [];
  let fault: Error | undefined;
  const open = () =>
    createInbox(
      database,
      {
        fieldErrors: (incoming) => (incoming.type === 'submission' ? { reason: 'Give a reason.' } : undefined),
        handle: async (incoming) => {
          if (fault) throw fault;
          handled.push(incoming);
        },
        leave: async (incoming, why) => void left.push([incoming, why]),
      },
      quiet,
    );

  beforeEach(async () => {
    database = await newDatabase();
    handled.length = 0;
    left.length = 0;
    fault = undefined;
  });
  afterEach(() => database.close());

  it('takes a repeated delivery once, over replicas', async () => {
    const [one, two] = [open(), open()];
    await Promise.all(Array.from({ length: 200 }, (_, n) => (n % 2 ? one : two).accept(command('trigger'))));
    await Promise.all([one.idle(), two.idle()]);
    expect(handled).toHaveLength(1);
  });

  it('works on what a dead process left, once its claim has run out', async () => {
    fault = new Error('killed in the middle');
    const dead = open();
    await dead.accept(command('left'));
    await dead.idle();
    fault = undefined;
    const next = open();
    await next.sweep();
    await next.idle();
    expect(handled).toEqual([]);
    await database.query(`update stamps.inbox set claimed_until = now() - interval '1 second'`);
    await next.sweep();
    await next.idle();
    await next.sweep();
    expect(handled).toEqual([command('left')]);
  });

  it('does not act on what lay too long, and says so', async () => {
    fault = new Error('killed in the middle');
    const inbox = open();
    await inbox.accept(command('old'));
    await inbox.idle();
    fault = undefined;
    await database.query(
      `update stamps.inbox set claimed_until = now() - interval '1 second', received_at = now() - interval '6 minutes'`,
    );
    await inbox.sweep();
    await inbox.idle();
    expect([handled, left]).toEqual([[], [[command('old'), 'too late']]]);
  });

  it('gives up after five tries, says so, and tries no more', async () => {
    fault = new Error('it fails each time');
    const inbox = open();
    await inbox.accept(command('hopeless'));
    await inbox.idle();
    for (let sweep = 0; sweep < 7; sweep += 1) {
      await database.query(`update stamps.inbox set claimed_until = now() - interval '1 second'`);
      await inbox.sweep();
      await inbox.idle();
      if (sweep === 3) expect(left).toEqual([]);
    }
    expect([handled, left]).toEqual([[], [[command('hopeless'), 'too many tries']]]);
  });

  it('gives faults of a form back and stores nothing', async () => {
    const answer = await open().accept({
      type: 'submission',
      key: 'v',
      personId: 'U0ANA',
      teamId: 'T0',
      callbackId: 'isolate',
      values: {},
      privateMetadata: '',
    });
    expect(answer).toEqual({ errors: { reason: 'Give a reason.' } });
    expect(await database.query('select 1 from stamps.inbox')).toEqual([]);
  });

  it('stores NUL bytes and half surrogates without a stumble', async () => {
    const inbox = open();
    await inbox.accept(command('odd', 'isolate \0 \ud800 \\u0000 “x”'));
    await inbox.idle();
    expect(handled).toHaveLength(1);
  });

  it('refuses when the database is away, so that nobody is told it was taken', async () => {
    const inbox = open();
    await database.query('drop table stamps.inbox');
    await expect(inbox.accept(command('gone'))).rejects.toThrow();
    database = await newDatabase();
  });
});
