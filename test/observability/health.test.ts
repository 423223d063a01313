import { alive, readiness } from '../../src/observability/health.ts';

const there = async () => {};
const never = () => new Promise<void>(() => {});

describe('readiness', () => {
  it('is ready when every probe answers', async () => {
    expect(await readiness({ database: there, slack: there })).toEqual({
      status: 200,
      body: { ok: true, checks: { database: 'ok', slack: 'ok' } },
    });
  });

  it('says which one is away and why', async () => {
    const slack = async () => {
      throw new Error('Slack does not answer.');
    };
    expect(await readiness({ database: there, slack })).toEqual({
      status: 503,
      body: { ok: false, checks: { database: 'ok', slack: 'Slack does not answer.' } },
    });
  });

  it('does not wait longer than its deadline, and tells the probe to stop', async () => {
    const told: AbortSignal[] = [];
    const answer = await readiness({ slack: (signal) => (told.push(signal) ? never() : there()) }, 20);
    expect(answer).toMatchObject({ status: 503, body: { checks: { slack: 'There was no answer within 20 ms.' } } });
    expect(told.map((signal) => signal.aborted)).toEqual([true]);
  });

  it('prints no password of a database that is away', async () => {
    const database = async () => {
      throw new Error('cannot reach postgres://stamps:hunter2@db/stamps');
    };
    expect(JSON.stringify(await readiness({ database }))).not.toContain('hunter2');
  });
});

describe('alive', () => {
  it('asks nobody', () => {
    expect(alive().status).toBe(200);
  });
});
