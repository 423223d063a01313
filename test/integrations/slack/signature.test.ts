import { createHmac } from 'node:crypto';
import { isFromSlack } from '../../../src/integrations/slack/signature.ts';
import { fc } from '../../support/properties.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const now = 1_800_000_000_000;
const body = Buffer.from('command=%2Fstamps&text=status');

function signed(timestamp: string, raw: Buffer = body): Record<string, string> {
  const hash = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(raw).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hash}` };
}
const at = (seconds: number) => String(now / 1000 + seconds);

describe('isFromSlack', () => {
  it.each([0, -299, 299, -300, 300])('takes what Slack signed %i s away', (seconds) => {
    expect(isFromSlack(signed(at(seconds)), body, secret, now)).toBe(true);
  });

  it.each([-301, 301, -86_400, 3_600, 1e9])('refuses what was signed %i s away', (seconds) => {
    expect(isFromSlack(signed(at(seconds)), body, secret, now)).toBe(false);
  });

  const good = signed(at(0));
  it.each([
    ['no headers', {}],
    ['no signature', { 'x-slack-request-timestamp': at(0) }],
    ['no timestamp', { 'x-slack-signature': good['x-slack-signature'] }],
    ['junk behind the hash', { ...good, 'x-slack-signature': `${good['x-slack-signature']}=junk` }],
    ['another version', { ...good, 'x-slack-signature': (good['x-slack-signature'] as string).replace('v0', 'v1') }],
    [
      'upper-case hex',
      { ...good, 'x-slack-signature': `v0=${(good['x-slack-signature'] as string).slice(3).toUpperCase()}` },
    ],
    ['a hex timestamp', signed(`0x${(now / 1000).toString(16)}`)],
    ['an infinite timestamp', signed('Infinity')],
    ['a timestamp with an exponent', signed('1.8e9')],
    ['an empty timestamp', signed('')],
    [
      'two signatures',
      { ...good, 'x-slack-signature': [good['x-slack-signature'], good['x-slack-signature']] as never },
    ],
  ])('refuses %s', (_, headers) => {
    expect(isFromSlack(headers, body, secret, now)).toBe(false);
  });

  it('refuses any other body and any flipped bit of the signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(255), (other, bit) => {
        const raw = Buffer.from(other);
        fc.pre(!raw.equals(body));
        expect(isFromSlack(good, raw, secret, now)).toBe(false);
        const hash = Buffer.from((good['x-slack-signature'] as string).slice(3), 'hex');
        hash[bit >> 3] = (hash[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(isFromSlack({ ...good, 'x-slack-signature': `v0=${hash.toString('hex')}` }, body, secret, now)).toBe(
          false,
        );
      }),
    );
  });
});
