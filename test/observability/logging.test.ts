import { OpsError } from '../../src/errors.ts';
import { createLogger } from '../../src/observability/logging.ts';
import { Secret } from '../../src/secret.ts';
import { plantedSecrets } from '../support/planted-secrets.ts';

function collect(secrets: readonly Secret[] = [], level: 'info' | 'debug' = 'info') {
  const lines: string[] = [];
  const log = createLogger({
    level,
    executorId: 'blue-1',
    secrets,
    destination: { write: (line) => lines.push(line) },
  });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '') };
}

describe('createLogger', () => {
  it('writes a JSON line with time, level, replica, fields and message', () => {
    const { log, last } = collect();
    log.child({ run: 'r-17' }).info({ step: 'route-around-cell' }, 'step done');
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      executor: 'blue-1',
      run: 'r-17',
      step: 'route-around-cell',
      msg: 'step done',
    });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = collect();
    log.debug({}, 'detail');
    expect(lines).toEqual([]);
  });

  it('writes errors with message, code and cause', () => {
    const { log, last } = collect();
    log.error(
      { err: new OpsError('unavailable', 'Azure is away.', { cause: new Error('ECONNRESET') }) },
      'step failed',
    );
    expect(last().err).toMatchObject({
      message: 'Azure is away.',
      code: 'unavailable',
      cause: { message: 'ECONNRESET' },
    });
  });

  it('leaks none of 200 planted secrets, whichever way they come in', () => {
    const secrets = plantedSecrets(10);
    expect(secrets).toHaveLength(200);
    const { log, lines } = collect();
    for (const { text } of secrets) {
      log.info({}, text);
      log.info({ detail: text, nested: { list: [text], body: JSON.stringify({ text }) } }, 'a field');
      log.error({ err: new Error('outer', { cause: new OpsError('bad-response', text, { hint: text }) }) }, 'an error');
      log.child({ bound: text }).warn({}, 'a child');
    }
    const written = lines.join('');
    expect(lines).toHaveLength(800);
    expect(
      secrets.filter(({ secret }) => written.includes(secret) || written.includes(JSON.stringify(secret).slice(1, -1))),
    ).toEqual([]);
    expect(() => lines.map((line) => JSON.parse(line))).not.toThrow();
  });

  it('hides the configuration’s own secrets, which have no shape', () => {
    const { log, lines } = collect([new Secret('8f742231b10e8888abcd99yyyzzz85a5'), new Secret('with"quote')]);
    log.info({ at: '8f742231b10e8888abcd99yyyzzz85a5' }, 'signed with 8f742231b10e8888abcd99yyyzzz85a5 and with"quote');
    expect(lines.join('')).not.toMatch(/8f742231|with..?quote/);
  });
});
